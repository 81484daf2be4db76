//! The definitions of another revision, as git keeps them.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes `glue.toml` and every definition of a revision under `folder`, at the places that they have below `root`.
///
/// # Errors
/// A sentence: there is no such revision, no git, or the disk says no.
pub fn extract(root: &Path, revision: &str, folder: &Path) -> Result<(), String> {
    let listed = listed(root, revision)?;
    let wanted: Vec<&str> = listed.split('\0').filter(|path| is_read(path)).collect();
    copy(root, revision, &wanted, folder).map_err(|error| format!("the definitions of `{revision}`: {error}"))
}

/// Writes the documents of a revision under `folder`.
///
/// # Errors
/// A sentence: there is no such revision, no git, or the disk says no.
pub fn documents(root: &Path, revision: &str, folder: &Path) -> Result<(), String> {
    let listed = listed(root, revision)?;
    let is_document = |path: &&str| path.starts_with("openapi/") && path.ends_with(".json");
    let wanted: Vec<&str> = listed.split('\0').filter(is_document).collect();
    copy(root, revision, &wanted, folder).map_err(|error| format!("the documents of `{revision}`: {error}"))
}

/// The paths of a revision, with NUL between them.
fn listed(root: &Path, revision: &str) -> Result<String, String> {
    let listed = Command::new("git")
        .current_dir(root)
        .args(["ls-tree", "-r", "-z", "--name-only", "--end-of-options", revision, "."])
        .output()
        .map_err(|error| format!("git: {error}"))?;
    if !listed.status.success() {
        return Err(format!("git knows no `{revision}`: {}", String::from_utf8_lossy(&listed.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&listed.stdout).into_owned())
}

/// Whether the generator reads a file.
fn is_read(path: &str) -> bool {
    path == "glue.toml" || (path.contains("/definitions/") && path.ends_with(".resource.yml"))
}

/// Asks one process for one file after the other.
fn copy(root: &Path, revision: &str, paths: &[&str], folder: &Path) -> io::Result<()> {
    let mut git = Command::new("git")
        .current_dir(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (Some(mut asked), Some(answers)) = (git.stdin.take(), git.stdout.take()) else {
        return Err(io::Error::other("git has no pipes"));
    };
    let mut answers = BufReader::new(answers);
    for path in paths {
        writeln!(asked, "{revision}:./{path}")?;
        asked.flush()?;
        // `<object> blob <bytes>`, the bytes, a line feed.
        let mut head = String::new();
        answers.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
        let size: usize = size.ok_or_else(|| io::Error::other(format!("{path}: {}", head.trim_end())))?;
        let mut bytes = vec![0; size + 1];
        answers.read_exact(&mut bytes)?;
        bytes.pop();
        let place = folder.join(path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(place, bytes)?;
    }
    drop(asked);
    git.wait()?;
    Ok(())
}
