//! The constraints of an attribute: how they are checked, and what the documents say of them.

use super::quote::RustStr;
use super::types;
use crate::definition::{Attribute, Kind};

/// The framework's constraints of an attribute, in order.
pub(super) fn of(attribute: &Attribute, path: &str, ident: &str) -> Vec<String> {
    let mut calls = Vec::new();
    if attribute.email {
        calls.push(format!("email({path}, &{ident})"));
    }
    let mut words = attribute.choice.clone();
    if let Kind::Enum(of) = &attribute.kind {
        words.extend(of.iter().cloned());
    }
    if !words.is_empty() {
        let words: Vec<String> = words.iter().map(|word| RustStr(word).to_string()).collect();
        calls.push(format!("choice({path}, &{ident}, &[{}])", words.join(", ")));
    }
    let (least, most) = limits(attribute).checks;
    let bound = |name: &str, value: String| format!("{name}({path}, &{ident}, {value})");
    calls.extend(attribute.min.map(|n| bound(least, n.to_string())));
    calls.extend(attribute.max.map(|n| bound(most, n.to_string())));
    calls.extend(attribute.earliest.as_ref().map(|at| bound("not_before", day(&at.it))));
    calls.extend(attribute.latest.as_ref().map(|at| bound("not_after", day(&at.it))));
    calls.extend(attribute.greater_than.map(|n| bound("greater_than", n.to_string())));
    calls.extend(attribute.less_than.map(|n| bound("less_than", n.to_string())));
    if attribute.is_true {
        calls.push(format!("is_true({path}, &{ident})"));
    }
    if attribute.password {
        calls.push(format!("password({path}, &{ident})"));
    }
    if matches!(attribute.kind, Kind::Decimal) {
        calls.push(format!("decimal({path}, &{ident})"));
    }
    if matches!(attribute.kind, Kind::Uuid) {
        calls.push(format!("uuid({path}, &{ident})"));
    }
    calls
}

/// The type's name in the message of its violation.
pub(super) fn word(attribute: &Attribute) -> &str {
    if let Some(named) = &attribute.named {
        return named;
    }
    match attribute.kind {
        Kind::Int | Kind::Money if attribute.numeric => "numeric",
        Kind::Int | Kind::Money => "integer",
        Kind::Bool => "bool",
        Kind::List(_) | Kind::Object(_) | Kind::Map => "array",
        Kind::String | Kind::Text | Kind::Decimal | Kind::Date | Kind::DateTime | Kind::Uuid | Kind::Enum(_) => {
            "string"
        }
    }
}

/// A bound of days, as an expression.
fn day(text: &str) -> String {
    match text {
        "today" => "glue_core::input::DayBound::Today".into(),
        day => format!("glue_core::input::DayBound::On({})", types::day(day)),
    }
}

/// What `min` and `max` of an attribute are called.
struct Limits {
    /// The framework's constraints.
    checks: (&'static str, &'static str),
    /// The keywords of its schema.
    schema: (&'static str, &'static str),
}

fn limits(attribute: &Attribute) -> Limits {
    match attribute.kind {
        Kind::Int | Kind::Money => Limits { checks: ("at_least", "at_most"), schema: ("minimum", "maximum") },
        Kind::List(_) => Limits { checks: ("min_items", "max_items"), schema: ("min_items", "max_items") },
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Bool
        | Kind::Date
        | Kind::DateTime
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::Object(_)
        | Kind::Map => Limits { checks: ("min_length", "max_length"), schema: ("min_length", "max_length") },
    }
}

/// What the documents say of a number, and of how many items a list has.
pub(super) fn bounds(attribute: &Attribute) -> Vec<String> {
    let (least, most) = limits(attribute).schema;
    let mut parts = Vec::new();
    parts.extend(attribute.min.map(|n| format!("{least} = {n}")));
    parts.extend(attribute.max.map(|n| format!("{most} = {n}")));
    parts.extend(attribute.greater_than.map(|n| format!("exclusive_minimum = {n}")));
    parts.extend(attribute.less_than.map(|n| format!("exclusive_maximum = {n}")));
    parts
}
