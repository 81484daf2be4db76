//! Inputs: the structs that a handler gets, and the statements that read and check them.

use super::quote::{DocText, RustStr};
use super::types::{self, FieldView, describe, lengths};
use super::{constraints, examples, states};
use crate::definition::{At, Attribute, Condition, Definition, Kind, Refusal, StateGuard, VerbName};
use crate::names;

/// The input of one verb, or a part of one.
pub(super) struct InputView {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) fields: Vec<FieldView>,
    pub(super) known: String,
    /// What answers carry and a change cannot.
    pub(super) read_only: String,
    /// What only some applications have.
    pub(super) limits: String,
    pub(super) statements: Vec<String>,
    pub(super) values: Vec<String>,
    pub(super) patterns: Vec<PatternView>,
    /// Whether it is a verb's whole input.
    pub(super) whole: bool,
    /// Whether it is stored as it was sent.
    pub(super) stored: bool,
}

/// A pattern that is compiled once.
pub(super) struct PatternView {
    pub(super) constant: String,
    pub(super) pattern: String,
}

/// `CreateWishlist`, `UpdateWishlist`.
pub(super) fn name(definition: &Definition, verb: VerbName) -> String {
    let prefix = if verb == VerbName::Post { "Create" } else { "Update" };
    format!("{prefix}{}", definition.one())
}

/// The inputs of the verbs that take one, each followed by its parts; of a child that comes with its parent too.
pub(super) fn of(definition: &Definition) -> Vec<InputView> {
    let mut inputs = Vec::new();
    let verbs = definition.verbs.iter().map(|verb| verb.verb).filter(|verb| definition.takes_body(*verb));
    let mut verbs: Vec<(VerbName, bool)> = verbs.map(|verb| (verb, true)).collect();
    if definition.target.is_made() && verbs.iter().all(|(verb, _)| *verb != VerbName::Post) {
        verbs.push((VerbName::Post, false));
    }
    for (verb, whole) in verbs {
        let doc = format!("What clients send with `{}`.", if verb == VerbName::Post { "POST" } else { "PATCH" });
        let attributes: Vec<&Attribute> = examples::written(definition, verb).collect();
        let scope = Scope { definition, verb, inside: false };
        scope.input(name(definition, verb), &doc, &attributes, whole, &mut inputs);
    }
    inputs
}

/// The definition and the verb that an input belongs to.
#[derive(Clone, Copy)]
struct Scope<'a> {
    definition: &'a Definition,
    verb: VerbName,
    /// Whether it is a part of another one.
    inside: bool,
}

impl Scope<'_> {
    fn input(self, name: String, doc: &str, attributes: &[&Attribute], whole: bool, all: &mut Vec<InputView>) {
        let known: Vec<String> = attributes.iter().map(|a| RustStr(&a.name.it).to_string()).collect();
        let at = all.len();
        all.push(InputView {
            doc: DocText(doc).to_string(),
            known: known.join(", "),
            read_only: if whole { self.read_only() } else { String::new() },
            limits: if self.inside { String::new() } else { types::limits(self.definition.attributes.iter()) },
            fields: attributes.iter().map(|attribute| self.field(&name, attribute)).collect(),
            statements: self.reading(&name, attributes),
            values: attributes.iter().map(|attribute| self.value(attribute)).collect(),
            patterns: attributes.iter().flat_map(|attribute| patterns(attribute)).collect(),
            whole,
            stored: self.inside && self.definition.stored().is_some(),
            name,
        });
        for attribute in attributes {
            if let Some(members) = attribute.kind.members().filter(|_| attribute.made.is_none()) {
                let owner = all.get(at).map(|view| view.name.clone()).unwrap_or_default();
                let doc = format!("One of `{}` as clients send it.", attribute.name.it);
                let members: Vec<&Attribute> = members.iter().collect();
                Self { inside: true, ..self }.input(part(&owner, attribute), &doc, &members, false, all);
            }
        }
    }

    fn read_only(self) -> String {
        let shown = |attribute: &&Attribute| {
            let read = !attribute.id && attribute.access.reads() && !attribute.access.writes(VerbName::Patch);
            read && self.verb == VerbName::Patch
        };
        let names = self.definition.attributes.iter().filter(shown).map(|a| RustStr(&a.name.it).to_string());
        names.collect::<Vec<_>>().join(", ")
    }

    /// Whether the body has to carry the attribute. What is stored whole is changed whole.
    fn requires(self, attribute: &Attribute) -> bool {
        let whole = self.inside && self.definition.stored().is_some();
        attribute.required.contains(&self.verb) || (whole && !attribute.required.is_empty())
    }

    /// What it is when the body does not carry it.
    fn default(self, attribute: &Attribute) -> Option<String> {
        types::literal(attribute).filter(|_| self.verb == VerbName::Post)
    }

    /// Whether `null` and nothing mean different things: a change may set a value back.
    fn may_reset(self, attribute: &Attribute) -> bool {
        attribute.nullable && self.verb == VerbName::Patch && !self.requires(attribute)
    }

    fn field(self, owner: &str, attribute: &Attribute) -> FieldView {
        let ty = rust_type(owner, attribute);
        let mut parts = match &attribute.kind {
            Kind::String | Kind::Text => lengths(attribute),
            Kind::Int | Kind::Money | Kind::List(_) => constraints::bounds(attribute),
            Kind::Decimal | Kind::Uuid | Kind::Enum(_) => types::shape(&attribute.kind),
            Kind::Bool | Kind::Date | Kind::DateTime | Kind::Object(_) | Kind::Map => Vec::new(),
        };
        if attribute.secret {
            parts.push("format = Password".into());
        }
        if attribute.deprecated {
            parts.push("deprecated".into());
        }
        if self.may_reset(attribute) {
            parts.push(format!("value_type = Option<{ty}>"));
        } else if let Some(default) = self.default(attribute) {
            parts.extend([format!("default = {default}"), "required = false".into()]);
        } else if !self.requires(attribute) && !attribute.nullable {
            parts.push("nullable = false".into());
        }
        FieldView {
            doc: DocText(&describe(attribute)).to_string(),
            wire: RustStr(&attribute.name.it).to_string(),
            ident: names::ident(&names::snake(&attribute.name.it)),
            ty: match (self.requires(attribute) || self.default(attribute).is_some(), self.may_reset(attribute)) {
                (true, _) => ty,
                (false, false) => format!("Option<{ty}>"),
                (false, true) => format!("Option<Option<{ty}>>"),
            },
            schema: parts,
            unsaid: false,
        }
    }

    fn value(self, attribute: &Attribute) -> String {
        let (ident, local) = (names::ident(&names::snake(&attribute.name.it)), local(&attribute.name.it));
        if let Some(default) = self.default(attribute) {
            return match is_text(&default) {
                true => format!("{ident}: {local}.value().unwrap_or_else(|| {default}.to_owned())"),
                false => format!("{ident}: {local}.value().unwrap_or({default})"),
            };
        }
        match (self.requires(attribute), self.may_reset(attribute)) {
            (true, _) => format!("{ident}: {local}.value()?"),
            (false, false) => format!("{ident}: {local}.value()"),
            (false, true) => format!("{ident}: {local}.sent()"),
        }
    }

    /// Reads one attribute, then checks it in the order of the contract (reference/resources.md §0.3).
    fn statements(self, owner: &str, attribute: &Attribute) -> Vec<String> {
        let (path, ident) = (RustStr(&attribute.name.it).to_string(), local(&attribute.name.it));
        let required_somewhere = !attribute.required.is_empty();
        let not_blank = required_somewhere && rust_type(owner, attribute) == "String";
        let read = if not_blank { format!("text({path})") } else { reading(owner, attribute, &path) };
        let mut lines = vec![format!("let {ident} = members.{read};")];
        let mut check = |call: String| lines.push(format!("violations.{call};"));
        if self.requires(attribute) {
            check(format!("present({path}, &{ident})"));
        }
        check(match attribute.kind {
            Kind::Date => format!("dated({path}, &{ident})"),
            Kind::DateTime => format!("timed({path}, &{ident})"),
            Kind::String
            | Kind::Text
            | Kind::Int
            | Kind::Decimal
            | Kind::Money
            | Kind::Bool
            | Kind::Uuid
            | Kind::Enum(_)
            | Kind::List(_)
            | Kind::Object(_)
            | Kind::Map => format!("typed({path}, &{ident}, \"{}\")", constraints::word(attribute)),
        });
        if rust_type(owner, attribute) == "String" {
            if not_blank {
                check(format!("not_blank({path}, &{ident})"));
            }
            check(format!("storable({path}, &{ident})"));
        }
        let never_null = attribute.default.is_some() && !not_blank;
        if never_null || (required_somewhere && rust_type(owner, attribute) != "String") {
            check(format!("not_null({path}, &{ident})"));
        }
        for call in constraints::of(attribute, &path, &ident) {
            check(call);
        }
        if matches!(attribute.kind, Kind::Decimal) && self.definition.stored().is_some() {
            check(format!("max_length({path}, &{ident}, 255)"));
        }
        if attribute.trim {
            // A blank is not blank: only the resource's own rules and the storage see the trimmed text.
            lines.push(format!("let {ident} = {ident}.map(|text| text.trim().to_owned());"));
        }
        if attribute.references.is_some() && matches!(attribute.kind, Kind::Uuid) {
            // As ids are written: what is stored is compared letter by letter.
            lines.push(format!("let {ident} = {ident}.map(|id| glue_core::value::uuid(&id).unwrap_or(id));"));
        }
        lines
    }

    /// The rules of an attribute, each with the attribute that it is compared with, where there is one.
    fn rules<'a>(self, attribute: &'a Attribute) -> impl Iterator<Item = (Option<&'a str>, String)> {
        let (path, ident) = (RustStr(&attribute.name.it).to_string(), local(&attribute.name.it));
        let conditions = attribute.required_when.iter().map({
            let (path, ident) = (path.clone(), ident.clone());
            let needed = if rust_type("", attribute) == "String" { "not_blank" } else { "not_null" };
            move |state: &'a StateGuard| {
                let (words, other) =
                    (states::literals(state.words.iter().map(|word| word.it.as_str())), local(&state.attribute.it));
                let demanded = format!("violations.present({path}, &{ident}); violations.{needed}({path}, &{ident});");
                (Some(state.attribute.it.as_str()), format!("if {other}.is_one_of(&[{words}]) {{ {demanded} }}"))
            }
        });
        let rules = attribute.rules.iter().enumerate().map(move |(number, rule)| {
            let (other, holds) = holds(attribute, number, &rule.holds);
            let line = match &rule.refusal {
                Refusal::Error(error) => {
                    let row = super::errors::constant(self.definition, &error.it, self.verb);
                    format!("violations.rule(&{ident}, {holds}, &errors::{row});")
                }
                Refusal::Message(message) => {
                    format!("violations.holds({path}, &{ident}, {holds}, {});", RustStr(message))
                }
            };
            (other, line)
        });
        conditions.chain(rules)
    }

    /// Reads and checks every attribute in order. What is compared with an attribute that is read later waits for it.
    fn reading(self, name: &str, attributes: &[&Attribute]) -> Vec<String> {
        let (mut lines, mut waiting) = (Vec::new(), Vec::new());
        for (at, attribute) in attributes.iter().enumerate() {
            lines.extend(self.statements(name, attribute));
            lines.extend(self.default(attribute).filter(|_| is_compared(attribute, attributes)).map(|default| {
                let ident = local(&attribute.name.it);
                // What nobody sent is compared as what it will be.
                let owned = if is_text(&default) { ".to_owned()" } else { "" };
                format!("let {ident} = {ident}.or(|| {default}{owned});")
            }));
            for (other, line) in self.rules(attribute) {
                let is_later = other.is_some_and(|other| attributes.iter().skip(at).any(|a| a.name.it == other));
                if is_later { waiting.push(line) } else { lines.push(line) }
            }
        }
        lines.append(&mut waiting);
        lines
    }
}

/// Whether a literal is a text.
fn is_text(literal: &str) -> bool {
    literal.ends_with('"') || literal.ends_with('#')
}

/// Whether rules of others look at an attribute.
fn is_compared(attribute: &Attribute, all: &[&Attribute]) -> bool {
    let name = &attribute.name.it;
    let looks = |other: &&Attribute| {
        let stated = other.required_when.iter().any(|state| state.attribute.it == *name);
        stated || other.rules.iter().any(|rule| rule.holds.other() == Some(name))
    };
    all.iter().any(looks)
}

/// What has to hold of an attribute, as a closure, and the attribute that it is compared with.
fn holds<'a>(attribute: &Attribute, number: usize, condition: &'a Condition) -> (Option<&'a str>, String) {
    let beside = |other: &'a At<String>, how: &str| {
        (Some(other.it.as_str()), format!("|value| {}.{how}(value)", local(&other.it)))
    };
    match condition {
        Condition::Pattern(_) => (None, format!("|text| {}.is_match(text)", pattern_name(attribute, number))),
        Condition::Equals(other) => beside(other, "equals"),
        Condition::Above { other, or_equal: true } => beside(other, "is_at_most"),
        Condition::Above { other, or_equal: false } => beside(other, "is_below"),
        // Texts are handed over as `&str`.
        Condition::Check(function) if matches!(attribute.kind, Kind::String | Kind::Text | Kind::Uuid) => {
            (None, format!("|text| {}(text.as_str())", function.it))
        }
        Condition::Check(function) => (None, function.it.clone()),
    }
}

/// The variable that holds what was sent of an attribute: no parameter of the function is hidden by it.
fn local(name: &str) -> String {
    match names::ident(&names::snake(name)).as_str() {
        taken @ ("members" | "violations") => format!("{taken}_"),
        free => free.to_owned(),
    }
}

fn rust_type(owner: &str, attribute: &Attribute) -> String {
    match &attribute.kind {
        Kind::Object(_) => part(owner, attribute),
        Kind::List(of) => match &**of {
            Kind::Object(_) => format!("Vec<{}>", part(owner, attribute)),
            Kind::Int | Kind::Money => "Vec<i64>".into(),
            Kind::Bool => "Vec<bool>".into(),
            Kind::String
            | Kind::Text
            | Kind::Decimal
            | Kind::Date
            | Kind::DateTime
            | Kind::Uuid
            | Kind::Enum(_)
            | Kind::List(_)
            | Kind::Map => "Vec<String>".into(),
        },
        Kind::Int | Kind::Money => "i64".into(),
        Kind::Bool => "bool".into(),
        Kind::Date => "glue_core::value::Date".into(),
        Kind::DateTime => "glue_core::value::DateTime".into(),
        Kind::Map => "std::collections::BTreeMap<String, String>".into(),
        Kind::String | Kind::Text | Kind::Decimal | Kind::Uuid | Kind::Enum(_) => "String".into(),
    }
}

/// The name of an object's own input; of a child, that of the input which makes it.
fn part(owner: &str, attribute: &Attribute) -> String {
    if let Some(made) = &attribute.made {
        return format!("crate::generated::{}::attributes::Create{}", made.module, made.one);
    }
    format!("{owner}{}", names::pascal(&names::singular(&attribute.name.it)))
}

fn patterns(attribute: &Attribute) -> Vec<PatternView> {
    let view = |(number, rule): (usize, &crate::definition::Rule)| match &rule.holds {
        Condition::Pattern(pattern) => {
            Some(PatternView { constant: pattern_name(attribute, number), pattern: RustStr(&pattern.it).to_string() })
        }
        Condition::Equals(_) | Condition::Above { .. } | Condition::Check(_) => None,
    };
    attribute.rules.iter().enumerate().filter_map(view).collect()
}

fn pattern_name(attribute: &Attribute, number: usize) -> String {
    let base = names::constant(&attribute.column_name());
    if number == 0 { format!("{base}_PATTERN") } else { format!("{base}_PATTERN_{}", number + 1) }
}

/// How an attribute is taken from what was sent: a method of `Members`.
fn reading(owner: &str, attribute: &Attribute, path: &str) -> String {
    match &attribute.kind {
        Kind::Object(_) => format!("object::<{}>({path}, violations)", part(owner, attribute)),
        Kind::List(of) if matches!(**of, Kind::Object(_)) => {
            format!("objects::<{}>({path}, violations)", part(owner, attribute))
        }
        Kind::Int | Kind::Money if attribute.numeric => format!("numeric({path})"),
        Kind::Date => format!("date({path})"),
        Kind::DateTime => format!("date_time({path})"),
        Kind::Map => format!("texts({path})"),
        Kind::String
        | Kind::Text
        | Kind::Int
        | Kind::Decimal
        | Kind::Money
        | Kind::Bool
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::List(_) => format!("field::<{}>({path})", rust_type(owner, attribute)),
    }
}
