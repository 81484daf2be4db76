//! Examples that validate against the schemas they stand beside.

use serde_json::{Map, Value, json};

use crate::definition::{Attribute, Definition, Format, Kind, StateGuard, VerbName};
use crate::names;

/// Where example links point.
const BASE: &str = "https://glue.example.test";

/// The example of a resource's id.
pub(super) fn id(definition: &Definition) -> Value {
    definition.attributes.iter().find(|attribute| attribute.id).map_or(Value::Null, value)
}

/// The body that `verb` takes.
pub(super) fn request(definition: &Definition, verb: VerbName) -> Value {
    // A form's parameters depend on each other: the definition says which ones make an example.
    let shown = |attribute: &&Attribute| !definition.format.is_form() || attribute.example.is_some();
    let attributes: Map<String, Value> =
        written(definition, verb).filter(shown).map(|a| (a.name.it.clone(), value(a))).collect();
    match definition.format {
        Format::Form | Format::Page | Format::Json { .. } => Value::Object(attributes),
        Format::JsonApi => {
            json!({ "data": { "type": definition.name.it, "attributes": attributes } })
        }
    }
}

/// The body that `verb` takes, with what it has to carry and no more.
pub(super) fn smallest(definition: &Definition, verb: VerbName) -> Value {
    let always = |attribute: &&Attribute| attribute.required.contains(&verb);
    let is = |state: &StateGuard| {
        let other = written(definition, verb).filter(always).find(|other| other.name.it == state.attribute.it);
        let word = other.map(|other| names::plain(&value(other)));
        state.words.iter().any(|known| Some(&known.it) == word.as_ref())
    };
    let needed = written(definition, verb).filter(|a| always(a) || a.required_when.iter().any(is));
    let attributes: Map<String, Value> = needed.map(|a| (a.name.it.clone(), value(a))).collect();
    match definition.format {
        Format::Form | Format::Page | Format::Json { .. } => Value::Object(attributes),
        Format::JsonApi => json!({ "data": { "type": definition.name.it, "attributes": attributes } }),
    }
}

/// The body that `verb` answers with.
pub(super) fn response(definition: &Definition, verb: VerbName) -> Value {
    match definition.format {
        Format::Form => return told(Value::Object(read(definition))),
        Format::Page => return "<!doctype html>".into(),
        Format::Json { single } if single && verb != VerbName::List => {
            return told(Value::Object(read(definition)));
        }
        Format::Json { .. } => return json!([read(definition)]),
        Format::JsonApi => {}
    }
    let name = &definition.name.it;
    let id = if definition.shows_ids() { id(definition) } else { Value::Null };
    let collection = format!("{BASE}{}", example_path(definition));
    let this = id.as_str().map_or_else(|| collection.clone(), |id| format!("{collection}/{id}"));
    let resource = json!({ "type": name, "id": id, "attributes": read(definition), "links": { "self": this } });
    match verb {
        VerbName::List => {
            json!({ "data": [resource], "links": { "self": collection } })
        }
        VerbName::Get | VerbName::Post | VerbName::Patch | VerbName::Delete => {
            json!({ "data": resource })
        }
    }
}

/// Where the collection of the examples is.
pub(super) fn example_path(definition: &Definition) -> String {
    if let Some(path) = &definition.path {
        let mut values = path_values(definition).into_iter();
        let filled = path.it.split('/').map(|segment| match segment.starts_with('{') {
            true => values.next().unwrap_or_default(),
            false => segment.to_owned(),
        });
        return filled.collect::<Vec<_>>().join("/");
    }
    let above = definition.ancestors.iter();
    let above: String = above.map(|a| format!("/{}/{}", a.name, value(&a.id).as_str().unwrap_or_default())).collect();
    format!("{above}/{}", definition.name.it)
}

/// An example for each parameter of a custom path: that of the attribute of the same name, where there is one.
pub(super) fn path_values(definition: &Definition) -> Vec<String> {
    let path = definition.path.as_ref().map_or("", |path| path.it.as_str());
    let named = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let example = |name: &str| {
        let own = definition.attributes.iter().find(|attribute| attribute.name.it == name).map(value);
        let id = definition.ancestors.iter().find(|a| format!("{}Id", names::camel(&a.singular)) == name);
        own.or_else(|| id.map(|ancestor| value(&ancestor.id)))
    };
    named.map(|name| example(name).map_or_else(|| "example".to_owned(), |value| names::plain(&value))).collect()
}

/// The attributes that the body of `verb` may carry.
pub(super) fn written(definition: &Definition, verb: VerbName) -> impl Iterator<Item = &Attribute> {
    definition.attributes.iter().filter(move |attribute| !attribute.id && attribute.access.writes(verb))
}

/// What is left out when there is nothing to say about it.
fn told(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(members.map(|(name, member)| (name, told(member))).collect())
        }
        Value::Array(items) => items.into_iter().map(told).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn read(definition: &Definition) -> Map<String, Value> {
    let readable = definition.attributes.iter().filter(|attribute| !attribute.id && attribute.access.reads());
    readable.map(|attribute| (attribute.name.it.clone(), value(attribute))).collect()
}

pub(super) fn value(attribute: &Attribute) -> Value {
    match &attribute.example {
        Some(example) => serde_json::from_str(example).unwrap_or(Value::Null),
        None => kind(&attribute.kind, attribute),
    }
}

fn kind(of: &Kind, attribute: &Attribute) -> Value {
    match of {
        Kind::String | Kind::Text if !attribute.choice.is_empty() => {
            attribute.choice.first().cloned().unwrap_or_default().into()
        }
        Kind::String | Kind::Text if attribute.email => "sonia@acme.com".into(),
        Kind::String | Kind::Text => {
            let text = "Example";
            let length = |bound: Option<i64>| bound.and_then(|bound| usize::try_from(bound).ok());
            let (least, most) = (length(attribute.min).unwrap_or(0), length(attribute.max).unwrap_or(text.len()));
            text.chars().cycle().take(text.len().min(most).max(least)).collect::<String>().into()
        }
        Kind::Int | Kind::Money => {
            let usual = if matches!(of, Kind::Int) { 1 } else { 1999 };
            let least = attribute.min.or(attribute.greater_than.map(|bound| bound.saturating_add(1)));
            let most = attribute.max.or(attribute.less_than.map(|bound| bound.saturating_sub(1)));
            usual.min(most.unwrap_or(usual)).max(least.unwrap_or(i64::MIN)).into()
        }
        Kind::Decimal => "1.5".into(),
        Kind::Bool => true.into(),
        Kind::Date => day(attribute).into(),
        Kind::DateTime => format!("{} 09:30:00.000000", day(attribute)).into(),
        Kind::Uuid => "0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b42".into(),
        Kind::Enum(words) => words.first().cloned().unwrap_or_default().into(),
        Kind::List(of) => {
            let items = attribute.min.and_then(|min| usize::try_from(min).ok()).unwrap_or(1).max(1);
            vec![kind(of, &Attribute { min: None, max: None, ..attribute.clone() }); items].into()
        }
        Kind::Object(members) => {
            members.iter().map(|member| (member.name.it.clone(), value(member))).collect::<Map<_, _>>().into()
        }
        Kind::Map => json!({ "key": "value" }),
    }
}

/// A day within the bounds of an attribute, whichever day it is.
fn day(attribute: &Attribute) -> &str {
    let earliest = attribute.earliest.as_ref().map(|at| at.it.as_str());
    let latest = attribute.latest.as_ref().map(|at| at.it.as_str());
    match (earliest, latest) {
        (Some("today"), None | Some("today")) => "2099-12-31",
        (Some("today"), Some(day)) | (Some(day), _) => day,
        (None, Some("today")) => "2000-01-31",
        (None, Some(day)) => day,
        (None, None) => "2026-01-31",
    }
}
