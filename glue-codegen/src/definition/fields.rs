//! Reading a mapping key by key; what nobody asked for is an unknown key.

use std::cell::RefCell;
use std::ops::Range;

use super::at::At;
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{Entry, Node, Value};

/// A mapping that is being read.
pub(super) struct Fields<'a> {
    pub(super) source: &'a Source,
    pub(super) span: Range<usize>,
    entries: &'a [Entry],
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// The mapping in `node`. Nothing after a key counts as an empty mapping.
    pub(super) fn of(source: &'a Source, node: &'a Node, problems: &mut Problems) -> Self {
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Null => &[],
            Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) => {
                let problem = Problem::new(Code::WrongShape, source, node.span.clone(), "a mapping is expected here");
                problems.add(problem.help(match &node.value {
                    Value::List(_) => "names with their keys, not a list of names: `{ list: , get: }`",
                    Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Map(_) => {
                        "nothing, or keys in braces: `{ key: value }`"
                    }
                }));
                &[]
            }
        };
        Self { source, span: node.span.clone(), entries, asked: RefCell::default() }
    }

    /// The entry of `key`.
    pub(super) fn get(&self, key: &'static str) -> Option<&'a Entry> {
        self.asked.borrow_mut().push(key);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Every entry: for mappings whose keys are names.
    pub(super) fn all(&self) -> &'a [Entry] {
        self.entries
    }

    /// The text of `key`.
    pub(super) fn text(&self, key: &'static str, problems: &mut Problems) -> Option<At<String>> {
        let entry = self.get(key)?;
        text(self.source, &entry.value, problems)
    }

    /// The text of `key`, which has to be there.
    pub(super) fn needed(&self, key: &'static str, problems: &mut Problems) -> Option<At<String>> {
        if self.get(key).is_none() {
            let span = self.span.start..self.span.start;
            let problem = Problem::new(Code::MissingKey, self.source, span, format!("`{key}` is missing"));
            problems.add(problem.help(format!("add `{key}: …`")));
        }
        self.text(key, problems)
    }

    /// The boolean of `key`; absent is `false`.
    pub(super) fn flag(&self, key: &'static str, problems: &mut Problems) -> bool {
        match self.get(key).map(|entry| &entry.value) {
            None => false,
            Some(Node { value: Value::Bool(flag), .. }) => *flag,
            Some(node) => {
                let problem = Problem::new(
                    Code::WrongShape,
                    self.source,
                    node.span.clone(),
                    format!("`{key}` is `true` or `false`"),
                );
                problems.add(problem.label("neither"));
                false
            }
        }
    }

    /// The integer of `key`.
    pub(super) fn int(&self, key: &'static str, problems: &mut Problems) -> Option<i64> {
        match &self.get(key)?.value {
            Node { value: Value::Int(number), .. } => Some(*number),
            node => {
                let message = format!("`{key}` is a whole number");
                let problem = Problem::new(Code::WrongShape, self.source, node.span.clone(), message);
                problems.add(problem.help(format!("written in digits, without quotes: `{key}: 10`")));
                None
            }
        }
    }

    /// The reason under `because`: a sentence on one line, because it stands in tables.
    pub(super) fn reason(&self, problems: &mut Problems) -> Option<At<String>> {
        let at = self.text("because", problems)?;
        if !is_sentence(&at.it) {
            let problem = Problem::new(Code::BadReason, self.source, at.span.clone(), "this is no reason");
            problems.add(problem.help("a sentence on one line, which reviewers read in `openapi/protection.tsv`"));
        }
        Some(at)
    }

    /// Refuses a key that means something elsewhere, and nothing here.
    pub(super) fn refuse(&self, key: &'static str, why: &str, help: &str, problems: &mut Problems) {
        if let Some(entry) = self.get(key) {
            let problem = Problem::new(Code::UnknownKey, self.source, entry.key_span.clone(), format!("`{key}` {why}"));
            problems.add(problem.label("means nothing here").help(help));
        }
    }

    /// The list of words of `key`.
    pub(super) fn words(&self, key: &'static str, problems: &mut Problems) -> Option<Vec<At<String>>> {
        let entry = self.get(key)?;
        Some(words(self.source, &entry.value, problems))
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self, problems: &mut Problems) {
        let asked = self.asked.take();
        for entry in self.entries.iter().filter(|entry| !asked.contains(&entry.key.as_str())) {
            let problem = Problem::new(
                Code::UnknownKey,
                self.source,
                entry.key_span.clone(),
                format!("unknown key `{}`", entry.key),
            );
            let problem = problem.label("not part of the format");
            problems.add(match usual(&entry.key) {
                Some(help) => problem.help(help),
                None if matches!(entry.value.value, Value::Null) && !names::is_attribute(&entry.key) => {
                    problem.help("a text with a comma in it needs quotes")
                }
                None => {
                    let known = asked.iter().copied().filter(|known| self.lacks(known));
                    problem.help("remove it, or see the list of keys in the reference").suggest(&entry.key, known)
                }
            });
        }
    }

    fn lacks(&self, key: &str) -> bool {
        self.entries.iter().all(|entry| entry.key != key)
    }
}

/// Whether a text can stand in a table as it is, and says something.
#[must_use]
pub fn is_sentence(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(|c| c.is_control() || turns(c))
}

/// Whether a character begins another line, or turns the direction of what stands around it.
#[must_use]
pub fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a key of other formats is called here.
fn usual(key: &str) -> Option<&'static str> {
    Some(match key {
        "minLength" | "minimum" | "gte" => "it is called `min`",
        "maxLength" | "maximum" | "length" | "size" | "lte" => "it is called `max`",
        "enum" | "options" => "write `type: enum, values: [a, b]`",
        "readOnly" | "readonly" => "write `access: read`",
        "writeOnly" | "writeonly" => "write `access: create`, or `access: update`",
        "items" | "elements" => "it is called `of`",
        "properties" | "fields" => "it is called `attributes`",
        "regex" | "pattern" => "write `rules: [{ pattern: \"^…$\", error: … }]`",
        "primary" | "primaryKey" => "write `id: true`",
        "optional" => "what is not `required` is optional",
        "hidden" => "write `access: hidden`",
        "public" | "auth" | "security" => "write `protected: true`, `false` or `optional`",
        _ => return None,
    })
}

/// A scalar as a text.
pub(super) fn text(source: &Source, node: &Node, problems: &mut Problems) -> Option<At<String>> {
    let it = match &node.value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => {
            let problem = Problem::new(Code::WrongShape, source, node.span.clone(), "a text is expected here");
            problems.add(problem.help("a text that YAML takes for something else needs quotes: `\"true\"`"));
            return None;
        }
    };
    Some(At { it, span: node.span.clone() })
}

/// A list of words, or one word.
pub(super) fn words(source: &Source, node: &Node, problems: &mut Problems) -> Vec<At<String>> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text(source, item, problems)).collect(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Map(_) => {
            text(source, node, problems).into_iter().collect()
        }
    }
}
