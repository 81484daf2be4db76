//! Constraints of a foreign resource as rules of attributes.

use serde_json::Value;

use super::draft::{Draft, DraftAttribute, quoted};
use super::facts::Read;
use super::properties::{bound, pattern};
use crate::definition::VerbName;

/// Reads the constraints of the fields of one method into the definition that they belong to.
pub(super) fn read(method: &str, fields: &Read<'_>, draft: &mut Draft) {
    let verb = match method.to_ascii_lowercase().as_str() {
        "post" => VerbName::Post,
        "patch" => VerbName::Patch,
        _ => return fields.lost("bodies come with POST and PATCH"),
    };
    for (name, constraints) in fields.each() {
        match draft.attribute(name) {
            Some(attribute) => field(&constraints, attribute, verb),
            None => constraints.lost(format!("the resource has no property `{name}`")),
        }
    }
}

/// A field that is listed has to be there, unless it is optional (reference/framework.md §5.1).
fn field(constraints: &Read<'_>, attribute: &mut DraftAttribute, verb: VerbName) {
    if constraints.json().is_null() {
        return constraints.carried();
    }
    let optional = constraints.items().iter().any(|item| named(item).0 == "Optional");
    if !optional && attribute.writable && !attribute.required.contains(&verb) {
        attribute.required.push(verb);
        attribute.required.sort();
        attribute.default = None;
    }
    constraints.items().iter().for_each(|item| constraint(item, attribute));
}

/// The name of a constraint and its parameters.
fn named<'a>(item: &Read<'a>) -> (String, Option<Read<'a>>) {
    let short = |name: &str| name.rsplit('\\').next().unwrap_or_default().to_owned();
    match item.text() {
        Some(name) => (short(&name), None),
        None => item.each().next().map_or_else(Default::default, |(name, of)| (short(name), Some(of))),
    }
}

fn constraint(item: &Read<'_>, attribute: &mut DraftAttribute) {
    let (name, of) = named(item);
    let message = of.as_ref().and_then(|of| of.get("message")).and_then(|message| message.text());
    match name.as_str() {
        "Optional" | "Required" => inner(item, of.as_ref(), attribute),
        "NotBlank" | "NotNull" => said(item, of.as_ref()),
        "Email" | "EmailConstraint" if attribute.is_texty() => {
            attribute.set("email", "true");
            said(item, of.as_ref());
        }
        "Length" if attribute.is_texty() => bounds(item, of.as_ref(), attribute, [("min", "min"), ("max", "max")]),
        "Range" if attribute.is_number() => bounds(item, of.as_ref(), attribute, [("min", "min"), ("max", "max")]),
        "GreaterThan" | "GreaterThanOrEqual" | "LessThan" | "LessThanOrEqual" if attribute.is_number() => {
            let key = match name.as_str() {
                "GreaterThan" => "greaterThan",
                "GreaterThanOrEqual" => "min",
                "LessThan" => "lessThan",
                _ => "max",
            };
            bounds(item, of.as_ref(), attribute, [("value", key), ("", "")]);
        }
        "Positive" if attribute.is_number() => set(item, attribute, "greaterThan", "0"),
        "PositiveOrZero" if attribute.is_number() => set(item, attribute, "min", "0"),
        "IsTrue" if attribute.kind == "bool" => set(item, attribute, "isTrue", "true"),
        "NotCompromisedPassword" if attribute.is_texty() => set(item, attribute, "password", "true"),
        "Uuid" | "Date" | "DateTime" if attribute.is_texty() && is_bound(attribute) => {
            item.lost("a text with rules of its own stays a text");
        }
        "Uuid" if attribute.is_texty() => {
            attribute.kind = "uuid".into();
            said(item, of.as_ref());
        }
        "Date" | "DateTime" if attribute.is_texty() => {
            attribute.kind = if name == "Date" { "date".into() } else { "datetime".into() };
            said(item, of.as_ref());
        }
        "Uuid" | "Date" | "DateTime" if attribute.kind == name.to_ascii_lowercase() => said(item, of.as_ref()),
        "Type" => typed(item, of.as_ref(), attribute),
        "Regex" if of.as_ref().and_then(|of| of.get("match")).is_some_and(|of| of.json() == Value::Bool(false)) => {
            item.lost("a text that must not match: write `check:` with a function");
        }
        "Regex" if attribute.is_texty() => {
            let text = message.unwrap_or_else(|| "This value is not valid.".into());
            match of.as_ref().and_then(|of| if of.text().is_some() { Some(of.clone()) } else { of.get("pattern") }) {
                Some(found) => pattern(&found, attribute, &text),
                None => item.lost("it has no pattern"),
            }
            of.iter().filter_map(|of| of.get("message")).for_each(|message| message.carried());
        }
        "Choice" => choice(item, of.as_ref(), attribute),
        "Country" if attribute.is_texty() => item.decide("an ISO 3166-1 code: `choice:` names those that you serve"),
        "Collection" => collection(item, of.as_ref(), attribute),
        "All" => elements(item, of.as_ref(), attribute),
        _ => item.lost(format!("there is no rule `{name}` for a `{}`: write `check:` with a function", attribute.kind)),
    }
}

/// Whether an attribute has rules that another type could not have.
fn is_bound(attribute: &DraftAttribute) -> bool {
    let texts = ["min", "max", "choice", "email", "example", "password"];
    let keyed = attribute.keys.iter().any(|(key, _)| texts.contains(key));
    keyed || !attribute.rules.is_empty() || attribute.default.is_some()
}

/// The constraint is what the definition says anyway; a text of its own is not kept.
fn said(item: &Read<'_>, of: Option<&Read<'_>>) {
    for (key, value) in of.iter().flat_map(|of| of.each()) {
        match key {
            "message" => value.decide("the message is the framework's own"),
            _ => value.lost("definitions have no such parameter"),
        }
    }
    item.carried();
}

fn set(item: &Read<'_>, attribute: &mut DraftAttribute, key: &'static str, value: &str) {
    if !attribute.keys.iter().any(|(known, _)| *known == key) {
        attribute.set(key, value);
    }
    item.carried();
}

fn bounds(item: &Read<'_>, of: Option<&Read<'_>>, attribute: &mut DraftAttribute, keys: [(&str, &'static str); 2]) {
    if let Some(of) = of.filter(|of| of.text().is_some()) {
        // One number is both ends of a length.
        keys.iter().filter(|(_, own)| !own.is_empty()).for_each(|(_, own)| bound(of, attribute, own));
        return of.carried();
    }
    for (key, value) in of.iter().flat_map(|of| of.each()) {
        match keys.iter().find(|(known, _)| *known == key) {
            Some((_, own)) => bound(&value, attribute, own),
            None if key.to_ascii_lowercase().contains("message") => value.decide("the message is the framework's own"),
            None => value.lost("definitions have no such parameter"),
        }
    }
    item.carried();
}

fn typed(item: &Read<'_>, of: Option<&Read<'_>>, attribute: &mut DraftAttribute) {
    let word = of.and_then(|of| of.text().or_else(|| of.get("type")?.text())).unwrap_or_default();
    let fits = match word.as_str() {
        "numeric" if attribute.is_number() => {
            attribute.set("numeric", "true");
            true
        }
        "integer" | "int" => attribute.is_number(),
        "bool" | "boolean" => {
            if attribute.kind == "bool" {
                attribute.set("named", quoted(&word));
            }
            attribute.kind == "bool"
        }
        "string" => !attribute.is_number() && attribute.kind != "bool",
        "array" => matches!(attribute.kind.as_str(), "list" | "map" | "object"),
        _ => false,
    };
    match fits {
        true => said_type(item, of),
        false => item.decide(format!("the attribute is of type `{}`", attribute.kind)),
    }
}

fn said_type(item: &Read<'_>, of: Option<&Read<'_>>) {
    of.iter().filter_map(|of| of.get("message")).for_each(|text| text.decide("the message is the framework's own"));
    item.carried();
}

fn choice(item: &Read<'_>, of: Option<&Read<'_>>, attribute: &mut DraftAttribute) {
    let Some(choices) = of.and_then(|of| if of.items().is_empty() { of.get("choices") } else { Some(of.clone()) })
    else {
        return item.lost("its words are made elsewhere");
    };
    let words: Vec<String> = choices.items().iter().filter_map(|word| Some(quoted(&word.text()?))).collect();
    if words.is_empty() || !(attribute.is_texty() || attribute.kind == "enum") {
        return item.lost("its words are no list of texts");
    }
    if attribute.is_texty() {
        attribute.set("choice", format!("[{}]", words.join(", ")));
        let fits = attribute.keys.iter().any(|(key, example)| *key == "example" && words.contains(example));
        if !fits {
            attribute.set("example", words.first().cloned().unwrap_or_default());
        }
    }
    choices.carried();
    said(item, of);
}

/// The parameters of `Optional` are constraints.
fn inner(item: &Read<'_>, of: Option<&Read<'_>>, attribute: &mut DraftAttribute) {
    let Some(of) = of else { return item.carried() };
    let constraints = of.get("constraints").unwrap_or_else(|| of.clone());
    constraints.items().iter().for_each(|item| constraint(item, attribute));
    item.carried();
}

/// The fields of a nested object.
fn collection(item: &Read<'_>, of: Option<&Read<'_>>, attribute: &mut DraftAttribute) {
    let Some(fields) = of.and_then(|of| of.get("fields")) else { return item.lost("it names no fields") };
    let members = match &mut attribute.element {
        Some(element) => &mut element.members,
        None => &mut attribute.members,
    };
    for (name, constraints) in fields.each() {
        match members.iter_mut().find(|(known, _)| known == name) {
            Some((_, member)) => {
                field(&constraints, member, VerbName::Post);
                member.nullable &= member.required.is_empty();
            }
            None => constraints.lost(format!("`{name}` is no part of it")),
        }
    }
    for (key, value) in of.iter().flat_map(|of| of.each()) {
        if key != "fields" {
            // Parts that are not listed are ignored here too.
            match key == "allowExtraFields" && value.json() == Value::Bool(true) {
                true => value.carried(),
                false => value.lost("unknown parts are ignored"),
            }
        }
    }
    item.carried();
}

/// The constraints of a list's elements.
fn elements(item: &Read<'_>, of: Option<&Read<'_>>, attribute: &mut DraftAttribute) {
    let constraints = of.map(|of| of.get("constraints").unwrap_or_else(|| of.clone()));
    for inside in constraints.iter().flat_map(Read::items) {
        match named(&inside) {
            (name, of) if name == "Collection" => collection(&inside, of.as_ref(), attribute),
            (name, Some(of)) if name == "Type" && of.text().or_else(|| of.get("type")?.text()).is_some() => {
                inside.carried();
            }
            (name, _) => inside.lost(format!("elements have their type, and no rule `{name}`")),
        }
    }
    item.carried();
}
