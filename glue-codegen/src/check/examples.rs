//! Examples that are what they stand for.

use serde_json::Value;

use crate::definition::{Attribute, Condition, Definition, Kind, Rule};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::render;

/// Refuses an example that the attribute itself would refuse.
pub(super) fn check(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let Some(example) = &attribute.example else { return };
    if let Some(why) = unfit(attribute, example) {
        let message = format!("the example of `{}` {why}", attribute.name.it);
        let problem = Problem::new(Code::BadExample, &definition.source, attribute.name.span.clone(), message);
        problems.add(problem.help(format!("documents show it: {example} would be refused")));
    }
}

/// Why an attribute cannot have a value, given as JSON.
pub(super) fn unfit(attribute: &Attribute, json: &str) -> Option<String> {
    let mut value: Value = serde_json::from_str(json).unwrap_or_default();
    if value.is_number() && matches!(attribute.kind, Kind::String | Kind::Text | Kind::Enum(_)) {
        // YAML took a text of digits for a number.
        value = value.to_string().into();
    }
    match (&value, attribute.nullable) {
        (Value::Null, true) => None,
        (value, _) => {
            typed(&attribute.kind, value).or_else(|| bounded(attribute, value)).or_else(|| ruled(attribute, value))
        }
    }
}

fn typed(kind: &Kind, value: &Value) -> Option<String> {
    let fits = match (kind, value) {
        (Kind::String | Kind::Text, Value::String(_) | Value::Number(_))
        | (Kind::Int | Kind::Money, Value::Number(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Object(_) | Kind::Map, Value::Object(_)) => true,
        (Kind::Decimal, Value::String(text)) => text.parse::<f64>().is_ok(),
        (Kind::Date, Value::String(text)) => names::is_date(text),
        (Kind::DateTime, Value::String(text)) => names::is_date(text.get(..10).unwrap_or_default()),
        (Kind::Uuid, Value::String(text)) => shaped(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        (Kind::Enum(words), Value::String(text)) => words.contains(text),
        (Kind::Enum(words), Value::Number(number)) => words.contains(&number.to_string()),
        (Kind::List(of), Value::Array(items)) => return items.iter().find_map(|item| typed(of, item)),
        _ => false,
    };
    (!fits).then(|| format!("is no {}", word(kind)))
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Text => "text",
        Kind::Int => "integer",
        Kind::Money => "amount in the smallest unit of its currency: an integer",
        Kind::Decimal => "decimal number in quotes",
        Kind::Bool => "`true` or `false`",
        Kind::Date => "date: `2026-01-31`",
        Kind::DateTime => "time: `2026-01-31 09:30:00.000000`",
        Kind::Uuid => "uuid",
        Kind::Enum(_) => "word of `values:`",
        Kind::List(_) => "list",
        Kind::Object(_) | Kind::Map => "object",
    }
}

/// `d` stands for a digit, `x` for a hexadecimal one.
fn shaped(text: &str, shape: &str) -> bool {
    let fits = |(c, shape): (char, char)| match shape {
        'd' => c.is_ascii_digit(),
        'x' => c.is_ascii_hexdigit(),
        other => c == other,
    };
    text.chars().count() == shape.len() && text.chars().zip(shape.chars()).all(fits)
}

fn bounded(attribute: &Attribute, value: &Value) -> Option<String> {
    let size = match (&attribute.kind, value) {
        (Kind::Int | Kind::Money, Value::Number(number)) => number.as_i64()?,
        (Kind::String | Kind::Text, Value::String(text)) => i64::try_from(text.chars().count()).ok()?,
        (Kind::List(_), Value::Array(items)) => i64::try_from(items.len()).ok()?,
        (Kind::Date | Kind::DateTime, Value::String(text)) => return beyond(attribute, text),
        _ => return None,
    };
    let below = attribute.min.is_some_and(|min| size < min) || attribute.greater_than.is_some_and(|than| size <= than);
    let above = attribute.max.is_some_and(|max| size > max) || attribute.less_than.is_some_and(|than| size >= than);
    (below || above).then(|| "is outside of its own bounds".to_owned())
}

/// Whether a day is outside of its bounds, as far as nobody has to know which day it is.
fn beyond(attribute: &Attribute, text: &str) -> Option<String> {
    let day = text.get(..10)?;
    let fixed = |at: &&crate::definition::At<String>| at.it != "today";
    let early = attribute.earliest.as_ref().filter(fixed).is_some_and(|at| day < at.it.as_str());
    let late = attribute.latest.as_ref().filter(fixed).is_some_and(|at| day > at.it.as_str());
    (early || late).then(|| "is outside of its own bounds".to_owned())
}

fn ruled(attribute: &Attribute, value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let breaks = |pattern: &str| regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text));
    let broken = attribute.rules.iter().find_map(|rule| match &rule.holds {
        Condition::Pattern(pattern) if breaks(&pattern.it) => Some(format!("does not match `{}`", pattern.it)),
        Condition::Pattern(_) | Condition::Equals(_) | Condition::Above { .. } | Condition::Check(_) => None,
    });
    let chosen = attribute.choice.is_empty() || attribute.choice.iter().any(|word| word == text);
    broken.or_else(|| (!chosen).then(|| "is none of its `choice`".to_owned()))
}

/// The examples of two attributes fit together: they make the example of a body.
pub(super) fn above(definition: &Definition, attribute: &Attribute, rule: &Rule, problems: &mut Problems) {
    let Condition::Above { other, or_equal } = &rule.holds else { return };
    let Some(found) = definition.attributes.iter().find(|found| found.name.it == other.it) else { return };
    let (high, low) = (render::example(attribute), render::example(found));
    let order = match (high.as_i64().zip(low.as_i64()), high.as_str().zip(low.as_str())) {
        (Some((high, low)), _) => high.cmp(&low),
        (None, Some((high, low))) => high.cmp(low),
        (None, None) => return,
    };
    if order.is_lt() || (order.is_eq() && !or_equal) {
        let message = format!("the example of `{}` is not above that of `{}`", attribute.name.it, found.name.it);
        let problem = Problem::new(Code::BadExample, &definition.source, attribute.name.span.clone(), message);
        let problem = problem.other(&definition.source, found.name.span.clone(), "this one");
        problems.add(problem.help("say an `example:` that is"));
    }
}
