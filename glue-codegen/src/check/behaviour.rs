//! Who serves the verbs: the storage, or a handler that is there.

use std::fs;
use std::path::Path;

use crate::definition::{AppUse, At, Definition, Format, VerbName, VerbUse};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows;

/// Checks that somebody serves every verb.
pub(super) fn check(definition: &Definition, crate_dir: &Path, problems: &mut Problems) {
    handler(definition, crate_dir, problems);
    let at = || (definition.source.clone(), definition.name.span.clone());
    let name = &definition.name.it;
    if definition.stored().is_none() && definition.handler.is_none() {
        let (source, span) = at();
        let problem = Problem::new(Code::NoBehaviour, &source, span, format!("nothing serves `{name}`"));
        problems.add(problem.help("add `storage:` for generated behaviour or `handler:` for your own"));
    }
    definition.verbs.iter().for_each(|verb| served(definition, verb, problems));
    if let Some(path) = &definition.path {
        custom(definition, path, problems);
    }
    if let (Some(version), Some(action)) = (&definition.version, definition.actions.first()) {
        let message = "a version has no place for actions";
        let problem = Problem::new(Code::NotServable, &definition.source, action.name.span.clone(), message);
        problems.add(problem.other(&definition.source, version.span.clone(), "versioned here"));
    }
    if definition.format.is_form() && definition.storage.is_some() {
        let (source, span) = at();
        problems.add(Problem::new(
            Code::NoBehaviour,
            &source,
            span,
            format!("`{name}` speaks forms: its behaviour is hand-written"),
        ));
    }
    if definition.verbs.is_empty() {
        let (source, span) = at();
        problems.add(
            Problem::new(Code::MissingKey, &source, span, format!("`{name}` lists no verb"))
                .help("add `verbs: { list: , get: }`"),
        );
    }
    if definition.apps.is_empty() {
        let (source, span) = at();
        problems.add(
            Problem::new(Code::Unmounted, &source, span, format!("no application mounts `{name}`"))
                .help("add `apps: { storefront: {} }`"),
        );
    }
}

/// A verb has a format that it can take and an application that mounts it.
fn served(definition: &Definition, verb: &VerbUse, problems: &mut Problems) {
    let key = verb.verb.as_str();
    let mut refuse = |why: &str| {
        let problem = Problem::new(Code::Unmounted, &definition.source, verb.span.clone(), format!("`{key}` {why}"));
        problems.add(problem.help("name an application under `apps:` or `only:` that has it, or remove it"));
    };
    let takes_forms = match definition.format {
        Format::Form => verb.verb == VerbName::Post,
        Format::Page => matches!(verb.verb, VerbName::Get | VerbName::Post),
        Format::JsonApi | Format::Json { .. } => true,
    };
    if !takes_forms {
        refuse("cannot take a form");
    }
    // Who narrows what away is told where that stands.
    let narrowed = |app: &AppUse| app.verbs.as_ref().is_some_and(Vec::is_empty) && app.actions.is_empty();
    let unknown = verb.only.iter().flatten().any(|only| definition.apps.iter().all(|app| app.name.it != only.it));
    let mounted = definition.apps.iter().any(|app| narrowed(app) || rows::mounts(app, verb));
    if !definition.apps.is_empty() && !mounted && !unknown {
        refuse("is mounted by no application");
    }
}

/// A custom route is its path and its handler: nothing of a resource can stand beside it.
fn custom(definition: &Definition, path: &At<String>, problems: &mut Problems) {
    let id = definition.attributes.iter().find(|attribute| attribute.id).map(|attribute| attribute.name.span.clone());
    let storage = definition.storage.as_ref().map(|storage| storage.table.span.clone());
    let parent = definition.parent.as_ref().map(|parent| parent.resource.span.clone());
    let version = definition.version.as_ref().map(|version| version.span.clone());
    let parts = [("an id", id), ("storage", storage), ("a parent", parent), ("a version", version)];
    for (what, span) in parts.into_iter().filter_map(|(what, span)| Some((what, span?))) {
        let message = format!("a custom route has no place for {what}");
        let problem = Problem::new(Code::NotServable, &definition.source, span, message);
        problems.add(problem.other(&definition.source, path.span.clone(), "custom here"));
    }
}

/// A handler is a type of the crate, in the file of the resource.
fn handler(definition: &Definition, crate_dir: &Path, problems: &mut Problems) {
    let Some(handler) = &definition.handler else { return };
    let source = &definition.source;
    if !handler.it.starts_with(|c: char| c.is_ascii_uppercase()) {
        let message = format!("`{}` is not the name of a type", handler.it);
        let problem = Problem::new(Code::NoSuchHandler, source, handler.span.clone(), message);
        return problems.add(problem.help(format!("types begin with a capital: `{}`", definition.many())));
    }
    let (src, module) = (crate_dir.join("src"), definition.module());
    if !src.is_dir() {
        return;
    }
    let places = [src.join(format!("{module}.rs")), src.join(&module).join("mod.rs")];
    let text = places.iter().find_map(|place| fs::read_to_string(place).ok());
    let declared = ["enum", "struct", "type", "use"].map(|word| format!("{word} "));
    let names = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        declared.iter().any(|word| code.contains(word)) && words.any(|word| word == handler.it)
    };
    if !text.is_some_and(|text| text.lines().any(names)) {
        let message = format!("`src/{module}.rs` has no `{}`", handler.it);
        let problem = Problem::new(Code::NoSuchHandler, source, handler.span.clone(), message);
        problems.add(problem.help(format!(
            "write it there, and `pub mod {module};` in `src/lib.rs`: `pub enum {0} {{}} impl {1}Api for {0} {{ … }}`",
            handler.it,
            definition.many(),
        )));
    }
}
