//! From rendered files to the disk: compare, refuse hand edits, write what changed, delete what is no longer said.

use std::fs;
use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::manifest::{self, Manifest};
use crate::render::File;

/// The manifest's file.
pub const LOCK: &str = "glue.lock";

/// What a run would change.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files to write, with their old text when there is one.
    pub writes: Vec<(File, Option<String>)>,
    /// Files to delete.
    pub deletes: Vec<String>,
    /// Generated files that somebody edited: their path, and the diff from what was generated.
    pub edited: Vec<(String, String)>,
    lock: String,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.deletes.is_empty() && self.edited.is_empty()
    }

    /// The plan as a diff for people.
    #[must_use]
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for (file, old) in &self.writes {
            text.push_str(&diff(&file.path, old.as_deref().unwrap_or_default(), &file.text));
        }
        for path in &self.deletes {
            text.push_str(&format!("--- {path}\n+++ /dev/null\n"));
        }
        text
    }

    /// Writes and deletes. Each file is written beside its place and renamed, the manifest last.
    ///
    /// # Errors
    /// What the file system says.
    pub fn apply(&self, root: &Path) -> io::Result<()> {
        for (file, _) in &self.writes {
            write(root, &file.path, &file.text)?;
        }
        for path in &self.deletes {
            fs::remove_file(root.join(path))?;
        }
        if read(root, LOCK)?.as_deref() != Some(self.lock.as_str()) {
            write(root, LOCK, &self.lock)?;
        }
        Ok(())
    }
}

/// Compares `files` with the disk under `root`.
///
/// # Errors
/// What the file system says.
pub fn plan(root: &Path, files: Vec<File>) -> io::Result<Plan> {
    let before = Manifest::parse(&read(root, LOCK)?.unwrap_or_default());
    let mut plan = Plan::default();
    let mut now = Manifest::default();
    for file in files {
        now.outputs.insert(file.path.clone(), manifest::hash(&file.text));
        let old = read(root, &file.path)?;
        if old.as_deref() == Some(file.text.as_str()) {
            continue;
        }
        // A file that is neither what we wrote last time nor what we would write now was changed by somebody else.
        let edited = old.as_ref().is_some_and(|old| before.outputs.get(&file.path) != Some(&manifest::hash(old)));
        match old {
            Some(old) if edited => plan.edited.push((file.path.clone(), diff(&file.path, &file.text, &old))),
            old => plan.writes.push((file, old)),
        }
    }
    for (path, hash) in &before.outputs {
        if now.outputs.contains_key(path) {
            continue;
        }
        match read(root, path)? {
            Some(old) if manifest::hash(&old) != *hash => plan.edited.push((path.clone(), diff(path, "", &old))),
            Some(_) => plan.deletes.push(path.clone()),
            None => {}
        }
    }
    plan.lock = now.to_text();
    Ok(plan)
}

fn diff(path: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

fn read(root: &Path, path: &str) -> io::Result<Option<String>> {
    match fs::read_to_string(root.join(path)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(error.kind(), format!("{path}: {error}"))),
    }
}

fn write(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let place = root.join(path);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = place.with_extension("glue-tmp");
    fs::write(&beside, text)?;
    fs::rename(&beside, &place)
}
