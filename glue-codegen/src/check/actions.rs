//! Actions: what they take, and what they write into a row.

use super::examples;
use crate::definition::{Access, ActionOf, Attribute, Definition, Kind, SetUse};
use crate::diagnostic::{Code, Problem, Problems};

/// Checks what an action takes and writes.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    let Some(of) = &definition.action_of else { return };
    returned(definition, of, problems);
    own(definition, of, problems);
    bodiless(definition, of, problems);
    if !of.changes() {
        return;
    }
    let action = &of.action;
    let name = &action.name.it;
    if !action.path.it.contains("{id}") {
        let message = format!("`{name}` writes into a row, and its path names none");
        let problem = Problem::new(Code::BadPath, &definition.source, action.path.span.clone(), message);
        problems.add(problem.help(format!("`path: \"{{id}}/{name}\"`")));
    }
    if of.resource.storage.is_none() {
        let message = format!("`{}` has no storage that `{name}` could write into", of.resource.name.it);
        let problem = Problem::new(Code::NoBehaviour, &definition.source, action.name.span.clone(), message);
        return problems.add(problem.help("name a `handler:` instead of `set:`"));
    }
    for set in &action.sets {
        written(of, set, problems);
    }
    sent(of, problems);
    unique(of, problems);
}

/// What has no body takes nothing, and GET changes nothing (RFC 9110 §9.2.1).
fn bodiless(definition: &Definition, of: &ActionOf, problems: &mut Problems) {
    let (action, method) = (&of.action, of.action.verb.verb);
    let mut refuse = |at: &std::ops::Range<usize>, message: String, help: &str| {
        let problem = Problem::new(Code::ActionInput, &definition.source, at.clone(), message);
        problems.add(problem.help(help.to_owned()));
    };
    let key = method.as_str();
    if let Some(set) = action.sets.first().filter(|_| !method.writes()) {
        refuse(&set.attribute.span, format!("`{key}` changes nothing"), "`method: post` or `patch` writes into a row");
    }
    let sent = action.input.iter().map(|at| &at.span).chain(action.own.iter().map(|own| &own.name.span)).next();
    if let Some(sent) = sent.filter(|_| !method.has_body()) {
        refuse(sent, format!("`{key}` has no body"), "`method: post` and `patch` take what `input:` names");
    }
    let mut named: Vec<&str> = Vec::new();
    for input in &action.input {
        if named.contains(&input.it.as_str()) {
            refuse(&input.span, format!("`{}` stands here twice", input.it), "name it once");
        }
        named.push(&input.it);
    }
}

/// An answer is the resource, or there is none.
fn returned(definition: &Definition, of: &ActionOf, problems: &mut Problems) {
    let Some(returns) = &of.action.returns else { return };
    let why = match () {
        () if !of.action.verb.answers() => "does not answer",
        () if definition.format.is_form() => "speaks forms",
        () => return,
    };
    let message = format!("`{}` {why}, so it returns nothing", of.action.name.it);
    let problem = Problem::new(Code::UselessKey, &definition.source, returns.span.clone(), message);
    problems.add(problem.help("remove `returns:`"));
}

/// What is sent beside the attributes of the resource is called otherwise than they are, and somebody reads it.
fn own(definition: &Definition, of: &ActionOf, problems: &mut Problems) {
    for own in &of.action.own {
        if let Some(known) = of.resource.attributes.iter().find(|attribute| attribute.name.it == own.name.it) {
            let message = format!("`{}` is an attribute of `{}` already", own.name.it, of.resource.name.it);
            let problem = Problem::new(Code::NameClash, &definition.source, own.name.span.clone(), message);
            let problem = problem.other(&definition.source, known.name.span.clone(), "this one");
            problems.add(problem.help(format!("to take that, name it without a type: `{}:`", own.name.it)));
        }
        let useless = own.references.is_some()
            || own.default.is_some()
            || own.computed.is_some()
            || own.column.is_some()
            || own.fill.is_some()
            || own.made.is_some()
            || own.access != Access::ReadWrite;
        if useless {
            let message = format!("`{}` is sent with `{}` and kept nowhere", own.name.it, of.action.name.it);
            let problem = Problem::new(Code::ActionInput, &definition.source, own.name.span.clone(), message);
            problems.add(problem.help("what is no attribute of the resource has a type and rules, and nothing else"));
        }
        if definition.handler.is_none() {
            let message = format!("nobody reads `{}`", own.name.it);
            let problem = Problem::new(Code::ActionInput, &definition.source, own.name.span.clone(), message);
            problems.add(problem.help("add a `handler:`, or make it an attribute of the resource"));
        }
    }
}

/// What an action writes is a column that no key is, and a value that fits.
fn written(of: &ActionOf, set: &SetUse, problems: &mut Problems) {
    let (resource, name) = (&*of.resource, &set.attribute);
    let mut refuse = |at: &std::ops::Range<usize>, message: String, help: &str| {
        let problem = Problem::new(Code::ActionInput, &resource.source, at.clone(), message);
        problems.add(problem.help(help.to_owned()));
    };
    let Some(attribute) = resource.attributes.iter().find(|attribute| attribute.name.it == name.it) else {
        let message = format!("`{}` has no attribute `{}`", resource.name.it, name.it);
        let problem = Problem::new(Code::ActionInput, &resource.source, name.span.clone(), message);
        let known = resource.attributes.iter().map(|attribute| attribute.name.it.as_str());
        let problem = problem.help("`set:` names attributes that stand under `attributes:`");
        return problems.add(problem.suggest(&name.it, known));
    };
    let owns = resource.owned().is_some_and(|owned| owned.attribute == name.it);
    let set_by_writes = matches!(name.it.as_str(), "createdAt" | "updatedAt");
    if attribute.id || owns || !attribute.is_column() || set_by_writes || attribute.references.is_some() {
        let message = format!("`{}` is not for an action to write", name.it);
        return refuse(
            &name.span,
            message,
            "ids, owners, references, children and what is computed or set by every write stay",
        );
    }
    if let Some(why) = unfit(attribute, &set.to.it) {
        refuse(&set.to.span, format!("`{}` cannot become that: it {why}", name.it), "write a value of its type");
    }
}

/// What is unique may be taken already.
fn unique(of: &ActionOf, problems: &mut Problems) {
    let has_error = of.resource.errors.iter().any(|error| error.name.it == "duplicate");
    let sent = |name: &str| of.action.input.iter().any(|input| input.it == name);
    let written = |name: &str| sent(name) || of.action.sets.iter().any(|set| set.attribute.it == name);
    let mut together = of.resource.storage.iter().flat_map(|storage| &storage.unique).flatten();
    if let Some(taken) = together.find(|at| written(&at.it)).filter(|_| !has_error) {
        let message = format!("`{}` writes `{}`, which another row may have", of.action.name.it, taken.it);
        let problem = Problem::new(Code::MissingError, &of.resource.source, of.action.name.span.clone(), message);
        problems.add(problem.help("add `duplicate: { status: 422, code: \"…\", detail: … }` under `errors:`"));
    }
}

/// Why an attribute cannot become a value.
fn unfit(attribute: &Attribute, json: &str) -> Option<String> {
    match (&attribute.kind, json) {
        (_, "null") if attribute.nullable => None,
        (Kind::DateTime, "\"now\"") => None,
        (Kind::DateTime, _) => Some("is a point in time, which is `now`".into()),
        (Kind::String | Kind::Text | Kind::Enum(_) | Kind::Int | Kind::Money | Kind::Bool, _) => {
            examples::unfit(attribute, json)
        }
        (Kind::Decimal | Kind::Date | Kind::Uuid | Kind::List(_) | Kind::Object(_) | Kind::Map, _) => {
            Some("is no text, word, number or flag".into())
        }
    }
}

/// What is sent is written as it is: nothing looks where a reference leads, or from which state another is reached.
fn sent(of: &ActionOf, problems: &mut Problems) {
    for input in &of.action.input {
        let found = of.resource.attributes.iter().find(|attribute| attribute.name.it == input.it);
        let Some(attribute) = found else { continue };
        let why = match () {
            () if attribute.references.is_some() => "refers to another row",
            () if !attribute.transitions.is_empty() => "goes from state to state",
            () if attribute.computed.is_some() => "is computed",
            () if attribute.made.is_some() => "is made with its parent",
            () if of.written().any(|set| set.column_name() == attribute.column_name()) => "is written under `set:`",
            () => continue,
        };
        let message = format!("`{}` {why}, so `{}` cannot take it", input.it, of.action.name.it);
        let problem = Problem::new(Code::ActionInput, &of.resource.source, input.span.clone(), message);
        problems.add(problem.help("remove it from `input:`"));
    }
}
