//! What foreign files say, fact by fact, and what became of each.

use std::cell::RefCell;
use std::fmt::Write as _;

use crate::source::Source;
use crate::yaml::{Entry, Node, Value};

/// What became of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The definition says it too.
    Carried,
    /// The definition says something; whether that is meant, people decide.
    ToDecide(String),
    /// No definition says it.
    Lost(String),
}

/// A value in a file: a scalar, or an empty list or mapping.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The file and the line.
    pub place: String,
    /// The keys that lead to it: `resource.operations.0.type`.
    pub path: String,
    /// What became of it.
    pub outcome: Option<Outcome>,
}

/// The facts of one file.
#[derive(Debug)]
pub(super) struct Facts(RefCell<Vec<Fact>>);

impl Facts {
    /// Every fact of a tree; nothing has become of any yet.
    pub(super) fn of(source: &Source, tree: &Node) -> Self {
        let mut facts = Vec::new();
        collect(source, tree, "", &mut facts);
        Self(RefCell::new(facts))
    }

    /// The facts, once everything has been read. What nobody asked for is lost.
    pub(super) fn settled(self) -> Vec<Fact> {
        let mut facts = self.0.into_inner();
        for fact in facts.iter_mut().filter(|fact| fact.outcome.is_none()) {
            fact.outcome = Some(Outcome::Lost("definitions have no such key".into()));
        }
        facts
    }
}

fn collect(source: &Source, node: &Node, path: &str, facts: &mut Vec<Fact>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            entries.iter().for_each(|entry| collect(source, &entry.value, &below(&entry.key), facts));
        }
        Value::List(items) if !items.is_empty() => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(number, item)| collect(source, item, &below(&number.to_string()), facts));
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            let (line, _) = source.position(node.span.start);
            facts.push(Fact { place: format!("{}:{line}", source.path), path: path.to_owned(), outcome: None });
        }
    }
}

/// A value in a file that is being read, and the facts that it stands for.
#[derive(Clone)]
pub(super) struct Read<'a> {
    node: &'a Node,
    path: String,
    facts: &'a Facts,
}

impl<'a> Read<'a> {
    pub(super) fn new(node: &'a Node, facts: &'a Facts) -> Self {
        Self { node, path: String::new(), facts }
    }

    fn at(&self, key: &str, node: &'a Node) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Self { node, path, facts: self.facts }
    }

    fn entries(&self) -> &'a [Entry] {
        if let Value::Map(entries) = &self.node.value { entries } else { &[] }
    }

    /// What stands under a key.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| self.at(key, &entry.value))
    }

    /// Every key with what stands under it.
    pub(super) fn each(&self) -> impl Iterator<Item = (&'a str, Self)> + '_ {
        self.entries().iter().map(|entry| (entry.key.as_str(), self.at(&entry.key, &entry.value)))
    }

    /// Every item of a list.
    pub(super) fn items(&self) -> Vec<Self> {
        let Value::List(items) = &self.node.value else { return Vec::new() };
        items.iter().enumerate().map(|(number, item)| self.at(&number.to_string(), item)).collect()
    }

    /// The value as a text, when it is a scalar.
    pub(super) fn text(&self) -> Option<String> {
        match &self.node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Int(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The value as JSON.
    pub(super) fn json(&self) -> serde_json::Value {
        match &self.node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::List(_) => self.items().iter().map(Self::json).collect(),
            Value::Map(_) => self.each().map(|(key, value)| (key.to_owned(), value.json())).collect(),
        }
    }

    /// The definition says it too.
    pub(super) fn carried(&self) {
        self.settle(&Outcome::Carried);
    }

    /// People decide.
    pub(super) fn decide(&self, what: impl Into<String>) {
        self.settle(&Outcome::ToDecide(what.into()));
    }

    /// Nothing says it.
    pub(super) fn lost(&self, why: impl Into<String>) {
        self.settle(&Outcome::Lost(why.into()));
    }

    /// People decide, whatever was said of it before.
    pub(super) fn overrule(&self, outcome: &Outcome) {
        let below = format!("{}.", self.path);
        for fact in self.facts.0.borrow_mut().iter_mut() {
            if fact.path == self.path || fact.path.starts_with(&below) {
                fact.outcome = Some(outcome.clone());
            }
        }
    }

    /// Settles every fact here that is not settled yet.
    fn settle(&self, outcome: &Outcome) {
        let below = format!("{}.", self.path);
        for fact in self.facts.0.borrow_mut().iter_mut().filter(|fact| fact.outcome.is_none()) {
            if fact.path == self.path || self.path.is_empty() || fact.path.starts_with(&below) {
                fact.outcome = Some(outcome.clone());
            }
        }
    }

    /// The text under a key, which the definition says too.
    pub(super) fn take(&self, key: &str) -> Option<String> {
        let found = self.get(key)?;
        let text = found.text()?;
        found.carried();
        Some(text)
    }

    /// The flag under a key, which the definition says too.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let found = self.get(key)?;
        let Value::Bool(flag) = found.node.value else { return None };
        found.carried();
        Some(flag)
    }
}

/// What became of every fact, for people: what they have to decide and what is lost, then the count.
#[must_use]
pub fn report(facts: &[Fact]) -> String {
    let mut text = String::from("What became of the imported files\n");
    let of = |wanted: fn(&Outcome) -> Option<&String>| {
        facts.iter().filter_map(move |fact| Some((fact, fact.outcome.as_ref().and_then(wanted)?)))
    };
    let decide = of(|outcome| if let Outcome::ToDecide(what) = outcome { Some(what) } else { None });
    let lost = of(|outcome| if let Outcome::Lost(why) = outcome { Some(why) } else { None });
    for (title, found) in [("To decide", decide.collect::<Vec<_>>()), ("Not carried", lost.collect())] {
        let _ = writeln!(text, "\n{title}: {}\n", found.len());
        for (fact, what) in found {
            let _ = writeln!(text, "- {} `{}`: {what}", fact.place, fact.path);
        }
    }
    let _ = writeln!(text, "\n{}", summary(facts));
    text
}

/// How many facts were carried.
#[must_use]
pub fn summary(facts: &[Fact]) -> String {
    let count =
        |wanted: fn(&Outcome) -> bool| facts.iter().filter(|fact| fact.outcome.as_ref().is_some_and(wanted)).count();
    let carried = count(|outcome| matches!(outcome, Outcome::Carried));
    let decide = count(|outcome| matches!(outcome, Outcome::ToDecide(_)));
    let percent = (carried + decide) * 100 / facts.len().max(1);
    format!(
        "{} facts: {carried} carried as they are, {decide} carried and to be decided on, {} not carried ({percent} % carried).",
        facts.len(),
        facts.len() - carried - decide
    )
}
