//! The commands that change what is there: another name, and none at all. Nothing that people wrote is lost.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::adoption::{self, Adopted, Adoption};
use crate::begin::{failed, forgotten, generated, lock, new_file, unmigrated, without_lines};
use crate::definition::Definition;
use crate::load::Unreadable;
use crate::modules::Packages;
use crate::output::Edits;
use crate::render::File;
use crate::schema::Schema;
use crate::steps::{checked, edited, planned, say};
use crate::workspace::Workspace;
use crate::{output, rename};

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
        let made = of.attributes.iter().filter_map(|a| a.made.as_ref()).any(|made| made.of.it == kind);
        of.name.it != kind && (parent || related || held || made)
    };
    if let Some(other) = workspace.definitions().find(refers) {
        return Err(Unreadable(format!(
            "`{}` leads to `{kind}`: take that out of its definition first",
            other.name.it
        )));
    }
    let files = Workspace::files_of(root, kind)?.into_iter().map(|file| file.source.path.clone());
    let acts = |of: &&Definition| of.action_of.as_ref().is_some_and(|action| action.resource.name.it == kind);
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

/// Makes a module's crate one of the workspace, and what is compiled against it. Either all of it is done or nothing.
pub(crate) fn adopted(root: &Path, module: &str) -> Result<ExitCode, Unreadable> {
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let pending = unmigrated(&workspace)?;
    if let Some(change) = pending.first() {
        return Err(Unreadable(format!("first `cargo glue migrate`: the migrations do not {change} yet")));
    }
    let plan = planned(&workspace, Edits::Kept)?;
    if !plan.edited.is_empty() {
        edited(&plan);
        return Ok(ExitCode::FAILURE);
    }
    let adoption = adoption::of(root, module).map_err(Unreadable)?;
    let crates = &adoption.crates;
    let refers = |of: &&Definition| {
        let theirs = |kind: &String| {
            let home = workspace.domains.iter().find(|domain| domain.definitions.iter().any(|of| of.name.it == *kind));
            home.is_some_and(|home| crates.iter().any(|of| of.name == home.name))
        };
        of.attributes.iter().filter_map(|attribute| attribute.references.as_ref()).any(|to| theirs(&to.to.it))
    };
    if let Some(other) = workspace.own().flat_map(|domain| &domain.definitions).find(refers) {
        let message = "refers to it, and no migration gives that column the foreign key that it had here";
        return Err(Unreadable(format!("`{}` {message}: take `references:` out first", other.name.it)));
    }
    let before: Vec<File> = adoption.changed.iter().map(|file| now(root, &file.path)).collect::<Result<_, _>>()?;
    match taken_over(root, &adoption) {
        Ok(Some(workspace)) => {
            let mut lock = lock(&workspace)?;
            // Their tables are there: migrations of the framework made them.
            lock.storage = Schema::of(&workspace).to_string().lines().map(str::to_owned).collect();
            output::remember_lock(root, &lock).map_err(failed)?;
            let code = generated(&workspace)?;
            let (first, others): (Vec<&Adopted>, Vec<&Adopted>) = crates.iter().partition(|of| of.name == module);
            for of in first {
                say(&mut std::io::stdout(), &format!("glue: {} is yours from now on\n", of.dir));
            }
            for of in others {
                let why = format!("glue: {} too: it is compiled against `{module}`\n", of.dir);
                say(&mut std::io::stdout(), &why);
            }
            say(&mut std::io::stdout(), "glue: `cargo glue openapi` prints the documents from it\n");
            Ok(code)
        }
        failure @ (Ok(None) | Err(_)) => {
            for of in crates.iter().filter(|of| root.join(&of.dir).exists()) {
                fs::remove_dir_all(root.join(&of.dir)).map_err(failed)?;
            }
            before.iter().try_for_each(|file| fs::write(root.join(&file.path), &file.text)).map_err(failed)?;
            say(&mut std::io::stderr(), "glue: nothing was adopted\n");
            failure.map(|_| ExitCode::FAILURE)
        }
    }
}

/// A file as it is.
fn now(root: &Path, path: &str) -> Result<File, Unreadable> {
    let text = fs::read_to_string(root.join(path)).map_err(|error| Unreadable(format!("{path}: {error}")))?;
    Ok(File { path: path.to_owned(), text })
}

/// Writes crates that are adopted; returns the workspace with them, none when it has a mistake, which is told.
fn taken_over(root: &Path, adoption: &Adoption) -> Result<Option<Workspace>, Unreadable> {
    let Adoption { crates, files, copies, changed } = adoption;
    for (from, to) in copies {
        let place = root.join(to);
        fs::create_dir_all(place.parent().unwrap_or(root)).map_err(failed)?;
        fs::copy(from, &place).map_err(|error| Unreadable(format!("{}: {error}", from.display())))?;
        say(&mut std::io::stdout(), &format!("glue: wrote {to}\n"));
    }
    files.iter().try_for_each(|file| new_file(root, file))?;
    for file in changed {
        fs::write(root.join(&file.path), &file.text).map_err(failed)?;
        say(&mut std::io::stdout(), &format!("glue: {} names what is adopted\n", file.path));
    }
    let packages = Packages::read(root).map_err(Unreadable)?;
    if let Some(two) = crates.iter().find(|of| packages.has(&of.from)) {
        let message = "a crate of the workspace does not take it from `[workspace.dependencies]`";
        return Err(Unreadable(format!("there are two crates `{}` now: {message}", two.name)));
    }
    checked(root, None)
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
