//! `glue.lock`: what the generator wrote last time, by hash. It owns exactly the files listed here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// What is known of every generated file, by path.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The generated files.
    pub outputs: BTreeMap<String, Written>,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The hash of its text.
    pub hash: String,
    /// The hash of what its template said: the same again needs no layout.
    pub draft: String,
}

const HEADING: &str = "# Written by `cargo glue generate`: the files it owns, by the SHA-256 of their text and of\n# what their template said. Merge conflicts here are solved by regenerating.\n";

impl Manifest {
    /// Reads a manifest; what is not one is an empty one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (hashes, path) = line.split_once("  ")?;
            // A manifest of an older version has one hash a line.
            let (hash, draft) = hashes.split_once(' ').unwrap_or((hashes, ""));
            Some((path.to_owned(), Written { hash: hash.to_owned(), draft: draft.to_owned() }))
        };
        Self { outputs: text.lines().filter(|text| !text.starts_with('#')).filter_map(line).collect() }
    }

    /// The manifest as a file, sorted.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = HEADING.to_owned();
        for (path, Written { hash, draft }) in &self.outputs {
            let _ = writeln!(text, "{hash} {draft}  {path}");
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
