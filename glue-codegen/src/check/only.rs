//! Attributes that only some applications have.

use std::ops::Range;

use crate::definition::{ActionUse, At, Attribute, Definition, RelationVia, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows::{self, Row};
use crate::workspace::Workspace;

/// Checks that whoever does not have an attribute is asked for nothing that has to do with it.
pub(super) fn check(definition: &Definition, workspace: &Workspace, problems: &mut Problems) {
    for attribute in definition.attributes.iter().filter(|attribute| attribute.made.is_none()) {
        inside(definition, attribute, problems);
    }
    if let Some(of) = &definition.action_of {
        return sent(definition, &of.action, problems);
    }
    let mut rows = rows::of(definition);
    for attribute in &definition.attributes {
        let Some(only) = &attribute.only else { continue };
        applications(definition, attribute, only, workspace, problems);
        tied(definition, attribute, problems);
        demanded(definition, attribute, &attribute.name.span, &rows, problems);
        named(definition, attribute, &rows, problems);
    }
    rows.retain(|row| row.verb.verb == VerbName::Post);
    for (made, child) in &definition.made {
        let Some(items) = definition.attributes.iter().find(|attribute| attribute.name.it == *made) else { continue };
        let sent = child.attributes.iter();
        sent.for_each(|attribute| demanded(definition, attribute, &items.name.span, &rows, problems));
    }
}

fn applications(
    definition: &Definition,
    attribute: &Attribute,
    only: &[At<String>],
    workspace: &Workspace,
    problems: &mut Problems,
) {
    let source = &definition.source;
    if only.is_empty() {
        let message = format!("no application has `{}`", attribute.name.it);
        let problem = Problem::new(Code::Unmounted, source, attribute.name.span.clone(), message);
        problems.add(problem.help("name those that have it; what no client sees is `access: hidden`"));
    }
    for only in only.iter().filter(|only| definition.apps.iter().all(|app| app.name.it != only.it)) {
        let is_known = workspace.apps.contains_key(&only.it);
        let code = if is_known { Code::Unmounted } else { Code::UnknownApplication };
        let message = format!("`{}` does not mount this resource", only.it);
        let problem = Problem::new(code, source, only.span.clone(), message).label("not under `apps:`");
        problems.add(match is_known {
            true => problem.help(format!("`apps: {{ {}: {{}} }}` mounts it there too", only.it)),
            false => problem.suggest(&only.it, workspace.apps.keys().map(String::as_str)),
        });
    }
}

/// What says which row is meant, whose it is and where it leads is there for everybody.
fn tied(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let name = &attribute.name.it;
    let leads = |via: &RelationVia| matches!(via, RelationVia::By(by) if by.it == *name);
    let why = if attribute.id {
        "is the id"
    } else if definition.owner.as_ref().is_some_and(|owner| owner.it == *name) {
        "says whose the row is"
    } else if definition.relations.iter().any(|relation| leads(&relation.via)) {
        "leads to what every application may include"
    } else if definition.path.is_some() {
        "is told by a custom route, whose behaviour knows no attributes of some applications"
    } else {
        return;
    };
    let message = format!("`{name}` {why}, so no application is without it");
    let problem = Problem::new(Code::RuleMismatch, &definition.source, attribute.name.span.clone(), message);
    problems.add(problem.help("remove `only`"));
}

/// Nobody can be asked for what they do not have: of a resource, or of the children that it is made with.
fn demanded(
    definition: &Definition,
    attribute: &Attribute,
    span: &Range<usize>,
    rows: &[Row<'_>],
    problems: &mut Problems,
) {
    let asks = |row: &&Row<'_>| {
        let asked = attribute.required.contains(&row.verb.verb) || !attribute.required_when.is_empty();
        asked && attribute.access.writes(row.verb.verb) && !attribute.is_in(row.app)
    };
    if let Some(row) = rows.iter().find(asks) {
        let (name, verb, app) = (&attribute.name.it, row.verb.verb.as_str(), row.app);
        let message = format!("`{verb}` of the {app} needs `{name}`, which the {app} does not have");
        let problem = Problem::new(Code::NoValue, &definition.source, span.clone(), message);
        problems
            .add(problem.help("give it a `default:`, make it `nullable: true`, or take the verb from the application"));
    }
}

/// Whatever a definition says of an attribute is said to an application that has it: what compares others with it, what
/// is needed because of it, what is ordered by it, and what is unique with it.
fn named(definition: &Definition, attribute: &Attribute, rows: &[Row<'_>], problems: &mut Problems) {
    let (name, source) = (&attribute.name.it, &definition.source);
    let without = |verbs: &[VerbName]| {
        rows.iter().find(|row| verbs.contains(&row.verb.verb) && !attribute.is_in(row.app)).map(|row| row.app)
    };
    let mut refuse = |span: &Range<usize>, why: String| {
        let problem = Problem::new(Code::RuleMismatch, source, span.clone(), why);
        let problem = problem.other(source, attribute.name.span.clone(), "not for everybody");
        problems.add(problem.help("whoever meets the one has to have the other: say the same `only` of both"));
    };
    for other in &definition.attributes {
        let compared = other.rules.iter().any(|rule| rule.holds.other() == Some(name));
        let needed = other.required_when.iter().any(|state| state.attribute.it == *name);
        let writes = |row: &&Row<'_>| row.verb.verb.has_body() && other.access.writes(row.verb.verb);
        let lacks = |row: &&Row<'_>| other.is_in(row.app) && !attribute.is_in(row.app);
        if let Some(row) = rows.iter().filter(writes).find(lacks).filter(|_| compared || needed) {
            let app = row.app;
            refuse(&other.name.span, format!("the {app} has `{}`, and no `{name}` to judge it by", other.name.it));
        }
    }
    let ordered = definition.list.order.iter().find(|(at, _)| at.it == *name);
    if let (Some((at, _)), Some(app)) = (ordered, without(&[VerbName::List])) {
        refuse(&at.span, format!("the order of rows would tell the {app} of `{name}`"));
    }
    let together = definition.storage.iter().flat_map(|storage| &storage.unique).flatten();
    let unique = together.filter(|_| !attribute.nullable).find(|at| at.it == *name);
    if let (Some(at), Some(app)) = (unique, without(&[VerbName::Post])) {
        refuse(&at.span, format!("the {app} would meet rows that are the same by `{name}`, and cannot choose it"));
    }
}

/// An action takes what each of its applications has.
fn sent(action: &Definition, said: &ActionUse, problems: &mut Problems) {
    let name = &said.name;
    let takes = |attribute: &&Attribute| said.input.iter().any(|input| input.it == attribute.name.it);
    for row in rows::of(action) {
        for attribute in action.attributes.iter().filter(takes).filter(|attribute| !attribute.is_in(row.app)) {
            let message = format!("the {} has `{}`, and no `{}` to send", row.app, name.it, attribute.name.it);
            let problem = Problem::new(Code::ActionInput, &action.source, name.span.clone(), message);
            let problem = problem.other(&action.source, attribute.name.span.clone(), "not there");
            problems.add(problem.help("narrow the action with `only` too, or remove the attribute from its `input:`"));
        }
    }
}

/// What is stored or sent whole is there whole.
fn inside(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    for member in attribute.kind.members().unwrap_or_default() {
        if member.only.is_some() {
            let message = format!("`{}` is a part of `{}`, which is shown whole", member.name.it, attribute.name.it);
            let problem = Problem::new(Code::UnknownKey, &definition.source, member.name.span.clone(), message);
            problems.add(
                problem.help(format!("say `only` of `{}`, or make it an attribute of its own", attribute.name.it)),
            );
        }
        inside(definition, member, problems);
    }
}
