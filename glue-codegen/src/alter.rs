//! The commands that change what is there: another name, and none at all. Nothing that people wrote is lost.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::begin::{failed, forgotten, generated, unmigrated, without_lines};
use crate::definition::Definition;
use crate::load::Unreadable;
use crate::rename;
use crate::steps::{checked, say};
use crate::workspace::Workspace;

/// Gives an attribute another name, `reviews.title` say, in every file that names it.
pub(crate) fn renamed(root: &Path, asked: &str, new: &str) -> Result<ExitCode, Unreadable> {
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let (kind, old) = asked.split_once('.').ok_or_else(|| Unreadable("write `reviews.title heading`".into()))?;
    let files = if workspace.home(kind).is_some() { Workspace::files_of(root, kind)? } else { Vec::new() };
    let mut renamed = Vec::new();
    for file in &files {
        match rename::attribute(file, old, new) {
            Ok(text) => renamed.push((&file.source.path, text)),
            // A layer that says nothing of it.
            Err(_) if file.is_override() => {}
            Err(why) => return Err(Unreadable(why)),
        }
    }
    if renamed.is_empty() {
        return Err(Unreadable(format!("no crate of the workspace defines `{kind}`")));
    }
    for (path, text) in renamed {
        fs::write(root.join(path), text).map_err(failed)?;
        say(&mut std::io::stdout(), &format!("glue: {path} says `{new}`; its column keeps its name\n"));
    }
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    generated(&workspace)
}

/// Takes a resource out of the workspace. What people wrote is moved to `removed/`, what was generated goes.
pub(crate) fn removed(root: &Path, kind: &str) -> Result<ExitCode, Unreadable> {
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let domain =
        workspace.home(kind).ok_or_else(|| Unreadable(format!("no crate of the workspace defines `{kind}`")))?;
    let mine = || domain.definitions.iter().filter(|of| of.name.it == kind);
    let refers = |of: &&Definition| {
        let parent = of.parent.as_ref().is_some_and(|parent| parent.resource.it == kind);
        let related = of.relations.iter().any(|relation| relation.to.it == kind);
        let held = of.attributes.iter().filter_map(|a| a.references.as_ref()).any(|reference| reference.to.it == kind);
        of.name.it != kind && (parent || related || held)
    };
    if let Some(other) = workspace.definitions().find(refers) {
        return Err(Unreadable(format!(
            "`{}` leads to `{kind}`: take that out of its definition first",
            other.name.it
        )));
    }
    let files = Workspace::files_of(root, kind)?.into_iter().map(|file| file.source.path.clone());
    let acts = |of: &&Definition| of.action_of.as_ref().is_some_and(|action| action.resource == kind);
    if domain.definitions.iter().all(|of| of.name.it == kind || acts(&of)) {
        put_away(root, &domain.dir)?;
        forgotten(root, &workspace, &domain.name)?;
    } else {
        let behaviour = mine().map(|of| format!("{}/src/{}.rs", domain.dir, of.module()));
        files.chain(behaviour).try_for_each(|path| put_away(root, &path))?;
        let modules: Vec<String> = mine().map(|of| format!("pub mod {};", of.module())).collect();
        without_lines(root, &format!("{}/src/lib.rs", domain.dir), |line| modules.iter().any(|module| module == line))?;
    }
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let code = generated(&workspace)?;
    let tables = left_behind(&unmigrated(&workspace)?);
    say(&mut std::io::stdout(), &tables);
    Ok(code)
}

/// Moves what people wrote to `removed/`, when it is there.
fn put_away(root: &Path, path: &str) -> Result<(), Unreadable> {
    if !root.join(path).exists() {
        return Ok(());
    }
    let target = root.join("removed").join(path);
    if target.is_dir() {
        // Something was taken out of it before.
        for entry in fs::read_dir(root.join(path)).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            put_away(root, &format!("{path}/{}", name.to_string_lossy()))?;
        }
        return fs::remove_dir(root.join(path)).map_err(failed);
    }
    fs::create_dir_all(target.parent().unwrap_or(root)).map_err(failed)?;
    fs::rename(root.join(path), &target).map_err(failed)?;
    say(&mut std::io::stdout(), &format!("glue: moved {path} to removed/{path}\n"));
    Ok(())
}

/// What is left of a removed resource in the database.
fn left_behind(unmigrated: &[String]) -> String {
    let lines = unmigrated.iter().map(|change| format!("glue: still to do: {change}\n"));
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => lines,
        false => lines + "glue: once no instance reads it, `cargo glue migrate --allow-destructive`\n",
    }
}
