//! `glue watch`: what is saved is checked, generated, compiled, tried, documented and served again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use crate::definition::Definition;
use crate::documents;
use crate::load::{FOLDERS, Unreadable};
use crate::output::Edits;
use crate::workspace::Workspace;

use crate::steps::{checked, edited, planned, print, say};

/// How often the disk is asked. Nobody notices a tenth of a second, and thirty files cost less than a millisecond.
const EVERY: Duration = Duration::from_millis(100);

/// Watches until the process is ended.
///
/// # Errors
/// What keeps the workspace from being read at the start. Later this is told, and the next save waited for: an editor
/// may be half-way through a file.
pub(crate) fn watch(root: &Path, serve: Option<&str>) -> Result<ExitCode, Unreadable> {
    let mut watch = Watch { root, serve, served: Served(None), untried: BTreeSet::new() };
    let mut seen = saved(root);
    let mut read = Ok(checked(root, serve)?);
    loop {
        if let Err(Unreadable(why)) = read.and_then(|workspace| workspace.map_or(Ok(()), |it| watch.round(&it))) {
            say(&mut std::io::stderr(), &format!("glue: {why}\n"));
        }
        let now = next(root, &seen);
        let fresh = now.iter().filter(|(path, time)| seen.get(*path) != Some(time));
        watch.untried.extend(fresh.map(|(path, _)| path.clone()));
        seen = now;
        read = checked(root, serve);
    }
}

/// Waits until something is saved or removed.
fn next(root: &Path, seen: &Saved) -> Saved {
    loop {
        thread::sleep(EVERY);
        let now = saved(root);
        if now != *seen {
            return now;
        }
    }
}

/// When each file was saved.
type Saved = BTreeMap<PathBuf, SystemTime>;

/// What a definition is read from, and what behaviour is written in.
fn saved(root: &Path) -> Saved {
    let mut saved = Saved::new();
    let mut open: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    let mut note = |path: PathBuf| {
        let time = fs::metadata(&path).and_then(|about| about.modified());
        saved.extend(time.ok().map(|time| (path, time)));
    };
    note(root.join("glue.toml"));
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // What is generated follows from the rest.
            if is_generated(Path::new(name)) {
                continue;
            }
            if path.is_dir() {
                if name != "target" {
                    open.push(path);
                }
            } else if name.ends_with(".resource.yml") || name.ends_with(".rs") {
                note(path);
            }
        }
    }
    saved
}

/// One program that is ended when another takes its place.
struct Served(Option<Child>);

impl Served {
    fn end(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
    }
}

/// What is watched, and what is left of the rounds before.
struct Watch<'a> {
    root: &'a Path,
    serve: Option<&'a str>,
    served: Served,
    /// What was written, by hand or from definitions, since the tests last passed.
    untried: BTreeSet<PathBuf>,
}

impl Watch<'_> {
    /// From a workspace without a mistake to the program that serves it, or to what stands in the way.
    fn round(&mut self, workspace: &Workspace) -> Result<(), Unreadable> {
        let start = Instant::now();
        let told = |what: &str| {
            say(&mut std::io::stdout(), &format!("glue: {what} ({:.1} s)\n", start.elapsed().as_secs_f64()));
        };
        let plan = planned(workspace, Edits::Kept)?;
        if !plan.edited.is_empty() {
            edited(&plan);
            return Ok(());
        }
        plan.apply(self.root).map_err(|error| Unreadable(error.to_string()))?;
        self.untried.extend(plan.writes.iter().map(|(file, _)| self.root.join(&file.path)));
        told(&format!("checked, wrote {} file(s), deleted {}", plan.writes.len(), plan.deletes.len()));
        for (name, tests) in self.tests(workspace) {
            let mut cargo = Command::new("cargo");
            cargo
                .current_dir(self.root)
                .args(["test", "--quiet", "--package", name, "--test", "it", "--"])
                .args(&tests);
            let status = cargo.status().map_err(|error| Unreadable(format!("cargo: {error}")))?;
            if !status.success() {
                told(&format!("the tests of {name} fail"));
                return Ok(());
            }
            told(&format!("the tests of {name} pass"));
        }
        self.untried.clear();
        let programs = documents::build(workspace, None).map_err(Unreadable)?;
        print(workspace, &documents::ask(workspace, &programs).map_err(Unreadable)?)?;
        told("the documents are printed");
        let Some((app, program)) = self.serve.and_then(|app| programs.get_key_value(app)) else { return Ok(()) };
        self.served.end();
        let child = Command::new(program).current_dir(self.root).spawn();
        self.served.0 = Some(child.map_err(|error| Unreadable(error.to_string()))?);
        told(&format!("{app} serves it"));
        Ok(())
    }

    /// The tests of what is not tried yet: of each crate the modules of the resources whose code is generated again, and
    /// every contract test when behaviour was written.
    fn tests<'a>(&self, workspace: &'a Workspace) -> BTreeMap<&'a str, BTreeSet<String>> {
        let mut tests: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for domain in workspace.domains.iter().filter(|domain| !domain.definitions.is_empty()) {
            let folder = domain.folder(self.root);
            let untried = self.untried.iter().filter_map(|path| path.strip_prefix(&folder).ok());
            let (generated, behaviour): (Vec<&Path>, Vec<&Path>) = untried.partition(|path| is_generated(path));
            let mut try_again = |tests_of: String| tests.entry(&domain.name).or_default().insert(tests_of);
            if behaviour.iter().any(|path| path.extension().is_some_and(|end| end == "rs")) {
                try_again("contract::".to_owned());
            }
            for module in domain.definitions.iter().map(Definition::module) {
                let (code, test) = (format!("src/generated/{module}"), format!("tests/generated/{module}.rs"));
                if generated.iter().any(|path| path.starts_with(&code) || *path == Path::new(&test)) {
                    try_again(format!("contract::{module}::"));
                }
            }
        }
        tests
    }
}

/// Whether a definition says what stands in a file of a crate, and no hand.
fn is_generated(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "generated.rs") || path.iter().any(|folder| folder == "generated")
}
