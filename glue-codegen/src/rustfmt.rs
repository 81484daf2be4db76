//! The layout that `cargo fmt` asks for, by the rustfmt of this machine.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use crate::cores::on_every_core;

/// How many files one process formats: starting one costs as much as formatting some of these.
const BATCH: usize = 64;

/// Formats texts of Rust files as rustfmt's configuration of the workspace in `root` says.
///
/// # Errors
/// There is no rustfmt, or a text is not Rust.
pub fn format(root: &Path, texts: Vec<&mut String>) -> io::Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    // rustfmt follows `mod name;` to the file beside it, except from standard input.
    let (roots, leaves): (Vec<_>, Vec<_>) = texts.into_iter().partition(|text| has_modules(text));
    let rustfmt = Rustfmt { config: config(root) };
    let mut batches: Vec<Vec<&mut String>> = roots.into_iter().map(|text| vec![text]).collect();
    let mut leaves = leaves.into_iter().peekable();
    while leaves.peek().is_some() {
        batches.push(leaves.by_ref().take(BATCH).collect());
    }
    on_every_core(batches, |mut batch| match batch.as_mut_slice() {
        [text] => rustfmt.format(text),
        batch => rustfmt.format_all(batch),
    })
    .into_iter()
    .collect()
}

fn has_modules(text: &str) -> bool {
    text.lines().any(|line| line.ends_with(';') && line.split(' ').any(|word| word == "mod"))
}

/// Where rustfmt finds its configuration for files in `root`: there or in a folder above.
fn config(root: &Path) -> Option<PathBuf> {
    let root = fs::canonicalize(root).ok()?;
    let named = |folder: &Path| {
        [".rustfmt.toml", "rustfmt.toml"].map(|name| folder.join(name)).into_iter().find(|file| file.is_file())
    };
    root.ancestors().find_map(named)
}

struct Rustfmt {
    config: Option<PathBuf>,
}

impl Rustfmt {
    fn command(&self) -> Command {
        let mut command = Command::new(env::var_os("RUSTFMT").as_deref().unwrap_or(OsStr::new("rustfmt")));
        command.args(["--edition", "2024"]).stderr(Stdio::piped());
        if let Some(config) = &self.config {
            command.arg("--config-path").arg(config);
        }
        command
    }

    /// Through standard input.
    fn format(&self, text: &mut String) -> io::Result<()> {
        let mut child = self.command().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(not_installed)?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        let output = succeeded(child.wait_with_output()?)?;
        *text = String::from_utf8(output.stdout).map_err(io::Error::other)?;
        Ok(())
    }

    /// As files of a folder, in one process.
    fn format_all(&self, texts: &mut [&mut String]) -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let files: Vec<PathBuf> = (0..texts.len()).map(|number| folder.path().join(format!("{number}.rs"))).collect();
        for (file, text) in files.iter().zip(&*texts) {
            fs::write(file, text.as_bytes())?;
        }
        succeeded(self.command().args(&files).output().map_err(not_installed)?)?;
        for (file, text) in files.iter().zip(texts) {
            **text = fs::read_to_string(file)?;
        }
        Ok(())
    }
}

fn not_installed(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("rustfmt does not start ({error}): `rustup component add rustfmt`"))
}

fn succeeded(output: Output) -> io::Result<Output> {
    if output.status.success() {
        return Ok(output);
    }
    Err(io::Error::other(format!("rustfmt: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
