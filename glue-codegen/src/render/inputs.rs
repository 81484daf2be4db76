//! Inputs: the struct that a handler gets, and the statements that read and check it.

use super::quote::{DocText, RustStr};
use super::types::{FieldView, describe, lengths};
use super::{examples, types};
use crate::definition::{Attribute, Definition, Kind, VerbName};
use crate::names;

/// The input of one verb.
pub(super) struct InputView {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) fields: Vec<FieldView>,
    pub(super) known: String,
    pub(super) statements: Vec<String>,
    pub(super) values: Vec<String>,
    pub(super) patterns: Vec<PatternView>,
}

/// A pattern that is compiled once.
pub(super) struct PatternView {
    pub(super) constant: String,
    pub(super) pattern: String,
}

/// `CreateWishlist`, `UpdateWishlist`.
pub(super) fn name(definition: &Definition, verb: VerbName) -> String {
    let prefix = if verb == VerbName::Post { "Create" } else { "Update" };
    format!("{prefix}{}", names::pascal(&definition.singular))
}

/// The inputs of the verbs that take one.
pub(super) fn of(definition: &Definition) -> Vec<InputView> {
    let verbs = definition.verbs.iter().map(|verb| verb.verb).filter(|verb| verb.has_body());
    verbs.map(|verb| input(definition, verb)).collect()
}

fn input(definition: &Definition, verb: VerbName) -> InputView {
    let attributes: Vec<&Attribute> = examples::written(definition, verb).collect();
    let known: Vec<String> = attributes.iter().map(|a| RustStr(&a.name.it).to_string()).collect();
    let doc = format!("What clients send with `{}`.", if verb == VerbName::Post { "POST" } else { "PATCH" });
    InputView {
        name: name(definition, verb),
        doc: DocText(&doc).to_string(),
        known: known.join(", "),
        fields: attributes.iter().map(|attribute| field(definition, attribute, verb)).collect(),
        statements: attributes.iter().flat_map(|attribute| statements(definition, attribute, verb)).collect(),
        values: attributes.iter().map(|attribute| value(attribute, verb)).collect(),
        patterns: attributes.iter().flat_map(|attribute| patterns(attribute)).collect(),
    }
}

fn field(definition: &Definition, attribute: &Attribute, verb: VerbName) -> FieldView {
    let ty = match attribute.kind {
        Kind::Int | Kind::Money => "i64",
        Kind::Bool => "bool",
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Date
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => "String",
    };
    let required = attribute.required.contains(&verb);
    let mut parts = if matches!(attribute.kind, Kind::String | Kind::Text) { lengths(attribute) } else { Vec::new() };
    if attribute.secret {
        parts.push("format = Password".into());
    }
    if !required && !attribute.nullable {
        parts.push("nullable = false".into());
    }
    FieldView {
        doc: DocText(&describe(definition, attribute)).to_string(),
        wire: RustStr(&attribute.name.it).to_string(),
        ident: names::ident(&names::snake(&attribute.name.it)),
        ty: if required { ty.to_owned() } else { format!("Option<{ty}>") },
        schema: if parts.is_empty() { String::new() } else { format!("#[schema({})]", parts.join(", ")) },
    }
}

fn value(attribute: &Attribute, verb: VerbName) -> String {
    let ident = names::ident(&names::snake(&attribute.name.it));
    let question = if attribute.required.contains(&verb) { "?" } else { "" };
    format!("{ident}: {ident}.value(){question}")
}

fn statements(definition: &Definition, attribute: &Attribute, verb: VerbName) -> Vec<String> {
    let (path, ident) = (RustStr(&attribute.name.it).to_string(), names::ident(&names::snake(&attribute.name.it)));
    let (rust, word) = match attribute.kind {
        Kind::Int | Kind::Money => ("i64", "integer"),
        Kind::Bool => ("bool", "bool"),
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Date
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => ("String", "string"),
    };
    let mut lines = vec![format!("let {ident} = members.field::<{rust}>({path});")];
    if attribute.required.contains(&verb) {
        lines.push(format!("violations.present({path}, &{ident});"));
    }
    lines.push(format!("violations.typed({path}, &{ident}, \"{word}\");"));
    let required_somewhere = !attribute.required.is_empty();
    if rust == "String" {
        if required_somewhere {
            lines.push(format!("violations.not_blank({path}, &{ident});"));
        }
        lines.push(format!("violations.storable({path}, &{ident});"));
        if attribute.email {
            lines.push(format!("violations.email({path}, &{ident});"));
        }
        lines.extend(attribute.min.map(|min| format!("violations.min_length({path}, &{ident}, {min});")));
        lines.extend(attribute.max.map(|max| format!("violations.max_length({path}, &{ident}, {max});")));
        if matches!(attribute.kind, Kind::Uuid) {
            lines.push(format!("violations.uuid({path}, &{ident});"));
        }
    } else if required_somewhere {
        lines.push(format!("violations.not_null({path}, &{ident});"));
    }
    if attribute.trim {
        // A blank is not blank: only the resource's own rules and the storage see the trimmed text.
        lines.push(format!("let {ident} = {ident}.map(|text| text.trim().to_owned());"));
    }
    for (number, rule) in attribute.rules.iter().enumerate() {
        let (constant, row) =
            (pattern_name(attribute, number), super::operations::error_constant(definition, &rule.error.it, verb));
        lines.push(format!("violations.rule(&{ident}, |text| {constant}.is_match(text), &errors::{row});"));
    }
    lines
}

fn patterns(attribute: &Attribute) -> Vec<PatternView> {
    let view = |(number, rule): (usize, &crate::definition::Rule)| PatternView {
        constant: pattern_name(attribute, number),
        pattern: RustStr(&rule.pattern.it).to_string(),
    };
    attribute.rules.iter().enumerate().map(view).collect()
}

fn pattern_name(attribute: &Attribute, number: usize) -> String {
    let base = names::constant(&types::column(attribute));
    if number == 0 { format!("{base}_PATTERN") } else { format!("{base}_PATTERN_{}", number + 1) }
}
