//! The rules of attributes, storage and the code table.

use crate::definition::{Access, At, Attribute, Computed, Condition, Definition, EntityTags, Kind, Refusal, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;

pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    ids(definition, problems);
    for attribute in &definition.attributes {
        constraints(definition, attribute, problems);
        if definition.storage.is_some() {
            storable(definition, attribute, problems);
        }
    }
    references(definition, problems);
    storage(definition, problems);
}

fn ids(definition: &Definition, problems: &mut Problems) {
    let ids: Vec<&Attribute> = definition.attributes.iter().filter(|attribute| attribute.id).collect();
    let source = &definition.source;
    if let [first, second, ..] = ids.as_slice() {
        let problem = Problem::new(Code::IdAttribute, source, second.name.span.clone(), "a resource has one id");
        problems.add(problem.label("a second one").other(source, first.name.span.clone(), "the first"));
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
    for id in ids.iter().filter(|id| !matches!(id.kind, Kind::String | Kind::Uuid)) {
        problems.add(Problem::new(Code::IdAttribute, source, id.name.span.clone(), "an id is a string or a uuid"));
    }
}

/// Names that generated code uses for itself.
const RESERVED: [&str; 6] = ["id", "members", "violations", "row", "input", "owner"];

fn constraints(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let source = &definition.source;
    if !attribute.id && RESERVED.contains(&attribute.name.it.as_str()) {
        let message = format!("`{}` is not a usable name", attribute.name.it);
        problems.add(
            Problem::new(Code::BadName, source, attribute.name.span.clone(), message).label("generated code uses it"),
        );
    }
    let texty = matches!(attribute.kind, Kind::String | Kind::Text);
    let number = matches!(attribute.kind, Kind::Int | Kind::Money);
    let mut refuse = |wrong: bool, why: &str| {
        if wrong {
            let message = format!("`{}` {why}", attribute.name.it);
            problems.add(Problem::new(Code::RuleMismatch, source, attribute.name.span.clone(), message));
        }
    };
    let patterns = attribute.rules.iter().any(|rule| matches!(rule.holds, Condition::Pattern(_)));
    let of_texts = attribute.email || attribute.trim || attribute.password || !attribute.choice.is_empty() || patterns;
    refuse(of_texts && !texty, "is no text and cannot have rules of texts");
    let bounds = attribute.min.is_some() || attribute.max.is_some();
    refuse(bounds && !texty && !number, "is neither a text nor a number and cannot have `min` or `max`");
    let of_numbers = attribute.greater_than.is_some() || attribute.less_than.is_some() || attribute.numeric;
    refuse(of_numbers && !number, "is no number and cannot have rules of numbers");
    refuse(attribute.is_true && !matches!(attribute.kind, Kind::Bool), "is no `bool` and cannot have to be `true`");
    if attribute.secret && attribute.access.reads() && !attribute.id {
        let message = format!("`{}` is secret but would be returned", attribute.name.it);
        let problem = Problem::new(Code::RuleMismatch, source, attribute.name.span.clone(), message);
        problems.add(problem.help("give it `access: create` or `access: update`"));
    }
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
    for rule in &attribute.rules {
        match &rule.holds {
            Condition::Pattern(pattern) => parses(definition, pattern, problems),
            Condition::Equals(other) => {
                let known = definition.attributes.iter().map(|attribute| attribute.name.it.as_str());
                if !known.clone().any(|name| name == other.it) {
                    let message = format!("there is no attribute `{}`", other.it);
                    let problem = Problem::new(Code::UnknownReference, source, other.span.clone(), message);
                    problems.add(problem.suggest(&other.it, known));
                }
            }
            Condition::Check(function) => {
                if syn::parse_str::<syn::Path>(&function.it).is_err() {
                    let message = format!("`{}` is not the path of a function", function.it);
                    problems.add(Problem::new(Code::BadName, source, function.span.clone(), message));
                }
            }
        }
        if let Refusal::Error(error) = &rule.refusal {
            needs_error(definition, error, problems);
        }
    }
}

fn parses(definition: &Definition, pattern: &At<String>, problems: &mut Problems) {
    if let Err(error) = regex::Regex::new(&pattern.it) {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().to_owned();
        let problem =
            Problem::new(Code::BadPattern, &definition.source, pattern.span.clone(), "this pattern does not parse");
        problems.add(problem.label(reason));
    }
}

fn needs_error(definition: &Definition, name: &At<String>, problems: &mut Problems) {
    if !definition.errors.iter().any(|error| error.name.it == name.it) {
        let message = format!("there is no error `{}`", name.it);
        let problem = Problem::new(Code::UnknownReference, &definition.source, name.span.clone(), message);
        problems.add(
            problem
                .label("not under `errors:`")
                .suggest(&name.it, definition.errors.iter().map(|error| error.name.it.as_str())),
        );
    }
}

fn storable(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let mut refuse = |why: String| {
        problems.add(Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), why));
    };
    let (name, column) =
        (&attribute.name.it, attribute.column.clone().unwrap_or_else(|| names::snake(&attribute.name.it)));
    if attribute.computed.is_none() && (!names::is_snake(&column) || names::ident(&column) != column) {
        refuse(format!("`{column}` is not a usable column: name another one with `column:`"));
    }
    let shaped = match &attribute.computed {
        None => true,
        Some(Computed::Count { .. }) => matches!(attribute.kind, Kind::Int) && !attribute.nullable,
        Some(Computed::Lookup { .. }) => matches!(attribute.kind, Kind::String) && attribute.nullable,
    };
    if attribute.computed.is_some() && (!shaped || attribute.access != Access::Read) {
        refuse(format!("`{name}` is computed: a count is an `int`, a lookup a nullable `string`, with `access: read`"));
    }
    let posts =
        definition.verbs.iter().any(|verb| verb.verb == VerbName::Post) && attribute.access.writes(VerbName::Post);
    if posts && !attribute.id && !attribute.nullable && !attribute.required.contains(&VerbName::Post) {
        refuse(format!(
            "`{name}` may be left out of POST, but its column cannot be null: add `required: true` or `nullable: true`"
        ));
    }
    if definition.owner.as_ref().is_some_and(|owner| owner.it == *name) && attribute.access != Access::Read {
        refuse(format!("`{name}` decides whose row this is: it needs `access: read`"));
    }
    if matches!(attribute.kind, Kind::List(_) | Kind::Object(_) | Kind::Map | Kind::Decimal) {
        let message = format!("`{}` cannot be a column", attribute.name.it);
        let problem = Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), message);
        problems.add(problem.help("serve the resource with a `handler:`"));
    }
}

fn references(definition: &Definition, problems: &mut Problems) {
    let stored: Vec<&str> =
        definition.attributes.iter().filter(|a| a.computed.is_none()).map(|a| a.name.it.as_str()).collect();
    let owner = definition.owner.as_ref().map(|at| at.it.as_str());
    let unique = definition.storage.iter().flat_map(|storage| storage.unique.iter().flatten());
    for name in definition.list.sort.iter().chain(&definition.list.filter).chain(unique) {
        if !stored.contains(&name.it.as_str()) && owner != Some(name.it.as_str()) {
            let problem = Problem::new(
                Code::UnknownReference,
                &definition.source,
                name.span.clone(),
                format!("there is no column `{}`", name.it),
            );
            problems.add(problem.suggest(&name.it, stored.iter().copied()));
        }
    }
}

fn storage(definition: &Definition, problems: &mut Problems) {
    let Some(storage) = &definition.storage else {
        return;
    };
    let missing = |name: &str, why: &str| {
        let problem = Problem::new(
            Code::UnknownReference,
            &definition.source,
            storage.table.span.clone(),
            format!("there is no error `{name}`"),
        );
        problem.help(format!("{why}: add it under `errors:`"))
    };
    for verb in &definition.verbs {
        let mut refuse = |why: &str| {
            let message = format!("`{}` {why}", verb.verb.as_str());
            problems.add(Problem::new(Code::NotServable, &definition.source, verb.span.clone(), message));
        };
        let id_is_uuid =
            definition.attributes.iter().any(|attribute| attribute.id && matches!(attribute.kind, Kind::Uuid));
        if verb.verb == VerbName::Post && !id_is_uuid {
            refuse("makes ids, which only a `uuid` can be");
        }
        let writes = |attribute: &Attribute| !attribute.id && attribute.access.writes(VerbName::Patch);
        let dated = definition.attributes.iter().any(|attribute| attribute.name.it == "updatedAt");
        if verb.verb == VerbName::Patch && !(definition.attributes.iter().any(writes) && dated) {
            refuse("needs an attribute that can be written, and `updatedAt`");
        }
    }
    let has = |name: &str| definition.errors.iter().any(|error| error.name.it == name);
    if definition.verbs.iter().any(|verb| definition.takes_id(verb.verb)) && !has("notFound") {
        problems.add(missing("notFound", "a row may not be there"));
    }
    let changes = definition.verbs.iter().find(|verb| matches!(verb.verb, VerbName::Patch | VerbName::Delete));
    let tagged = changes.filter(|_| definition.entity_tags != EntityTags::None);
    let dated = definition.attributes.iter().any(|attribute| attribute.name.it == "updatedAt");
    if let Some(verb) = tagged.filter(|_| !dated) {
        let message = format!("`{}` is tagged, so its rows need `updatedAt`", verb.verb.as_str());
        problems.add(Problem::new(Code::NotServable, &definition.source, verb.span.clone(), message));
    }
    let is_caller = definition.parent.as_ref().is_some_and(|parent| parent.is_caller);
    if is_caller && !has("foreignParent") {
        problems.add(missing("foreignParent", "the parent may be somebody else's"));
    }
    if definition.parent.is_some() && !has("parentNotFound") && !has("notFound") {
        problems.add(missing("parentNotFound", "the parent may not be there"));
    }
    let creates = definition.verbs.iter().any(|verb| verb.verb.has_body());
    if creates && !storage.unique.is_empty() && !has("duplicate") {
        problems.add(missing("duplicate", "a unique row may already be there"));
    }
    if let Some(owner) = &definition.owner
        && storage.owner.is_none()
        && !definition.attributes.iter().any(|attribute| attribute.name.it == owner.it)
    {
        let message = format!("`{}` is neither an attribute nor a column of the storage", owner.it);
        let problem = Problem::new(Code::UnknownReference, &definition.source, owner.span.clone(), message);
        problems
            .add(problem.help("name its column: `storage: { owner: { column: fk_customer, identifier: surrogate } }`"));
    }
}
