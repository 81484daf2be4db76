//! The code table of a resource, and which of its rows a verb can give.

use super::examples;
use super::quote::{DocText, RustStr};
use crate::definition::{At, Attribute, Definition, ErrorUse, Refusal, VerbName};
use crate::names;

pub(super) struct ErrorView {
    pub(super) constant: String,
    pub(super) doc: String,
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) detail: String,
    pub(super) german: String,
    pub(super) kind: &'static str,
    pub(super) samples: String,
}

/// The rows of the code table that `verb` can give, as the resource's own code names them.
pub(super) fn rows(definition: &Definition, verb: VerbName) -> Vec<String> {
    let given = given(definition, verb).into_iter();
    given.map(|(error, constant)| possible(error, &format!("errors::{constant}"), None)).collect()
}

/// The errors that `verb` can give, each with the constant of its row.
pub(super) fn given(definition: &Definition, verb: VerbName) -> Vec<(&ErrorUse, String)> {
    let gives = |error: &&ErrorUse| match &error.on {
        Some(on) => on.contains(&verb),
        None if is_said_in_whole(definition) => acted(definition, &error.name.it),
        None if definition.storage.is_none() => true,
        None => match error.name.it.as_str() {
            "notFound" => definition.takes_id(verb) || below_unknown(definition),
            "duplicate" => verb.has_body(),
            "parentNotFound" | "foreignParent" => true,
            "inUse" => verb == VerbName::Delete && definition.target.referred,
            name if names_reference(definition, verb, name) => true,
            "state" => definition.verbs.iter().any(|of| of.verb == verb && !of.guards.is_empty()),
            "transition" => verb == VerbName::Patch && definition.has_transitions(),
            name => examples::written(definition, verb).any(|a| {
                verb.has_body()
                    && a.rules.iter().any(|rule| matches!(&rule.refusal, Refusal::Error(error) if error.it == name))
            }),
        },
    };
    let rows = definition.errors.iter().filter(gives);
    rows.map(|error| (error, constant(definition, &error.name.it, verb))).collect()
}

/// The rows of children's code tables that a request for their parent can be answered with: of their rules, and of what
/// they refer to.
pub(super) fn of_children(definition: &Definition) -> Vec<String> {
    let of_parent = ["notFound", "parentNotFound", "foreignParent", "duplicate", "state", "transition", "inUse"];
    let mut rows = Vec::new();
    for (_, child) in &definition.made {
        for (error, constant) in given(child, VerbName::Post) {
            if !of_parent.contains(&error.name.it.as_str()) {
                let row = format!("crate::generated::{}::errors::{constant}", child.module());
                rows.push(possible(error, &row, None));
            }
        }
    }
    rows
}

/// Whether it is an action whose definition says all that it does.
fn is_said_in_whole(definition: &Definition) -> bool {
    definition.handler.is_none() && definition.action_of.is_some()
}

/// Whether such an action can answer with an error.
fn acted(action: &Definition, name: &str) -> bool {
    let Some(of) = &action.action_of else { return false };
    let verb = &of.action.verb;
    let ruled = |attribute: &Attribute| {
        attribute.rules.iter().any(|rule| matches!(&rule.refusal, Refusal::Error(error) if error.it == name))
    };
    match name {
        "notFound" | "parentNotFound" | "foreignParent" => true,
        "duplicate" => of.resource.storage.as_ref().is_some_and(|storage| !storage.unique.is_empty()),
        "state" => !verb.guards.is_empty(),
        "transition" => of.moves(),
        _ => examples::written(action, verb.verb).any(ruled),
    }
}

/// Whether an attribute that `verb` takes refers to rows, with this error for those that are not there.
fn names_reference(definition: &Definition, verb: VerbName, name: &str) -> bool {
    let mut references = examples::written(definition, verb).filter_map(|attribute| attribute.references.as_ref());
    verb.has_body() && references.any(|reference| reference.error.it == name)
}

/// Whether a missing parent is told as a missing row is.
fn below_unknown(definition: &Definition) -> bool {
    !definition.ancestors.is_empty() && definition.errors.iter().all(|error| error.name.it != "parentNotFound")
}

/// An error of a verb: its row, the profiles and dialects that send it, and the row that behaviour names for it.
pub(super) fn possible(error: &ErrorUse, row: &str, instead_of: Option<&str>) -> String {
    let variants = |of: &str, words: &[At<String>]| {
        let words = words.iter().map(|at| format!("glue_core::profile::{of}::{}", names::pascal(&at.it)));
        words.collect::<Vec<_>>().join(", ")
    };
    let mut fields = String::new();
    for (field, of, words) in [("profiles", "Profile", &error.profiles), ("dialects", "Dialect", &error.dialects)] {
        if !words.is_empty() {
            fields.push_str(&format!("{field}: &[{}], ", variants(of, words)));
        }
    }
    if let Some(row) = instead_of {
        fields.push_str(&format!("instead_of: Some(&{row}), "));
    }
    let new = format!("glue_core::route::PossibleError::new(&{row})");
    if fields.is_empty() { new } else { format!("glue_core::route::PossibleError {{ {fields}..{new} }}") }
}

/// The constant of an error as `verb` answers with it.
pub(super) fn constant(definition: &Definition, name: &str, verb: VerbName) -> String {
    let base = names::constant(name);
    match definition.errors.iter().find(|error| error.name.it == name) {
        Some(error) if error.status_for(verb) != error.status => {
            format!("{base}_ON_{}", names::constant(verb.as_str()))
        }
        _ => base,
    }
}

/// The code table of a resource.
pub(super) fn of(definition: &Definition) -> Vec<ErrorView> {
    let mut views = Vec::new();
    for error in &definition.errors {
        let base = names::constant(&error.name.it);
        let line = definition.source.origin(&error.name.span);
        let sample = |(name, value): &(String, String)| format!("({}, {})", RustStr(name), RustStr(value));
        let samples: Vec<String> = error.samples.iter().map(sample).collect();
        let view = |constant: String, status: u16| ErrorView {
            doc: DocText(&format!("{} From {line}.", error.detail)).to_string(),
            code: RustStr(&error.code).to_string(),
            detail: RustStr(&error.detail).to_string(),
            german: error.german.as_ref().map_or("None".into(), |text| format!("Some({})", RustStr(text))),
            kind: kind(&error.code),
            samples: samples.join(", "),
            constant,
            status,
        };
        views.push(view(base.clone(), error.status));
        for (verb, status) in &error.status_on {
            views.push(view(format!("{base}_ON_{}", names::constant(verb.as_str())), *status));
        }
    }
    views
}

/// What a code is: the framework's are numbers, those of OAuth's endpoints are registered words.
fn kind(code: &str) -> &'static str {
    match code {
        "invalid_client" => "OauthClient",
        number if number.bytes().all(|digit| digit.is_ascii_digit()) => "Refusal",
        _ => "Oauth",
    }
}
