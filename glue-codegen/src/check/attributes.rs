//! The rules of attributes.

use std::collections::BTreeMap;
use std::path::Path;

use super::{examples, functions, patterns};
use crate::definition::{Access, At, Attribute, Condition, Definition, Kind, Refusal, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;

/// More than anybody reads. A table has less room than that, which is told there.
const MAX_ATTRIBUTES: usize = 1_000;

pub(super) fn check(definition: &Definition, crate_dir: &Path, problems: &mut Problems) {
    if let Some(over) = definition.attributes.get(MAX_ATTRIBUTES).filter(|_| definition.storage.is_none()) {
        let message = format!(
            "{} attributes are more than the {MAX_ATTRIBUTES} that a resource can have",
            definition.attributes.len()
        );
        let problem = Problem::new(Code::TooMany, &definition.source, over.name.span.clone(), message);
        return problems.add(problem.label("one too many").help("split the resource, or nest what belongs together"));
    }
    ids(definition, problems);
    names(definition, problems);
    parts(definition, &definition.attributes, problems);
    for attribute in &definition.attributes {
        let before = problems.errors();
        within(definition, attribute, problems);
        required(definition, attribute, problems);
        constraints(definition, attribute, problems);
        rules(definition, attribute, crate_dir, problems);
        // Of what cannot be there is no example.
        if problems.errors() == before {
            examples::check(definition, attribute, problems);
        }
    }
}

fn ids(definition: &Definition, problems: &mut Problems) {
    let ids: Vec<&Attribute> = definition.attributes.iter().filter(|attribute| attribute.id).collect();
    let source = &definition.source;
    if let [first, second, ..] = ids.as_slice() {
        let problem = Problem::new(Code::IdAttribute, source, second.name.span.clone(), "a resource has one id");
        let problem = problem.label("a second one").other(source, first.name.span.clone(), "the first");
        problems.add(problem.help("remove `id: true` from one of them"));
    }
    let stored = definition.storage.is_some();
    let needs = definition.verbs.iter().find(|verb| definition.takes_id(verb.verb) || stored);
    if let (Some(verb), true) = (needs, ids.is_empty()) {
        let message = format!("`{}` needs an id, but no attribute is one", verb.verb.as_str());
        problems.add(
            Problem::new(Code::IdAttribute, source, verb.span.clone(), message)
                .help("mark one attribute with `id: true`"),
        );
    }
    for id in ids {
        let mut refuse = |wrong: bool, why: &str, help: &str| {
            if wrong {
                let problem = Problem::new(Code::IdAttribute, source, id.name.span.clone(), why);
                problems.add(problem.help(help));
            }
        };
        let texty = matches!(id.kind, Kind::String | Kind::Uuid);
        refuse(!texty, "an id is a string or a uuid", "write `type: uuid`");
        refuse(id.nullable, "an id is never null", "remove `nullable`");
        refuse(id.access == Access::ReadWrite, "clients do not choose ids", "write `access: read`");
    }
}

/// What JSON:API reads elsewhere in a resource object, and may not stand among its attributes (JSON:API 1.1, Fields). A
/// handler may have to speak as somebody spoke before it.
const FIELDS: [&str; 4] = ["type", "id", "links", "relationships"];

/// Names that clients or Rust could not tell apart.
fn names(definition: &Definition, problems: &mut Problems) {
    let source = &definition.source;
    let mut spelled: BTreeMap<String, &Attribute> = BTreeMap::new();
    for attribute in &definition.attributes {
        let name = &attribute.name;
        let stored = definition.storage.is_some();
        if stored && !attribute.id && FIELDS.contains(&name.it.as_str()) {
            let message = format!("`{}` cannot be an attribute", name.it);
            let problem = Problem::new(Code::BadName, source, name.span.clone(), message);
            problems.add(problem.label("JSON:API reads it beside the attributes").help("choose another name"));
        }
        if name.it.ends_with('_') || name.it.contains("__") {
            let message = format!("`{}` is not a usable name", name.it);
            let problem = Problem::new(Code::BadName, source, name.span.clone(), message);
            problems.add(problem.help("words with one underscore between them"));
        }
        if let Some(first) = spelled.insert(names::snake(&name.it), attribute) {
            let message = format!("`{}` and `{}` are one name in Rust", first.name.it, name.it);
            let problem = Problem::new(Code::NameClash, source, name.span.clone(), message);
            let problem = problem.label("here").other(source, first.name.span.clone(), "and here");
            problems.add(problem.help("choose another name for one of them"));
        }
    }
}

/// Objects become types of their own, called after the attribute in the singular: beside each other they differ.
fn parts(definition: &Definition, attributes: &[Attribute], problems: &mut Problems) {
    let mut named: BTreeMap<String, &Attribute> = BTreeMap::new();
    for attribute in attributes {
        let Some(members) = attribute.kind.members() else { continue };
        let name = names::pascal(&names::singular(&attribute.name.it));
        let first = named.insert(name.clone(), attribute);
        if first.is_some() || name == "Id" {
            let message = format!("another type is called as the parts of `{}` are", attribute.name.it);
            let mut problem = Problem::new(Code::NameClash, &definition.source, attribute.name.span.clone(), message);
            if let Some(first) = first {
                problem = problem.other(&definition.source, first.name.span.clone(), "the other one");
            }
            problems.add(problem.help("choose another name: parts are called after it, in the singular"));
        }
        parts(definition, members, problems);
    }
}

/// The bounds of an attribute and of its parts.
fn within(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    bounds(definition, attribute, problems);
    let parts = attribute.kind.members().filter(|_| attribute.made.is_none());
    parts.unwrap_or_default().iter().for_each(|part| within(definition, part, problems));
}

fn bounds(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let mut refuse = |why: String, help: &str| {
        let message = format!("`{}` {why}", attribute.name.it);
        let problem = Problem::new(Code::RuleMismatch, &definition.source, attribute.name.span.clone(), message);
        problems.add(problem.help(help));
    };
    let counted = matches!(attribute.kind, Kind::String | Kind::Text | Kind::List(_));
    if counted && [attribute.min, attribute.max].into_iter().flatten().any(|bound| bound < 0) {
        return refuse("has a negative length".into(), "`min` and `max` of a text count characters, of a list items");
    }
    for bound in attribute.earliest.iter().chain(&attribute.latest) {
        if bound.it != "today" && !names::is_date(&bound.it) {
            let message = format!("`{}` is no day", bound.it);
            let problem = Problem::new(Code::RuleMismatch, &definition.source, bound.span.clone(), message);
            return problems.add(problem.help("the bounds of a date are days: `2026-01-31`, or `today`"));
        }
    }
    if let (Some(earliest), Some(latest)) = (&attribute.earliest, &attribute.latest)
        && ![earliest, latest].iter().any(|bound| bound.it == "today")
        && earliest.it > latest.it
    {
        let why = format!("can have no value: from {}, until {}", earliest.it, latest.it);
        return refuse(why, "`min` is not above `max`");
    }
    let least = [attribute.min, attribute.greater_than.map(|bound| bound.saturating_add(1))];
    let most = [attribute.max, attribute.less_than.map(|bound| bound.saturating_sub(1))];
    let (least, most) = (least.into_iter().flatten().max(), most.into_iter().flatten().min());
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        refuse(format!("can have no value: at least {least}, at most {most}"), "`min` is not above `max`");
    }
}

/// An object is sent and shown whole: what it holds is as open as it is.
fn inside(definition: &Definition, whole: &Attribute, kind: &Kind, problems: &mut Problems) {
    for member in kind.members().unwrap_or_default() {
        let kept = member.secret || member.access == Access::Hidden;
        if kept && whole.access.reads() {
            let message = format!("`{}` is kept, but `{}` around it would be returned", member.name.it, whole.name.it);
            let problem = Problem::new(Code::ShownSecret, &definition.source, member.name.span.clone(), message);
            let problem = problem.other(&definition.source, whole.name.span.clone(), "shown whole");
            problems.add(problem.help("give the whole `access: create` or `access: update`"));
        }
        inside(definition, whole, &member.kind, problems);
    }
}

/// Only what a body may carry can be demanded of it.
fn required(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    if let Some(verb) = attribute.required.iter().find(|verb| !attribute.access.writes(**verb)) {
        let message = format!("`{}` is required of `{}`, which may not carry it", attribute.name.it, verb.as_str());
        let problem = Problem::new(Code::RuleMismatch, &definition.source, attribute.name.span.clone(), message);
        problems.add(problem.help("remove `required`, or let clients write it: `access: read-write`"));
    }
}

fn constraints(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let source = &definition.source;
    let texty = matches!(attribute.kind, Kind::String | Kind::Text);
    let number = matches!(attribute.kind, Kind::Int | Kind::Money);
    let mut refuse = |wrong: bool, why: &str| {
        if wrong {
            let message = format!("`{}` {why}", attribute.name.it);
            let problem = Problem::new(Code::RuleMismatch, source, attribute.name.span.clone(), message);
            problems.add(problem.help("remove the rule, or change the type"));
        }
    };
    let patterns = attribute.rules.iter().any(|rule| matches!(rule.holds, Condition::Pattern(_)));
    let of_texts = attribute.email || attribute.trim || attribute.password || !attribute.choice.is_empty() || patterns;
    refuse(of_texts && !texty, "is no text and cannot have rules of texts");
    let bounds = attribute.min.is_some() || attribute.max.is_some();
    let counted = texty || matches!(attribute.kind, Kind::List(_));
    refuse(bounds && !counted && !number, "is no text, number, date or list and cannot have `min` or `max`");
    let of_numbers = attribute.greater_than.is_some() || attribute.less_than.is_some() || attribute.numeric;
    refuse(of_numbers && !number, "is no number and cannot have rules of numbers");
    refuse(attribute.is_true && !matches!(attribute.kind, Kind::Bool), "is no `bool` and cannot have to be `true`");
    if attribute.secret && attribute.access.reads() && !attribute.id {
        let message = format!("`{}` is secret but would be returned", attribute.name.it);
        let problem = Problem::new(Code::ShownSecret, source, attribute.name.span.clone(), message);
        problems.add(problem.help("give it `access: create` or `access: update`"));
    }
    inside(definition, attribute, &attribute.kind, problems);
    let unread = match &attribute.kind {
        Kind::List(of) => !matches!(**of, Kind::String | Kind::Text | Kind::Int | Kind::Bool | Kind::Object(_)),
        Kind::String
        | Kind::Text
        | Kind::Int
        | Kind::Decimal
        | Kind::Money
        | Kind::Bool
        | Kind::Uuid
        | Kind::Date
        | Kind::DateTime
        | Kind::Enum(_)
        | Kind::Object(_)
        | Kind::Map => false,
    };
    let written = attribute.access.writes(VerbName::Post) || attribute.access.writes(VerbName::Patch);
    if written && !attribute.id && unread {
        let message = format!("`{}` cannot be written: lists of its kind are read only", attribute.name.it);
        problems.add(
            Problem::new(Code::RuleMismatch, source, attribute.name.span.clone(), message)
                .help("give it `access: read`"),
        );
    }
}

fn rules(definition: &Definition, attribute: &Attribute, crate_dir: &Path, problems: &mut Problems) {
    let source = &definition.source;
    for rule in &attribute.rules {
        match &rule.holds {
            Condition::Pattern(pattern) => patterns::check(definition, pattern, problems),
            Condition::Equals(other) => beside(definition, attribute, other, "`equals` compares", problems),
            Condition::Above { other, .. } => {
                let ordered = matches!(attribute.kind, Kind::Int | Kind::Money | Kind::Date | Kind::DateTime);
                match ordered {
                    true => {
                        beside(definition, attribute, other, "`above` and `atLeast` compare", problems);
                        examples::above(definition, attribute, rule, problems);
                    }
                    false => {
                        let message = format!("`{}` is neither above nor below another", attribute.name.it);
                        let problem = Problem::new(Code::RuleMismatch, source, other.span.clone(), message);
                        problems.add(problem.help("numbers and dates are compared"));
                    }
                }
            }
            Condition::Check(function) => {
                functions::check(definition, crate_dir, function, "pub fn …(value: &str) -> bool", problems);
            }
        }
        if let Refusal::Error(error) = &rule.refusal {
            needs_error(definition, error, problems);
        }
    }
}

/// Both sides of a comparison have one type and come in one body.
fn beside(definition: &Definition, attribute: &Attribute, other: &At<String>, what: &str, problems: &mut Problems) {
    let source = &definition.source;
    let Some(found) = definition.attributes.iter().find(|found| found.name.it == other.it) else {
        let known = definition.attributes.iter().map(|attribute| attribute.name.it.as_str());
        let of_resource = definition.action_of.as_ref().map(|of| &of.resource.attributes);
        let is_left_out = of_resource.is_some_and(|all| all.iter().any(|own| own.name.it == other.it));
        if is_left_out {
            let message = format!("`{}` is compared with `{}`, which is not sent with it", attribute.name.it, other.it);
            let problem = Problem::new(Code::ActionInput, source, other.span.clone(), message);
            return problems.add(problem.help(format!("take `{}` in `input:` too", other.it)));
        }
        let message = format!("there is no attribute `{}`", other.it);
        let problem = Problem::new(Code::UnknownReference, source, other.span.clone(), message);
        return problems.add(problem.suggest(&other.it, known));
    };
    let mut refuse = |why: &str| {
        let message = format!("`{}` {why} `{}`", attribute.name.it, found.name.it);
        let problem = Problem::new(Code::RuleMismatch, source, other.span.clone(), message);
        let problem = problem.other(source, found.name.span.clone(), "this one");
        problems.add(problem.help(format!("{what} two attributes of one type that one body carries")));
    };
    let sent = |verb: &VerbName| attribute.access.writes(*verb) && !found.access.writes(*verb);
    if std::mem::discriminant(&attribute.kind) != std::mem::discriminant(&found.kind) {
        refuse("has another type than");
    } else if [VerbName::Post, VerbName::Patch].iter().any(sent) {
        refuse("is sent without");
    }
}

fn needs_error(definition: &Definition, name: &At<String>, problems: &mut Problems) {
    if !definition.errors.iter().any(|error| error.name.it == name.it) {
        let message = format!("there is no error `{}`", name.it);
        let problem = Problem::new(Code::MissingError, &definition.source, name.span.clone(), message);
        problems.add(
            problem
                .label("not under `errors:`")
                .help(format!("add it under `errors:`: `{}: {{ status: 422, code: \"…\", detail: … }}`", name.it))
                .suggest(&name.it, definition.errors.iter().map(|error| error.name.it.as_str())),
        );
    }
}
