//! From rendered files to the disk: compare, refuse hand edits, write what changed, delete what is no longer said.

use std::fs;
use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::manifest::{self, Manifest, Written};
use crate::render::{Draft, File, NotRust};

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

/// What keeps a plan from being made.
#[derive(Debug)]
pub enum Unplanned {
    /// The file system.
    Disk(io::Error),
    /// A template.
    NotRust(NotRust),
}

impl From<io::Error> for Unplanned {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<NotRust> for Unplanned {
    fn from(defect: NotRust) -> Self {
        Self::NotRust(defect)
    }
}

/// A draft beside the disk.
enum Compared {
    /// It is what stands there.
    Same,
    /// It is something else than the old text, if there is one.
    Other(File, Option<String>),
}

/// Compares `drafts` with the disk under `root`, on every core.
///
/// # Errors
/// [`Unplanned`].
pub fn plan(root: &Path, drafts: Vec<Draft>) -> Result<Plan, Unplanned> {
    let before = Manifest::parse(&read(root, LOCK)?.unwrap_or_default());
    let mut plan = Plan::default();
    let mut now = Manifest::default();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = drafts.len().div_ceil(cores).max(1);
    let compared: Vec<_> = std::thread::scope(|scope| {
        let before = &before;
        let compare = |drafts: &[Draft]| {
            let drafts = drafts.to_vec();
            scope.spawn(move || drafts.into_iter().map(|draft| compare(root, before, draft)).collect::<Vec<_>>())
        };
        let threads: Vec<_> = drafts.chunks(share).map(compare).collect();
        let joined = |thread: std::thread::ScopedJoinHandle<'_, Vec<_>>| match thread.join() {
            Ok(compared) => compared,
            // What was not compared would be deleted.
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().flat_map(joined).collect()
    });
    for compared in compared {
        let (path, written, compared) = compared?;
        now.outputs.insert(path, written);
        let Compared::Other(file, old) = compared else { continue };
        // A file that is neither what we wrote last time nor what we would write now was changed by somebody else.
        let ours = |old: &String| before.outputs.get(&file.path).is_some_and(|known| known.hash == manifest::hash(old));
        match old {
            Some(old) if !ours(&old) => plan.edited.push((file.path.clone(), diff(&file.path, &file.text, &old))),
            old => plan.writes.push((file, old)),
        }
    }
    for (path, Written { hash, .. }) in &before.outputs {
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

fn compare(root: &Path, before: &Manifest, draft: Draft) -> Result<(String, Written, Compared), Unplanned> {
    let (path, hash_of_draft) = (draft.path.clone(), manifest::hash(&draft.text));
    let old = read(root, &path)?;
    let known = before.outputs.get(&path).filter(|known| known.draft == hash_of_draft);
    if let (Some(known), Some(old)) = (known, &old)
        && manifest::hash(old) == known.hash
    {
        return Ok((path, known.clone(), Compared::Same));
    }
    let file = draft.laid_out()?;
    let written = Written { hash: manifest::hash(&file.text), draft: hash_of_draft };
    let same = old.as_deref() == Some(file.text.as_str());
    Ok((path, written, if same { Compared::Same } else { Compared::Other(file, old) }))
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
