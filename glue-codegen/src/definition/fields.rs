//! Reading a mapping key by key; what nobody asked for is an unknown key.

use std::cell::RefCell;
use std::ops::Range;

use super::At;
use crate::diagnostic::{Code, Problem, Problems};
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
                problems.add(Problem::new(Code::WrongShape, source, node.span.clone(), "a mapping is expected here"));
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
            problems.add(Problem::new(
                Code::MissingKey,
                self.source,
                self.span.start..self.span.start,
                format!("`{key}` is missing"),
            ));
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
            Node { value: Value::Int(number), .. } if *number >= 0 => Some(*number),
            node => {
                problems.add(Problem::new(
                    Code::WrongShape,
                    self.source,
                    node.span.clone(),
                    format!("`{key}` is a number"),
                ));
                None
            }
        }
    }

    /// The list of words of `key`.
    pub(super) fn words(&self, key: &'static str, problems: &mut Problems) -> Option<Vec<At<String>>> {
        let entry = self.get(key)?;
        Some(words(self.source, &entry.value, problems))
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self, problems: &mut Problems) {
        let asked = self.asked.into_inner();
        for entry in self.entries.iter().filter(|entry| !asked.contains(&entry.key.as_str())) {
            let problem = Problem::new(
                Code::UnknownKey,
                self.source,
                entry.key_span.clone(),
                format!("unknown key `{}`", entry.key),
            );
            problems.add(problem.label("not part of the format").suggest(&entry.key, asked.iter().copied()));
        }
    }
}

/// A scalar as a text.
pub(super) fn text(source: &Source, node: &Node, problems: &mut Problems) -> Option<At<String>> {
    let it = match &node.value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Map(_) => {
            problems.add(Problem::new(Code::WrongShape, source, node.span.clone(), "a text is expected here"));
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
