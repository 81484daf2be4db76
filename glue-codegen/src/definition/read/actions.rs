//! The actions of a definition.

use super::super::fields::{Fields, words};
use super::super::{ActionUse, At, Attribute, SetUse, VerbName};
use super::shared::{handler, json, missing, named, path};
use super::{attributes, verbs};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::yaml::{Entry, Value};

pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Vec<ActionUse> {
    let Some(entry) = fields.get("actions") else { return Vec::new() };
    let entries = Fields::of(fields.source, &entry.value, problems).all();
    entries.iter().filter_map(|entry| action(fields, entry, problems)).collect()
}

fn action(of: &Fields<'_>, entry: &Entry, problems: &mut Problems) -> Option<ActionUse> {
    let name = At { it: entry.key.clone(), span: entry.key_span.clone() };
    named(of.source, &name, names::is_kebab(&name.it), "lower-case words with dashes between them", problems);
    let fields = Fields::of(of.source, &entry.value, problems);
    let verb = verbs::verb_use(method(&fields, problems), &fields, entry, problems);
    let (input, own) = input(&fields, problems);
    let (sets, returns) = (sets(&fields, problems), returns(&fields, problems));
    let (path, handler) = (path(&fields, "path", problems), handler(&fields, problems));
    if path.is_none() {
        problems.add(missing(&fields, "path"));
    } else if handler.is_none() && fields.get("set").is_none() {
        let message = format!("nothing says what `{}` does", name.it);
        let problem = Problem::new(Code::MissingKey, fields.source, name.span.clone(), message);
        let help = "`set: { status: cancelled }` says what it writes, `handler: Cancel` who does what you write";
        problems.add(problem.help(help));
    }
    let does = handler.is_some() || !sets.is_empty();
    fields.finish(problems);
    Some(ActionUse { name, verb, path: path.filter(|_| does)?, input, own, sets, returns, handler })
}

fn method(fields: &Fields<'_>, problems: &mut Problems) -> VerbName {
    let Some(method) = fields.needed("method", problems) else { return VerbName::Post };
    let known = verbs::verb_name(&method.it).filter(|verb| *verb != VerbName::List);
    known.unwrap_or_else(|| {
        verbs::unknown_verb(fields.source, &method.it, method.span, problems);
        VerbName::Post
    })
}

/// `[name]`, or `{ name: , reason: { type: string } }`: attributes of the resource by their names, and others with what is
/// said of them.
fn input(fields: &Fields<'_>, problems: &mut Problems) -> (Vec<At<String>>, Vec<Attribute>) {
    let Some(entry) = fields.get("input") else { return (Vec::new(), Vec::new()) };
    if !matches!(entry.value.value, Value::Map(_)) {
        return (words(fields.source, &entry.value, problems), Vec::new());
    }
    let (mut named, mut own) = (Vec::new(), Vec::new());
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        match entry.value.value {
            Value::Null => named.push(At { it: entry.key.clone(), span: entry.key_span.clone() }),
            Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
                own.extend(attributes::attribute(fields.source, entry, problems));
            }
        }
    }
    (named, own)
}

/// `set: { status: cancelled, cancelledAt: now }`.
fn sets(fields: &Fields<'_>, problems: &mut Problems) -> Vec<SetUse> {
    let Some(entry) = fields.get("set") else { return Vec::new() };
    let set = |entry: &Entry| SetUse {
        attribute: At { it: entry.key.clone(), span: entry.key_span.clone() },
        to: At { it: json(&entry.value), span: entry.value.span.clone() },
    };
    let sets: Vec<SetUse> = Fields::of(fields.source, &entry.value, problems).all().iter().map(set).collect();
    if sets.is_empty() {
        let problem = Problem::new(Code::WrongShape, fields.source, entry.key_span.clone(), "`set` writes nothing");
        problems.add(problem.help("write `set: { status: cancelled }`, or remove it"));
    }
    sets
}

/// `returns: resource`.
fn returns(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<()>> {
    let at = fields.text("returns", problems)?;
    if at.it != "resource" {
        let message = format!("`returns` is `resource`, not `{}`", at.it);
        let problem = Problem::new(Code::UnknownWord, fields.source, at.span.clone(), message);
        problems.add(problem.help("without it, an action answers with what it takes and shows"));
    }
    Some(At { it: (), span: at.span })
}
