//! `glue watch`: what is saved is checked, generated, compiled, tried, documented and served again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use glue_codegen::diagnostic::Problems;
use glue_codegen::load::Unreadable;
use glue_codegen::output::{self, Edits};
use glue_codegen::workspace::Workspace;
use glue_codegen::{check, documents};

use crate::cli::{drafts, edited, planned, report_all, say};

/// How often the disk is asked. Nobody notices a tenth of a second, and thirty files cost less than a millisecond.
const EVERY: Duration = Duration::from_millis(100);

/// Watches until the process is ended.
///
/// # Errors
/// What keeps a workspace from being read.
pub(crate) fn watch(root: &Path, serve: Option<&str>) -> Result<(), Unreadable> {
    let mut served = Served(None);
    let mut seen = None;
    loop {
        let now = saved(root);
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            round(root, serve, &mut served)?;
        }
        thread::sleep(EVERY);
    }
}

/// When each file was saved that a definition is read from, or that behaviour is written in.
fn saved(root: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let mut saved = BTreeMap::new();
    let mut open = vec![root.join("glue-auth"), root.join("resources")];
    let mut note = |path: PathBuf| {
        let time = fs::metadata(&path).and_then(|about| about.modified());
        saved.extend(time.ok().map(|time| (path, time)));
    };
    note(root.join("glue.toml"));
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            match path.is_dir() {
                // What is generated follows from the rest.
                true if !matches!(name, "generated" | "target") => open.push(path),
                true => {}
                false if name.ends_with(".resource.yml") || (name.ends_with(".rs") && name != "generated.rs") => {
                    note(path)
                }
                false => {}
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

fn round(root: &Path, serve: Option<&str>, served: &mut Served) -> Result<(), Unreadable> {
    let start = Instant::now();
    let told =
        |what: &str| say(&mut std::io::stdout(), &format!("glue: {what} ({:.1} s)\n", start.elapsed().as_secs_f64()));
    let mut problems = Problems::default();
    let workspace = Workspace::read(root, &mut problems)?;
    check::check(&workspace, &mut problems);
    if report_all(problems) {
        return Ok(());
    }
    let plan = planned(&workspace, Edits::Kept)?;
    if !plan.edited.is_empty() {
        edited(&plan);
        return Ok(());
    }
    plan.apply(root).map_err(|error| Unreadable(error.to_string()))?;
    told(&format!("checked, wrote {} file(s), deleted {}", plan.writes.len(), plan.deletes.len()));
    for (name, modules) in tried(&workspace, &plan) {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(root).args(["test", "--quiet", "--package", name, "--test", "it", "--"]).args(&modules);
        match cargo.status() {
            Ok(status) if status.success() => told(&format!("the tests of {name} pass")),
            Ok(_) => {
                told(&format!("the tests of {name} fail"));
                return Ok(());
            }
            Err(error) => return Err(Unreadable(format!("cargo: {error}"))),
        }
    }
    match documents::ask(&workspace, None) {
        Ok(files) => print(&workspace, &files)?,
        Err(why) => {
            told(&why);
            return Ok(());
        }
    }
    told("the documents are printed");
    let Some(app) = serve else { return Ok(()) };
    served.end();
    let built = documents::build(root, &[app]).map_err(Unreadable)?;
    let program = built.get(app).ok_or_else(|| Unreadable(format!("cargo built no `{app}`")))?;
    served.0 = Some(Command::new(program).current_dir(root).spawn().map_err(|error| Unreadable(error.to_string()))?);
    told(&format!("{app} serves it"));
    Ok(())
}

/// The contract tests of what a plan changes: the modules of each crate.
fn tried<'a>(workspace: &'a Workspace, plan: &output::Plan) -> BTreeMap<&'a str, Vec<String>> {
    let mut tried: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for domain in &workspace.domains {
        for definition in &domain.definitions {
            let module = definition.module();
            let folder = format!("{}/src/generated/{module}/", domain.dir);
            let test = format!("{}/tests/generated/{module}.rs", domain.dir);
            if plan.writes.iter().any(|(file, _)| file.path.starts_with(&folder) || file.path == test) {
                tried.entry(&domain.name).or_default().push(format!("contract::{module}::"));
            }
        }
    }
    tried
}

fn print(workspace: &Workspace, files: &[glue_codegen::render::File]) -> Result<(), Unreadable> {
    let failed = |error: std::io::Error| Unreadable(error.to_string());
    for file in files {
        let place = workspace.root.join(&file.path);
        if !fs::read_to_string(&place).is_ok_and(|old| old == file.text) {
            fs::write(&place, &file.text).map_err(failed)?;
        }
    }
    output::remember(&workspace.root, &drafts(workspace)?, files).map_err(failed)
}
