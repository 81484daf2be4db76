//! `glue.lock`: what the generator wrote last time, by hash. It owns exactly the files listed here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// Path → hash of every generated file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The generated files.
    pub outputs: BTreeMap<String, String>,
}

const HEADING: &str = "# Written by `cargo glue generate`: the files it owns, by SHA-256. Merge conflicts here are solved by regenerating.\n";

impl Manifest {
    /// Reads a manifest; what is not one is an empty one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| line.split_once("  ").map(|(hash, path)| (path.to_owned(), hash.to_owned()));
        Self { outputs: text.lines().filter(|text| !text.starts_with('#')).filter_map(line).collect() }
    }

    /// The manifest as a file, sorted.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = HEADING.to_owned();
        for (path, hash) in &self.outputs {
            let _ = writeln!(text, "{hash}  {path}");
        }
        text
    }
}

/// The hash of a file's text.
#[must_use]
pub fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
