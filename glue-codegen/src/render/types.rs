//! The Rust, SQL and OpenAPI sides of one attribute type, kept in step here.

use super::quote::{DocText, RustStr};
use crate::definition::{Attribute, Condition, Definition, Kind};
use crate::names;

/// A struct of attributes.
pub(super) struct StructView {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) fields: Vec<FieldView>,
    /// Whether its fields are always there; none when their types say so.
    pub(super) present: Option<bool>,
    /// Whether it is stored whole, as JSON.
    pub(super) stored: bool,
}

/// One of its fields.
pub(super) struct FieldView {
    pub(super) doc: String,
    pub(super) wire: String,
    pub(super) ident: String,
    pub(super) ty: String,
    /// What the documents say beyond its type.
    pub(super) schema: Vec<String>,
    /// Whether it is left out when there is nothing to say.
    pub(super) unsaid: bool,
}

impl FieldView {
    /// Whether clients know it by another name than Rust.
    pub(super) fn renamed(&self) -> bool {
        self.wire.trim_matches('"') != self.ident
    }

    /// What the documents say of it in an answer; `present` is whether it is always there.
    pub(super) fn schema_of(&self, present: &Option<bool>) -> String {
        let present = present.map(|present| format!("required = {present}"));
        attribute(self.schema.iter().cloned().chain(present))
    }

    /// What the documents say of it in a body.
    pub(super) fn schema_of_input(&self) -> String {
        let renamed = self.renamed().then(|| format!("rename = {}", self.wire));
        attribute(renamed.into_iter().chain(self.schema.iter().cloned()))
    }
}

fn attribute(parts: impl Iterator<Item = String>) -> String {
    let parts = parts.collect::<Vec<_>>().join(", ");
    if parts.is_empty() { parts } else { format!("#[schema({parts})]") }
}

/// The struct `name` of `attributes`, and those nested in it, innermost last.
pub(super) fn structs(definition: &Definition, name: &str, doc: &str, attributes: &[&Attribute]) -> Vec<StructView> {
    let mut nested = Vec::new();
    let fields = attributes.iter().map(|attribute| field(definition, name, attribute, &mut nested)).collect();
    let doc = DocText(doc).to_string();
    let mut all = vec![StructView { name: name.to_owned(), doc, fields, present: None, stored: false }];
    for part in &mut nested {
        part.stored = definition.storage.is_some();
    }
    all.append(&mut nested);
    all
}

fn field(definition: &Definition, parent: &str, attribute: &Attribute, nested: &mut Vec<StructView>) -> FieldView {
    let wire = &attribute.name.it;
    let ty = rust_type(definition, parent, wire, &attribute.kind, nested);
    FieldView {
        doc: DocText(&describe(attribute)).to_string(),
        wire: RustStr(wire).to_string(),
        ident: names::ident(&names::snake(wire)),
        ty: if attribute.nullable { format!("Option<{ty}>") } else { ty },
        schema: schema(attribute),
        unsaid: false,
    }
}

/// Sentences on the attribute: what documents say of it.
pub(super) fn describe(attribute: &Attribute) -> String {
    let mut text = match attribute.description.as_str() {
        "" => format!("The {}.", names::spaced(&attribute.name.it)),
        said => said.to_owned(),
    };
    for (word, bound) in [("Not before", &attribute.earliest), ("Not after", &attribute.latest)] {
        text.extend(bound.iter().map(|at| format!(" {word} {}.", at.it)));
    }
    for state in &attribute.required_when {
        let words: Vec<String> = state.words.iter().map(|word| format!("`{}`", word.it)).collect();
        text.push_str(&format!(" Needed when `{}` is {}.", state.attribute.it, words.join(" or ")));
    }
    text
}

fn rust_type(definition: &Definition, parent: &str, name: &str, kind: &Kind, nested: &mut Vec<StructView>) -> String {
    match kind {
        Kind::String | Kind::Text | Kind::Uuid | Kind::Decimal | Kind::Enum(_) => "String".into(),
        Kind::Int | Kind::Money => "i64".into(),
        Kind::Bool => "bool".into(),
        Kind::Date => "glue_core::value::Date".into(),
        Kind::DateTime => "glue_core::value::DateTime".into(),
        Kind::Map => "std::collections::BTreeMap<String, String>".into(),
        Kind::List(of) => format!("Vec<{}>", rust_type(definition, parent, name, of, nested)),
        Kind::Object(members) => {
            let name = format!("{parent}{}", names::pascal(&names::singular(name)));
            let members: Vec<&Attribute> = members.iter().collect();
            nested.extend(structs(definition, &name, &format!("One of `{}`.", names::camel(&name)), &members));
            name
        }
    }
}

/// What the documents say beyond the Rust type.
fn schema(attribute: &Attribute) -> Vec<String> {
    let mut parts = Vec::new();
    match &attribute.kind {
        Kind::Uuid | Kind::Decimal | Kind::Enum(_) => parts.extend(shape(&attribute.kind)),
        Kind::String | Kind::Text if attribute.access.reads() => {}
        Kind::String | Kind::Text => parts.extend(lengths(attribute)),
        Kind::Int
        | Kind::Money
        | Kind::Bool
        | Kind::Date
        | Kind::DateTime
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => {}
    }
    if attribute.secret {
        parts.push("format = Password".to_owned());
    }
    if attribute.deprecated {
        parts.push("deprecated".to_owned());
    }
    parts
}

/// The attributes that clients can ask for, as literals.
pub(super) fn readable(definition: &Definition) -> String {
    let shown = definition.answered().attributes.iter().filter(|attribute| !attribute.id && attribute.access.reads());
    shown.map(|attribute| RustStr(&attribute.name.it).to_string()).collect::<Vec<_>>().join(", ")
}

/// The attributes that only some applications have, as values.
pub(super) fn limits<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> String {
    let limit = |attribute: &Attribute| {
        let apps: Vec<String> = attribute.only.as_ref()?.iter().map(|at| RustStr(&at.it).to_string()).collect();
        let (name, apps) = (RustStr(&attribute.name.it), apps.join(", "));
        Some(format!("glue_core::input::OnlyIn {{ attribute: {name}, applications: &[{apps}] }}"))
    };
    attributes.filter_map(limit).collect::<Vec<_>>().join(", ")
}

/// What texts of a type look like.
pub(super) fn shape(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Uuid => vec!["format = \"uuid\"".to_owned()],
        Kind::Decimal => vec!["pattern = r\"^-?[0-9]+(\\.[0-9]+)?$\"".to_owned()],
        Kind::Enum(words) => {
            let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
            vec![format!("pattern = {}", RustStr(&format!("^({})$", words.join("|"))))]
        }
        Kind::String
        | Kind::Text
        | Kind::Int
        | Kind::Money
        | Kind::Bool
        | Kind::Date
        | Kind::DateTime
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => Vec::new(),
    }
}

/// The bounds of a text that is written.
pub(super) fn lengths(attribute: &Attribute) -> Vec<String> {
    let mut parts = Vec::new();
    let min = attribute.min.or((!attribute.required.is_empty()).then_some(1));
    parts.extend(min.map(|min| format!("min_length = {min}")));
    parts.extend(attribute.max.map(|max| format!("max_length = {max}")));
    if attribute.email {
        parts.push("format = \"email\"".to_owned());
    }
    if !attribute.choice.is_empty() {
        let words: Vec<String> = attribute.choice.iter().map(|word| regex::escape(word)).collect();
        parts.push(format!("pattern = {}", RustStr(&format!("^({})$", words.join("|")))));
        return parts;
    }
    let mut patterns = attribute.rules.iter().filter_map(|rule| match &rule.holds {
        Condition::Pattern(pattern) => Some(pattern),
        Condition::Equals(_) | Condition::Above { .. } | Condition::Check(_) => None,
    });
    parts.extend(patterns.next().map(|pattern| format!("pattern = {}", RustStr(&pattern.it))));
    parts
}

/// A day, `2026-01-31`, as an expression.
pub(super) fn day(day: &str) -> String {
    // Numbers begin with no zero in Rust.
    let numbers: Vec<&str> = day.split('-').map(|number| number.trim_start_matches('0')).collect();
    format!("glue_core::route::day({})", numbers.join(", "))
}

/// Whether values of this kind are stored as JSON.
pub(super) fn is_json(kind: &Kind) -> bool {
    matches!(kind, Kind::List(_) | Kind::Object(_) | Kind::Map)
}

/// A default as a literal.
pub(super) fn literal(attribute: &Attribute) -> Option<String> {
    let text = attribute.default_text()?;
    Some(match attribute.kind {
        Kind::Int | Kind::Money | Kind::Bool => text,
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Date
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => RustStr(&text).to_string(),
    })
}

/// The column type of diesel's table.
pub(super) fn sql_type(attribute: &Attribute) -> String {
    let ty = match attribute.kind {
        Kind::Int | Kind::Money => "BigInt",
        Kind::Bool => "Bool",
        Kind::Date => "Date",
        Kind::DateTime => "Timestamp",
        Kind::String
        | Kind::Text
        | Kind::Uuid
        | Kind::Decimal
        | Kind::Enum(_)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => "Text",
    };
    if attribute.nullable { format!("Nullable<{ty}>") } else { ty.into() }
}

/// The Rust type that diesel loads a column of the resource `one` into.
pub(super) fn row_type(definition: &Definition, attribute: &Attribute) -> String {
    let ty = match &attribute.kind {
        Kind::Int | Kind::Money => "i64".to_owned(),
        Kind::Bool => "bool".into(),
        Kind::Date => "time::Date".into(),
        Kind::DateTime => "time::PrimitiveDateTime".into(),
        Kind::String | Kind::Text | Kind::Uuid | Kind::Decimal | Kind::Enum(_) => "String".into(),
        Kind::List(_) | Kind::Object(_) | Kind::Map => {
            let (one, wire) = (definition.one(), &attribute.name.it);
            let mut parts = Vec::new();
            let ty = rust_type(definition, &format!("super::attributes::{one}"), wire, &attribute.kind, &mut parts);
            format!("glue_core::db::Json<{ty}>")
        }
    };
    if attribute.nullable { format!("Option<{ty}>") } else { ty }
}

/// The expression that turns a loaded column into the attribute.
pub(super) fn from_row(attribute: &Attribute, ident: &str) -> String {
    let wrap = match attribute.kind {
        Kind::Date => "glue_core::value::Date",
        Kind::DateTime => "glue_core::value::DateTime",
        Kind::List(_) | Kind::Object(_) | Kind::Map if attribute.nullable => {
            return format!("row.{ident}.map(|stored| stored.0)");
        }
        Kind::List(_) | Kind::Object(_) | Kind::Map => return format!("row.{ident}.0"),
        Kind::String
        | Kind::Text
        | Kind::Int
        | Kind::Decimal
        | Kind::Money
        | Kind::Bool
        | Kind::Uuid
        | Kind::Enum(_) => return format!("row.{ident}"),
    };
    if attribute.nullable { format!("row.{ident}.map({wrap})") } else { format!("{wrap}(row.{ident})") }
}
