//! What the readers of several parts share.

use super::super::At;
use super::super::fields::Fields;
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{Node, Value};

/// `documented`, `spryker`.
pub(super) fn profiles(fields: &Fields<'_>, problems: &mut Problems) -> Vec<At<String>> {
    known_words(fields, "profiles", "profile", &["documented", "spryker"], problems)
}

/// The words of a key that takes only some.
pub(super) fn known_words(
    fields: &Fields<'_>,
    key: &'static str,
    what: &str,
    known: &[&'static str],
    problems: &mut Problems,
) -> Vec<At<String>> {
    let named = fields.words(key, problems).unwrap_or_default();
    for at in named.iter().filter(|at| !known.contains(&at.it.as_str())) {
        let problem =
            Problem::new(Code::UnknownWord, fields.source, at.span.clone(), format!("unknown {what} `{}`", at.it));
        problems.add(problem.suggest(&at.it, known.iter().copied()));
    }
    named
}

pub(super) fn handler(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<String>> {
    let at = fields.text("handler", problems)?;
    named(fields.source, &at, syn::parse_str::<syn::Ident>(&at.it).is_ok(), "the name of a type", problems);
    Some(at)
}

/// Refuses a word that stands twice in a list.
pub(super) fn once(source: &Source, words: &[At<String>], problems: &mut Problems) {
    for (number, word) in words.iter().enumerate() {
        if let Some(first) = words.iter().take(number).find(|first| first.it == word.it) {
            let message = format!("`{}` stands twice", word.it);
            let problem = Problem::new(Code::DuplicateKey, source, word.span.clone(), message);
            let problem = problem.label("here again").other(source, first.span.clone(), "first here");
            problems.add(problem.help("remove one of them"));
        }
    }
}

pub(super) fn named(source: &Source, name: &At<String>, fits: bool, rule: &str, problems: &mut Problems) {
    if !fits {
        let problem =
            Problem::new(Code::BadName, source, name.span.clone(), format!("`{}` is not a usable name", name.it));
        problems.add(problem.label("not usable").help(rule));
    }
}

pub(super) fn missing(fields: &Fields<'_>, key: &str) -> Problem {
    Problem::new(Code::MissingKey, fields.source, fields.span.start..fields.span.start, format!("`{key}` is missing"))
}

/// A path as it stands in a definition: segments that need no encoding, or parameters in braces.
pub(super) fn path(fields: &Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<At<String>> {
    let at = fields.text(key, problems)?;
    let plain =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => names::is_attribute(name),
        None => plain(text) && text != "." && text != "..",
    };
    if !at.it.trim_start_matches('/').split('/').all(segment) {
        let problem =
            Problem::new(Code::BadPath, fields.source, at.span.clone(), format!("`{}` is not a usable path", at.it));
        problems.add(problem.label("segments of letters, digits, `-`, `_`, `.`, `~`, or parameters in braces"));
        return None;
    }
    Some(At { it: format!("/{}", at.it.trim_start_matches('/')), span: at.span })
}

/// An example as JSON.
pub(super) fn json(node: &Node) -> String {
    fn value(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(value).collect(),
            Value::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), value(&entry.value))).collect(),
        }
    }
    value(node).to_string()
}
