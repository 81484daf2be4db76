//! From rendered files to the disk: compare, refuse hand edits, write what changed, delete what is no longer said.

use std::path::Path;
use std::{fs, io};

use similar::TextDiff;

use crate::cores::on_every_core;
use crate::manifest::{self, Manifest, Written};
use crate::render::{Draft, File, MARK, NotRust};
use crate::{rustfmt, tokens};

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
    /// Whether the manifest is not the one that was written last.
    pub stale_lock: bool,
    /// Documents that were printed from something else, or were edited.
    pub stale_documents: Vec<String>,
    /// Generated files that neither a definition nor the manifest knows: the manifest was lost, and what they came from too.
    pub orphans: Vec<String>,
    /// What is on the disk and what will be, before and after the files are written.
    locks: [String; 2],
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let done = self.writes.is_empty() && self.deletes.is_empty() && self.orphans.is_empty();
        done && self.edited.is_empty() && !self.stale_lock
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

    /// Writes and deletes.
    ///
    /// # Errors
    /// What the file system says.
    pub fn apply(&self, root: &Path) -> io::Result<()> {
        self.steps().iter().try_for_each(|step| step.take(root))
    }

    /// What is done, one after the other. The manifest knows the old files and the new ones before the first of them is
    /// written, so that a run that is killed between two steps leaves nothing that the next one takes for somebody's work.
    #[must_use]
    pub fn steps(&self) -> Vec<Step<'_>> {
        let [during, after] = &self.locks;
        let mut steps = Vec::new();
        if !self.writes.is_empty() || !self.deletes.is_empty() {
            steps.push(Step::Write(LOCK, during));
        }
        steps.extend(self.writes.iter().map(|(file, _)| Step::Write(&file.path, &file.text)));
        steps.extend(self.deletes.iter().map(|path| Step::Delete(path)));
        if self.stale_lock || !steps.is_empty() {
            steps.push(Step::Write(LOCK, after));
        }
        steps
    }
}

/// One change of the disk, whole or not at all.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// A path gets a text: written beside its place, then renamed.
    Write(&'a str, &'a str),
    /// A path is removed.
    Delete(&'a str),
}

impl Step<'_> {
    /// Takes it under `root`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn take(self, root: &Path) -> io::Result<()> {
        match self {
            Self::Write(path, text) => write(root, path, text),
            Self::Delete(path) => match fs::remove_file(root.join(path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            },
        }
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
    /// It is what was written to this path, and stands there.
    Same(String, Written),
    /// It is something else, or was made from something else.
    Other(Other),
}

/// A file that is not known to be what stands in its place.
struct Other {
    file: File,
    /// The hash of what it is made from.
    draft: String,
    /// What stands there.
    old: Option<String>,
}

/// What becomes of generated files that are neither what was written last nor what would be written now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// They are somebody's, and reported.
    Kept,
    /// A merge left them: they are written again.
    Repaired,
}

/// Compares `drafts` with the disk under `root`, on every core.
///
/// # Errors
/// [`Unplanned`].
pub fn plan(root: &Path, drafts: Vec<Draft>, edits: Edits) -> Result<Plan, Unplanned> {
    let lock = read(root, LOCK)?;
    let mut before = Manifest::parse(lock.as_deref().unwrap_or_default());
    let mut plan = Plan::default();
    let kept = (before.documents.clone(), before.storage.clone());
    let mut now = Manifest { documents: kept.0, storage: kept.1, ..Manifest::default() };
    let made_from = inputs(&drafts);
    for (path, known) in &before.documents {
        let same = read(root, path)?.is_some_and(|text| manifest::hash(&text) == known.hash);
        if !same || known.draft != made_from {
            plan.stale_documents.push(path.clone());
        }
    }
    let mut others = Vec::new();
    for compared in on_every_core(drafts, |draft| compare(root, &before, edits, draft)) {
        match compared? {
            Compared::Same(path, written) => now.know(&path, written),
            Compared::Other(other) => others.push(other),
        }
    }
    let rust = others.iter_mut().filter(|other| other.file.path.ends_with(".rs"));
    rustfmt::format(root, rust.map(|other| &mut other.file.text).collect())?;
    for Other { file, draft, old } in others {
        let hash = tokens::hash(&file.path, &file.text);
        let same = old.as_ref() == Some(&file.text);
        now.know(&file.path, Written { hash, draft });
        match old {
            Some(_) if same => {}
            Some(old) if edits == Edits::Kept && !before.wrote(&file.path, &tokens::hash(&file.path, &old)) => {
                plan.edited.push((file.path.clone(), diff(&file.path, &file.text, &old)));
            }
            old => plan.writes.push((file, old)),
        }
    }
    for path in before.outputs.keys().filter(|path| !now.outputs.contains_key(*path)) {
        match read(root, path)? {
            Some(old) if edits == Edits::Kept && !before.wrote(path, &tokens::hash(path, &old)) => {
                plan.edited.push((path.clone(), diff(path, "", &old)));
            }
            Some(_) => plan.deletes.push(path.clone()),
            None => {}
        }
    }
    for path in unknown(root, |path| now.outputs.contains_key(path) || before.outputs.contains_key(path))? {
        match edits {
            Edits::Kept => plan.orphans.push(path),
            Edits::Repaired => plan.deletes.push(path),
        }
    }
    let after = now.to_text();
    plan.stale_lock = lock.as_deref() != Some(after.as_str());
    for (path, known) in now.outputs {
        known.into_iter().for_each(|written| before.know(&path, written));
    }
    plan.locks = [before.to_text(), after];
    Ok(plan)
}

/// The files below the folders of generated code that say that they are generated, and that nobody knows.
fn unknown(root: &Path, is_known: impl Fn(&str) -> bool) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for rooms in ["glue-auth", "resources"] {
        for dir in names(&root.join(rooms))? {
            open.extend(["src", "tests"].map(|part| format!("{rooms}/{dir}/{part}/generated")));
        }
    }
    while let Some(folder) = open.pop() {
        for name in names(&root.join(&folder))? {
            let path = format!("{folder}/{name}");
            if path.ends_with(".rs") {
                if !is_known(&path) && read(root, &path)?.is_some_and(|text| text.starts_with(MARK)) {
                    found.push(path);
                }
            } else {
                open.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The names in a folder; none when it is not there.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What documents are printed from, as far as it is generated: everything but the tests of it.
fn inputs(drafts: &[Draft]) -> String {
    let code = drafts.iter().filter(|draft| !draft.path.contains("/tests/"));
    manifest::hash(&code.map(|draft| format!("{}\n{}\n", draft.path, draft.text)).collect::<String>())
}

/// Remembers documents and what they were printed from.
///
/// # Errors
/// What the file system says.
pub fn remember(root: &Path, drafts: &[Draft], documents: &[File]) -> io::Result<()> {
    let mut lock = Manifest::parse(&read(root, LOCK)?.unwrap_or_default());
    let draft = inputs(drafts);
    for document in documents {
        let written = Written { hash: manifest::hash(&document.text), draft: draft.clone() };
        lock.documents.insert(document.path.clone(), written);
    }
    write(root, LOCK, &lock.to_text())
}

/// Writes the manifest, whole.
///
/// # Errors
/// What the file system says.
pub fn remember_lock(root: &Path, lock: &Manifest) -> io::Result<()> {
    write(root, LOCK, &lock.to_text())
}

fn compare(root: &Path, before: &Manifest, edits: Edits, draft: Draft) -> Result<Compared, Unplanned> {
    let (path, hash_of_draft) = (draft.path.clone(), draft.hash());
    let old = read(root, &path)?;
    if let Some(old) = &old {
        let hash = tokens::hash(&path, old);
        let mut known = before.outputs.get(&path).filter(|_| edits == Edits::Kept).into_iter().flatten();
        if let Some(known) = known.find(|known| known.draft == hash_of_draft && known.hash == hash) {
            return Ok(Compared::Same(path, known.clone()));
        }
    }
    Ok(Compared::Other(Other { file: draft.formatted()?, draft: hash_of_draft, old }))
}

fn diff(path: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

fn read(root: &Path, path: &str) -> io::Result<Option<String>> {
    match fs::read(root.join(path)) {
        // What is no text was written by nobody here; it can be looked at and replaced all the same.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
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
