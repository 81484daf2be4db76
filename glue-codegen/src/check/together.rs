//! What definitions must not be to each other: two of one name, or two routes that one request would meet.

use std::collections::BTreeMap;

use crate::definition::{Attribute, Definition, Kind, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::rows::{self, Row};
use crate::workspace::Workspace;

/// Checks the definitions of a workspace against each other.
pub(super) fn check(workspace: &Workspace, problems: &mut Problems) {
    modules(workspace, problems);
    types(workspace, problems);
    paths(workspace, problems);
    tables(workspace, problems);
    duplicates(workspace, problems);
}

/// What one definition of a table says is unique, every one that writes rows of it has an answer for.
fn duplicates(workspace: &Workspace, problems: &mut Problems) {
    let unique = |of: &&Definition| of.storage.as_ref().is_some_and(|storage| !storage.unique.is_empty());
    let said: BTreeMap<&str, &Definition> = workspace
        .definitions()
        .filter(unique)
        .filter_map(|of| Some((of.storage.as_ref()?.table.it.as_str(), of)))
        .collect();
    for definition in workspace.definitions().filter(|of| !unique(of) && of.handler.is_none()) {
        let Some(storage) = &definition.storage else { continue };
        let Some(first) = said.get(storage.table.it.as_str()) else { continue };
        let writes = definition.verbs.iter().find(|verb| verb.verb.has_body());
        let told = definition.errors.iter().any(|error| error.name.it == "duplicate");
        if let Some(verb) = writes.filter(|_| !told) {
            let message = format!("`{}` may meet a row that `{}` says is unique", verb.verb.as_str(), first.name.it);
            let problem = Problem::new(Code::MissingError, &definition.source, verb.span.clone(), message);
            let problem = problem.other(&first.source, first.name.span.clone(), "the same table");
            problems.add(problem.help("add `duplicate: { status: 409, code: \"…\", detail: … }` under `errors:`"));
        }
    }
}

/// Definitions of one table agree on what becomes of its rows: none is a way around what another one says.
fn tables(workspace: &Workspace, problems: &mut Problems) {
    let mut seen: BTreeMap<&str, &Definition> = BTreeMap::new();
    for definition in workspace.definitions() {
        let Some(storage) = &definition.storage else { continue };
        let Some(first) = seen.insert(&storage.table.it, definition) else { continue };
        let deleted = |of: &Definition| of.storage.as_ref().and_then(|of| of.deleted.as_ref().map(|at| at.it.clone()));
        let steps = |of: &Definition| -> BTreeMap<String, Vec<(String, String)>> {
            let written =
                of.attributes.iter().filter(|a| a.access.writes(VerbName::Post) || a.access.writes(VerbName::Patch));
            let steps = |a: &Attribute| {
                a.transitions.iter().flat_map(|of| of.to.iter().map(|to| (of.from.it.clone(), to.it.clone()))).collect()
            };
            written.map(|a| (a.column_name(), steps(a))).collect()
        };
        let (before, now) = (steps(first), steps(definition));
        let differs = before.iter().any(|(column, steps)| now.get(column).is_some_and(|other| other != steps));
        if deleted(first) != deleted(definition) || differs {
            let message = format!("`{}` says other things of the rows of `{}`", definition.name.it, storage.table.it);
            let problem =
                Problem::new(Code::TableDisagreement, &definition.source, storage.table.span.clone(), message);
            let problem = problem.other(&first.source, first.name.span.clone(), "than this one");
            problems
                .add(problem.help("definitions of one table have the same `softDelete` and the same `transitions`"));
        }
    }
}

/// Every definition, an action's too, is a module of its crate.
fn modules(workspace: &Workspace, problems: &mut Problems) {
    for domain in &workspace.domains {
        let mut seen: BTreeMap<String, &Definition> = BTreeMap::new();
        for definition in &domain.definitions {
            // Two of one type are refused where they are read.
            let custom = definition.path.is_some();
            let same = |first: &&Definition| first.name.it != definition.name.it || first.path.is_some() || custom;
            if let Some(first) = seen.insert(definition.module(), definition).filter(same) {
                twins(first, definition, &format!("the module `{}`", definition.module()), problems);
            }
        }
    }
}

/// The documents of an application name schemas after types.
fn types(workspace: &Workspace, problems: &mut Problems) {
    let mut seen: BTreeMap<String, Vec<&Definition>> = BTreeMap::new();
    for definition in workspace.definitions() {
        let meets = |first: &&&Definition| {
            let shared = first.apps.iter().any(|app| definition.apps.iter().any(|other| other.name.it == app.name.it));
            shared && first.name.it != definition.name.it
        };
        let mut told = false;
        for name in names::types_of(&definition.one()) {
            let known = seen.entry(name.clone()).or_default();
            if let Some(first) = known.iter().find(meets).filter(|_| !told) {
                twins(first, definition, &format!("the type `{name}`"), problems);
                told = true;
            }
            known.push(definition);
        }
    }
}

fn twins(first: &Definition, second: &Definition, what: &str, problems: &mut Problems) {
    let message = format!("`{}` and `{}` both make {what}", first.name.it, second.name.it);
    let problem = Problem::new(Code::NameClash, &second.source, second.name.span.clone(), message);
    let problem = problem.label("here").other(&first.source, first.name.span.clone(), "and here");
    problems.add(problem.help("give one of them another type, or another `singular:`"));
}

/// Paths of the framework itself.
const FRAMEWORK: [&str; 3] = ["/openapi.json", "/health/live", "/health/ready"];

/// A custom path is nobody else's.
fn paths(workspace: &Workspace, problems: &mut Problems) {
    let rows = rows::all(workspace);
    let mut custom: Vec<&Row<'_>> = rows.iter().filter(|row| row.definition.path.is_some()).collect();
    custom.sort_by_key(|row| row.app);
    for (number, row) in custom.iter().enumerate() {
        let Some(path) = &row.definition.path else { continue };
        let source = &row.definition.source;
        let names: Vec<&str> = path.it.split('/').filter(|segment| segment.starts_with('{')).collect();
        if names.iter().enumerate().any(|(at, name)| names.iter().skip(at + 1).any(|other| other == name)) {
            let message = format!("`{}` has one parameter twice", path.it);
            let problem = Problem::new(Code::BadPath, source, path.span.clone(), message);
            problems.add(problem.help("each parameter has a name of its own"));
        }
        let parts: Vec<&str> = path.it.split('/').collect();
        let same = |own: &&str| {
            let own: Vec<&str> = own.split('/').collect();
            own.len() == parts.len() && own.iter().zip(&parts).all(|(own, part)| own == part || part.starts_with('{'))
        };
        if FRAMEWORK.iter().any(same) {
            let message = format!("`{}` is served by the framework itself", path.it);
            problems
                .add(Problem::new(Code::RouteClash, source, path.span.clone(), message).help("choose another path"));
        }
        let others = custom.iter().skip(number + 1).copied();
        let resources = rows.iter().filter(|other| other.definition.path.is_none());
        // A custom path is looked at first, whatever the method: what it shares a request with is never reached.
        let shares = |other: &Row<'_>| {
            let same_path = other.definition.path.as_ref().is_some_and(|own| own.it == path.it);
            other.method() == row.method() || !same_path
        };
        for other in others.chain(resources).filter(|other| other.app == row.app) {
            if shares(other) && meet(row, other) {
                let message = format!("one request would meet two routes: `{} {}`", row.method(), row.shown_path());
                let problem = Problem::new(Code::RouteClash, source, row.verb.span.clone(), message);
                let (at, also) =
                    (other.verb.span.clone(), format!("and here: `{} {}`", other.method(), other.shown_path()));
                let problem = problem.label("here").other(&other.definition.source, at, also);
                problems.add(problem.help("choose another path for one of them"));
            }
        }
    }
}

/// Whether a request can have both paths. An id that is a uuid is no word.
fn meet(left: &Row<'_>, right: &Row<'_>) -> bool {
    // A path without a version is that of the newest one.
    let newest = |row: &Row<'_>| row.definition.version.is_some() && row.definition.newest;
    paths_meet(left, right, &left.shown_path(), &right.shown_path())
        || (newest(left) && paths_meet(left, right, &left.path, &right.shown_path()))
        || (newest(right) && paths_meet(left, right, &left.shown_path(), &right.path))
}

fn paths_meet(left: &Row<'_>, right: &Row<'_>, one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split('/').collect(), other.split('/').collect());
    let parameter = |segment: &str| segment.starts_with('{');
    let takes =
        |row: &Row<'_>, word: &str| row.definition.path.is_some() || !ids_are_uuids(row.definition) || word.len() == 36;
    one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| match (parameter(one), parameter(other)) {
            (false, false) => one == other,
            (true, true) => true,
            (true, false) => takes(left, other),
            (false, true) => takes(right, one),
        })
}

fn ids_are_uuids(definition: &Definition) -> bool {
    let own = definition.attributes.iter().filter(|attribute| attribute.id);
    let above = definition.ancestors.iter().map(|ancestor| &ancestor.id);
    own.chain(above).all(|id| matches!(id.kind, Kind::Uuid))
}
