//! Properties of a foreign resource as attributes.

use serde_json::Value;

use super::draft::{DraftAttribute, quoted};
use super::facts::{Outcome, Read};
use crate::definition::VerbName;
use crate::names;

/// Reads one property; the name is the one that clients see.
pub(super) fn read(name: &str, of: &Read<'_>) -> (String, DraftAttribute) {
    let shown = of.take("serializedName").unwrap_or_else(|| name.to_owned());
    let mut attribute = attribute(of);
    if shown != name {
        attribute.set("column", names::snake(name));
    }
    (shown, attribute)
}

fn attribute(of: &Read<'_>) -> DraftAttribute {
    let mut attribute = DraftAttribute { readable: true, writable: true, ..DraftAttribute::default() };
    kind(of, &mut attribute);
    if let Some(text) = of.take("description") {
        attribute.set("description", quoted(&text));
    }
    if let Some(readable) = of.flag("readable") {
        attribute.readable = readable;
    }
    if let Some(writable) = of.flag("writable") {
        attribute.writable = writable;
    }
    if of.flag("required") == Some(true) && attribute.writable {
        attribute.required = vec![VerbName::Post];
    }
    attribute.nullable = of.flag("nullable") == Some(true);
    attribute.id = of.flag("identifier") == Some(true);
    default(of, &mut attribute);
    if let Some(context) = of.get("openapiContext") {
        if attribute.id {
            context.get("example").iter().for_each(|example| example.decide("documents show ids of their own kind"));
        }
        documented(&context, &mut attribute);
    }
    if let Some(name) = of.get("objectName") {
        name.decide("types of parts are called after the attribute");
    }
    if let Some(path) = of.get("serializedPath") {
        path.lost("an attribute stands where it stands: a handler can move it");
    }
    attribute
}

/// The type, by its word and by what the documents say of it.
fn kind(of: &Read<'_>, attribute: &mut DraftAttribute) {
    let context = of.get("openapiContext");
    let format = context.as_ref().and_then(|context| context.get("format"));
    let words = context.as_ref().and_then(|context| context.get("enum"));
    let said = of.get("type");
    let word = said.as_ref().and_then(Read::text).unwrap_or_else(|| "string".into());
    let (kind, question) = match word.trim_start_matches('?') {
        "string" if words.is_some() => ("enum", None),
        "string" => {
            let known = format.as_ref().and_then(Read::text);
            let formats = [("date", "date"), ("date-time", "datetime"), ("uuid", "uuid")];
            let found = formats.iter().find(|(format, _)| known.as_deref() == Some(*format));
            (found.map_or("string", |(_, kind)| *kind), None)
        }
        "integer" | "int" => ("int", None),
        "number" | "float" => ("decimal", Some("a number with a fraction is a text here: `\"1.50\"`")),
        "boolean" | "bool" => ("bool", None),
        "map" => ("map", None),
        "array" => ("list", None),
        "object" if has_members(of) => ("object", None),
        "object" => ("map", Some("an object with any keys holds texts")),
        _ => ("text", Some("a value of any type is a text here")),
    };
    // Rows that POST makes get their ids here.
    let is_id = of.get("identifier").is_some_and(|id| id.json() == Value::Bool(true));
    let question = question.or((is_id && kind != "uuid").then_some("an id is a text, and a uuid where POST makes it"));
    match (&said, question) {
        (Some(said), None) => said.carried(),
        (Some(said), Some(question)) => said.decide(question),
        (None, _) => {}
    }
    attribute.kind = kind.to_owned();
    match kind {
        "enum" => {
            let texts = words.iter().flat_map(Read::items).filter_map(|word| Some(quoted(&word.text()?)));
            attribute.set("values", format!("[{}]", texts.collect::<Vec<_>>().join(", ")));
            words.iter().for_each(|words| words.carried());
        }
        "list" => list(of, attribute),
        "object" => {
            attribute.members = members(of);
            if attribute.members.is_empty() {
                attribute.kind = "map".into();
            }
        }
        _ => {}
    }
    format.iter().for_each(|format| formatted(format, attribute));
}

/// A format is a type of its own, a rule, or nothing that is checked.
fn formatted(format: &Read<'_>, attribute: &mut DraftAttribute) {
    let is_type = ["date", "datetime", "uuid"].contains(&attribute.kind.as_str());
    match format.text().as_deref() {
        Some("email") if attribute.is_texty() => {
            attribute.set("email", "true");
            format.carried();
        }
        Some("date" | "date-time" | "uuid") if is_type => format.carried(),
        Some("int32" | "int64") if attribute.is_number() => format.carried(),
        _ => format.lost("types say what is checked"),
    }
}

/// Whether an object names its parts.
fn has_members(of: &Read<'_>) -> bool {
    of.get("properties").is_some_and(|of| of.each().next().is_some())
}

fn members(of: &Read<'_>) -> Vec<(String, DraftAttribute)> {
    let members = of.get("properties");
    let mut found: Vec<(String, DraftAttribute)> = Vec::new();
    for (name, property) in members.iter().flat_map(Read::each) {
        let (name, mut member) = read(name, &property);
        if !member.readable || !member.writable || !names::is_attribute(&name) {
            let why = "an object is sent and shown whole: what is not is no part of it";
            property.overrule(&Outcome::Lost(why.into()));
            continue;
        }
        member.id = false;
        member.keys.retain(|(key, _)| *key != "column");
        // A part is as open as the whole; what may be left out can be null.
        member.nullable |= member.required.is_empty();
        member.default = None;
        if let Some(default) = property.get("default") {
            default.lost("parts have no defaults");
        }
        found.push((name, member));
    }
    found
}

fn list(of: &Read<'_>, attribute: &mut DraftAttribute) {
    let items = of.get("items");
    let mut element = match &items {
        Some(items) => self::attribute(items),
        None => DraftAttribute { kind: "string".into(), ..DraftAttribute::default() },
    };
    if element.members.is_empty() && has_members(of) {
        element.kind = "object".into();
        element.members = members(of);
    }
    let is_empty = element.kind == "object" && element.members.is_empty();
    if is_empty || !["string", "int", "bool", "object"].contains(&element.kind.as_str()) {
        if let Some(items) = &items {
            items.get("type").iter().for_each(|kind| kind.decide("elements that are written are texts"));
        }
        element.kind = "string".into();
        element.members.clear();
    }
    attribute.element = Some(Box::new(element));
}

fn default(of: &Read<'_>, attribute: &mut DraftAttribute) {
    let Some(default) = of.get("default") else { return };
    let value = default.json();
    let fits = match (attribute.kind.as_str(), &value) {
        ("string" | "text" | "enum", Value::String(_)) | ("int", Value::Number(_)) | ("bool", Value::Bool(_)) => true,
        (_, Value::Null) => {
            attribute.nullable = true;
            return default.carried();
        }
        _ => false,
    };
    if !fits {
        return default.lost("only texts, words, numbers and flags have defaults");
    }
    if attribute.required.is_empty() {
        attribute.default = Some(value);
        attribute.nullable = false;
        default.carried();
    } else {
        default.decide("POST has to carry it, so its default is never taken");
    }
}

/// `openapiContext`: what the documents say beyond the type.
fn documented(context: &Read<'_>, attribute: &mut DraftAttribute) {
    let (texty, number) = (attribute.is_texty(), attribute.is_number());
    for (key, value) in context.each() {
        match key {
            "example" if attribute.id => {}
            "example" => example(&value, attribute),
            "minimum" | "maximum" if number => bound(&value, attribute, if key == "minimum" { "min" } else { "max" }),
            "minLength" | "maxLength" if texty => {
                bound(&value, attribute, if key == "minLength" { "min" } else { "max" });
            }
            "exclusiveMinimum" if number => bound(&value, attribute, "greaterThan"),
            "exclusiveMaximum" if number => bound(&value, attribute, "lessThan"),
            "description" if !attribute.keys.iter().any(|(key, _)| *key == "description") => {
                if let Some(text) = value.text() {
                    attribute.set("description", quoted(&text));
                    value.carried();
                }
            }
            "description" => value.decide("the property's own description stands"),
            "nullable" => {
                attribute.nullable |= value.json() == Value::Bool(true);
                value.carried();
            }
            "pattern" if texty => pattern(&value, attribute, "This value is not valid."),
            // Looked at for the type.
            "format" | "enum" => {}
            "type" => value.decide("the type of the property stands"),
            _ => value.lost("documents say what the definition says"),
        }
    }
}

/// A bound that is a whole number; of two, the narrower one counts.
pub(super) fn bound(value: &Read<'_>, attribute: &mut DraftAttribute, key: &'static str) {
    let Some(number) = value.json().as_i64().filter(|number| *number >= 0 || attribute.is_number()) else {
        return value.lost("bounds are whole numbers, and lengths are not negative");
    };
    let known = attribute.keys.iter().find(|(of, _)| *of == key).and_then(|(_, of)| of.parse::<i64>().ok());
    let lower = matches!(key, "min" | "greaterThan");
    let narrower = known.map_or(number, |known| if lower { known.max(number) } else { known.min(number) });
    attribute.set(key, narrower.to_string());
    match known {
        Some(known) if known != number => value.decide("another place says another bound: the narrower one counts"),
        _ => value.carried(),
    }
}

fn example(value: &Read<'_>, attribute: &mut DraftAttribute) {
    let json = value.json();
    let fits = match (attribute.kind.as_str(), &json) {
        ("string" | "text" | "decimal", Value::String(_))
        | ("int" | "money", Value::Number(_))
        | ("bool", Value::Bool(_)) => true,
        ("string" | "text" | "decimal", Value::Number(number)) => {
            attribute.set("example", quoted(&number.to_string()));
            return value.carried();
        }
        ("enum", Value::String(word)) => {
            attribute.keys.iter().any(|(key, words)| *key == "values" && words.contains(&quoted(word)))
        }
        ("date", Value::String(text)) => is_day(text),
        ("uuid", Value::String(text)) => text.len() == 36,
        _ => false,
    };
    if fits {
        attribute.set("example", json.to_string());
        value.carried();
    } else {
        value.decide("it does not fit the type: the documents make an example");
    }
}

/// A pattern, in the delimiters of another language or without.
pub(super) fn pattern(value: &Read<'_>, attribute: &mut DraftAttribute, message: &str) {
    let Some(text) = value.text() else { return };
    let inner = match text.chars().next().filter(|first| !first.is_alphanumeric() && !"^\\[(.".contains(*first)) {
        Some(delimiter) => text.get(1..).and_then(|rest| rest.rsplit_once(delimiter)),
        None => None,
    };
    let found = match inner {
        Some((pattern, flags)) if flags.contains('i') => format!("(?i){pattern}"),
        Some((pattern, _)) => pattern.to_owned(),
        None => text,
    };
    match regex::Regex::new(&found) {
        Ok(_) => {
            attribute.rules.push(format!("{{ pattern: {}, message: {} }}", quoted(&found), quoted(message)));
            // What the documents make up may not match.
            match attribute.keys.iter().find(|(key, _)| *key == "example") {
                Some((_, example)) if matches(&found, example) => value.carried(),
                None if matches(&found, "\"Example\"") => value.carried(),
                _ => value.decide("give it an `example:` that matches"),
            }
        }
        Err(_) => value.lost("this kind of pattern cannot be compiled without looking around"),
    }
}

fn matches(pattern: &str, example: &str) -> bool {
    let text: Option<String> = serde_json::from_str(example).ok();
    regex::Regex::new(pattern).is_ok_and(|pattern| text.is_some_and(|text| pattern.is_match(&text)))
}

/// Whether a text is a day.
fn is_day(text: &str) -> bool {
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u8>().ok()).unwrap_or(0);
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shaped && (1..=12).contains(&part(5..7)) && (1..=31).contains(&part(8..10))
}
