//! The steps that commands share: from the files of a workspace to what is written and said of it.

use std::io::Write;
use std::path::Path;

use crate::check;
use crate::diagnostic::Problems;
use crate::load::Unreadable;
use crate::output::{self, Edits, Unplanned};
use crate::render::{self, File};
use crate::workspace::Workspace;

/// Nobody reads more at once, and each shows a piece of its file.
const MAX_SHOWN: usize = 100;

/// The workspace without a mistake; nothing when it has one, which is told.
///
/// # Errors
/// What keeps it from being read, or that `app` is none of its applications.
pub(crate) fn checked(root: &Path, app: Option<&str>) -> Result<Option<Workspace>, Unreadable> {
    let mut problems = Problems::default();
    let workspace = Workspace::read(root, &mut problems)?;
    check::check(&workspace, &mut problems);
    let errors = show(problems);
    if errors > 0 {
        say(&mut std::io::stderr(), &format!("glue: {errors} error(s), nothing was written\n"));
        return Ok(None);
    }
    if let Some(app) = app.filter(|app| !workspace.apps.contains_key(*app)) {
        let known: Vec<&str> = workspace.apps.keys().map(String::as_str).collect();
        return Err(Unreadable(format!("there is no application `{app}`: {}", known.join(", "))));
    }
    Ok(Some(workspace))
}

pub(crate) fn planned(workspace: &Workspace, edits: Edits) -> Result<output::Plan, Unreadable> {
    output::plan(&workspace.root, drafts(workspace)?, edits).map_err(unplanned)
}

fn drafts(workspace: &Workspace) -> Result<Vec<render::Draft>, Unreadable> {
    render::drafts(workspace).map_err(|defect| unplanned(defect.into()))
}

fn unplanned(error: Unplanned) -> Unreadable {
    match error {
        Unplanned::Disk(error) => Unreadable(error.to_string()),
        Unplanned::NotRust(defect) => Unreadable(format!("defect in a template: {}: {}", defect.path, defect.reason)),
    }
}

pub(crate) fn edited(plan: &output::Plan) {
    let mut err = std::io::stderr();
    for (path, diff) in &plan.edited {
        say(&mut err, &format!("error[G0802]: {path} was edited by hand\n{diff}\n"));
    }
    say(
        &mut err,
        "After a merge, `cargo glue generate --repair` writes them again. Otherwise there are three ways out: change the definition instead; move the code into the resource's own file \
         and name it with `handler:`; or drop the edit with `git restore <file>`.\n",
    );
}

/// The documents that do not lie in the workspace as the applications print them.
pub(crate) fn stale<'a>(workspace: &Workspace, files: &'a [File]) -> Vec<&'a File> {
    let lies =
        |file: &&File| std::fs::read_to_string(workspace.root.join(&file.path)).is_ok_and(|old| old == file.text);
    files.iter().filter(|file| !lies(file)).collect()
}

/// Writes the documents that are stale, and remembers what all of them were printed from; returns what it wrote.
pub(crate) fn print<'a>(workspace: &Workspace, files: &'a [File]) -> Result<Vec<&'a File>, Unreadable> {
    let failed = |error: std::io::Error| Unreadable(error.to_string());
    let stale = stale(workspace, files);
    for file in &stale {
        std::fs::write(workspace.root.join(&file.path), &file.text).map_err(failed)?;
    }
    output::remember(&workspace.root, &drafts(workspace)?, files).map_err(failed)?;
    Ok(stale)
}

/// Shows problems; returns how many of them are errors.
pub(crate) fn show(problems: Problems) -> usize {
    let errors = problems.errors();
    let sorted = problems.sorted();
    for problem in sorted.iter().take(MAX_SHOWN) {
        say(&mut std::io::stderr(), &format!("{problem}\n\n"));
    }
    if let Some(more) = sorted.len().checked_sub(MAX_SHOWN).filter(|more| *more > 0) {
        say(&mut std::io::stderr(), &format!("glue: and {more} more problem(s)\n"));
    }
    errors
}

pub(crate) fn say(out: &mut dyn Write, text: &str) {
    // A closed pipe is the reader's decision.
    let _ = out.write_all(text.as_bytes());
}
