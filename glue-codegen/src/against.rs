//! What a change of definitions does to protection: what is tightened, loosened, added and removed since another state of
//! them. A loosening that is generated everywhere is no drift: only the comparison shows it.

use std::collections::BTreeMap;

use crate::definition::Definition;
use crate::diagnostic::{Code, Problem, Problems};
use crate::loosening::{self, Baseline};
use crate::rows::{self, Row};
use crate::workspace::Workspace;

/// What became of a row, or of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It protects less.
    Loosened,
    /// It protects more.
    Tightened,
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
}

impl Effect {
    /// As a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loosened => "loosened",
            Self::Tightened => "tightened",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What it does.
    pub effect: Effect,
    /// The row as the protection table shows it, or the type of the resource and what became of it.
    pub what: String,
}

/// Every change from `old` to `new`, sorted. What is loosened without a reason that was not there before goes to `problems`.
#[must_use]
pub fn compare(old: &Workspace, new: &Workspace, problems: &mut Problems) -> Vec<Change> {
    let mut changes = Vec::new();
    let (before, after) = (rows::all(old), rows::all(new));
    let mut gone: BTreeMap<_, &Row<'_>> = before.iter().map(|was| (identity(was), was)).collect();
    let mut add = |effect: Effect, what: String| changes.push(Change { effect, what });
    for row in &after {
        let Some(was) = gone.remove(&identity(row)) else {
            add(Effect::Added, row.line());
            continue;
        };
        if let Some((_, why)) = loosening::less(was, row, Baseline::Before) {
            add(Effect::Loosened, row.line());
            if row.because().is_none_or(|because| said(was.definition).any(|old| old == because)) {
                let message = format!("`{}` of the {} {why}", row.verb.verb.as_str(), row.app);
                let source = &row.definition.source;
                let problem = Problem::new(Code::Loosened, source, row.verb.span.clone(), message);
                let problem = problem.label(format!("it was: {}", was.line().replace('\t', " ")));
                problems.add(problem.help("say why: `because: …` at the verb, or at the resource for all of it"));
            }
        } else if loosening::less(row, was, Baseline::Before).is_some() {
            add(Effect::Tightened, row.line());
        }
    }
    for was in gone.values() {
        add(Effect::Removed, was.line());
    }
    for definition in new.definitions().filter(|definition| definition.action_of.is_none()) {
        let version = |of: &Definition| of.version.as_ref().map(|at| at.it);
        let is_same = |was: &&Definition| was.name.it == definition.name.it && version(was) == version(definition);
        let Some(was) = old.definitions().find(is_same) else { continue };
        let resource = |what: &str| format!("{}: {what}", definition.name.it);
        for (_, why, span) in loosening::of(was, definition) {
            add(Effect::Loosened, resource(&why));
            let reason = definition.because.as_ref().map(|at| &at.it);
            let whole = definition.loosened.iter().filter(|layer| layer.row.is_none()).map(|layer| &layer.because);
            if !reason.into_iter().chain(whole).any(|new| said(was).all(|old| old != new)) {
                let span = span.unwrap_or_else(|| definition.name.span.clone());
                let problem = Problem::new(Code::Loosened, &definition.source, span, why).label("looser here");
                problems.add(problem.help("say why: `because: …` at the resource"));
            }
        }
        for (_, why, _) in loosening::of(definition, was) {
            add(Effect::Tightened, resource(&format!("before, {why}")));
        }
    }
    changes.sort();
    changes.dedup();
    changes
}

/// What makes a row the same row, whatever became of it.
fn identity<'a>(row: &Row<'a>) -> (&'a str, String, &'static str) {
    (row.app, row.operation_id(), row.method())
}

/// Every reason that a definition gives, whatever for: none of them is given for what comes later.
fn said(of: &Definition) -> impl Iterator<Item = &str> {
    let verbs = of.verbs.iter().flat_map(|verb| std::iter::once(verb).chain(&verb.in_apps));
    let own = verbs.filter_map(|verb| verb.because.as_ref()).chain(&of.because).map(|at| at.it.as_str());
    own.chain(of.loosened.iter().map(|layer| layer.because.as_str()))
}
