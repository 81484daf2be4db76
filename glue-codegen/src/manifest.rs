//! `glue.lock`: what the generator wrote last time, by hash. It owns exactly the files listed here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// What is known of every generated file, by path. There is more than one thing to know of a file while a run writes it,
/// and where two branches were merged.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The generated files.
    pub outputs: BTreeMap<String, Vec<Written>>,
    /// The documents that the applications printed, and the hash of everything generated that they were printed from.
    pub documents: BTreeMap<String, Written>,
    /// The tables that the migrations make, a line each as [`Schema`](crate::schema::Schema) writes them; none where no
    /// migration was ever written from definitions.
    pub storage: Vec<String>,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The hash of what it says, however it is laid out.
    pub hash: String,
    /// The hash of what it was made from: the same again needs no work.
    pub draft: String,
}

/// What the line of a document begins with.
const DOCUMENT: &str = "document ";

/// What the line of a table begins with.
const STORAGE: &str = "storage ";

const HEADING: &str = "# Written by `cargo glue generate`: the files it owns, by the SHA-256 of what they say and of\n# what their template said; the documents that `cargo glue openapi` printed, and from what. Merge conflicts here are solved by regenerating.\n";

impl Manifest {
    /// Reads a manifest; lines that are none, those of a merge say, are left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(table) = line.strip_prefix(STORAGE) {
                manifest.storage.push(table.to_owned());
                continue;
            }
            let Some((hashes, path)) = line.split_once("  ").filter(|(_, path)| is_generated(path)) else { continue };
            let (is_document, hashes) = match hashes.strip_prefix(DOCUMENT) {
                Some(hashes) => (true, hashes),
                None => (false, hashes),
            };
            // A manifest of an older version has one hash a line.
            let (hash, draft) = hashes.split_once(' ').unwrap_or((hashes, ""));
            let written = Written { hash: hash.to_owned(), draft: draft.to_owned() };
            match is_document {
                true => _ = manifest.documents.insert(path.to_owned(), written),
                false => manifest.know(path, written),
            }
        }
        manifest
    }

    /// Adds what is known of a file.
    pub fn know(&mut self, path: &str, written: Written) {
        let known = self.outputs.entry(path.to_owned()).or_default();
        if !known.contains(&written) {
            known.push(written);
        }
    }

    /// Whether a file of this hash was written by the generator.
    #[must_use]
    pub fn wrote(&self, path: &str, hash: &str) -> bool {
        self.outputs.get(path).is_some_and(|known| known.iter().any(|written| written.hash == hash))
    }

    /// The manifest as a file, sorted.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = HEADING.to_owned();
        for (path, known) in &self.outputs {
            for Written { hash, draft } in known {
                let _ = writeln!(text, "{hash} {draft}  {path}");
            }
        }
        for (path, Written { hash, draft }) in &self.documents {
            let _ = writeln!(text, "{DOCUMENT}{hash} {draft}  {path}");
        }
        for table in &self.storage {
            let _ = writeln!(text, "{STORAGE}{table}");
        }
        text
    }
}

/// Whether a path can be that of a generated file: what else a manifest names is never touched.
fn is_generated(path: &str) -> bool {
    let inside = path.split('/').all(|part| !matches!(part, "" | "." | "..")) && !path.contains(['\\', ':']);
    let ours = path.split('/').any(|part| matches!(part, "generated" | "generated.rs"));
    inside && (ours || path.starts_with("openapi/"))
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
