//! Layers: a file that starts with `override:` changes the definition of another file, field by field.
//!
//! Mappings are merged, everything else is replaced, what `remove:` lists goes. Two overrides of one field are a
//! conflict, and so is a mapping where the other file has a value.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::actions;
use crate::definition::{self, Definition, Loosened, OwnerRule, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::loosening::{self, Baseline, Requirement};
use crate::rows::{self, Row};
use crate::source::Source;
use crate::yaml::{Entry, Node, Value};

/// A file as it was read: its text and its tree.
pub struct Parsed {
    /// The text.
    pub source: Source,
    /// The tree.
    pub tree: Node,
}

impl Parsed {
    /// Whether the file changes another one.
    #[must_use]
    pub fn is_override(&self) -> bool {
        entry(&self.tree, "override").is_some()
    }

    fn body(&self, key: &str) -> Option<&Node> {
        entry(&self.tree, key).map(|entry| &entry.value)
    }

    /// What stands under `resource:` or `override:`.
    #[must_use]
    pub fn definition(&self) -> Option<&Node> {
        self.body("resource").or_else(|| self.body("override"))
    }

    /// Where the byte of a key of the definition is.
    #[must_use]
    pub fn key_at(&self, key: &str) -> Option<usize> {
        entry(self.definition()?, key).map(|entry| entry.key_span.start)
    }

    /// What the file says under a path of keys, `attributes.name.max` say: the place, and the value as it is written.
    #[must_use]
    pub fn said_at(&self, path: &str) -> Option<(String, String)> {
        let mut at = self.definition()?;
        for key in path.split('.').filter(|key| !key.is_empty()) {
            at = &entry(at, key)?.value;
        }
        let (line, column) = self.source.position(at.span.start);
        let text = self.source.text.get(at.span.clone()).unwrap_or_default();
        Some((format!("{}:{line}:{column}", self.source.path), text.trim().to_owned()))
    }

    /// The type that it defines or changes.
    pub(crate) fn name(&self) -> Option<(&str, Range<usize>)> {
        self.said("type")
    }

    /// Whether it changes what `base` defines, unless another version is meant too.
    #[must_use]
    pub(crate) fn is_over(&self, base: &Self) -> bool {
        let same = |one: Option<(&str, Range<usize>)>| one.map(|(name, _)| name.to_owned());
        self.is_override()
            && same(self.name()) == same(base.name())
            && (self.version().is_none() || base.version() == self.version())
    }

    /// The version of it.
    fn version(&self) -> Option<&str> {
        self.said("version").map(|(version, _)| version)
    }

    fn said(&self, key: &str) -> Option<(&str, Range<usize>)> {
        match &entry(self.definition()?, key)?.value {
            Node { value: Value::Text(name), span } => Some((name, span.clone())),
            _ => None,
        }
    }
}

/// Lays every override over its definition, in the order of the files, and reads what comes out.
pub fn read(
    mut bases: Vec<(usize, Parsed)>,
    overrides: Vec<Parsed>,
    problems: &mut Problems,
) -> Vec<(usize, Definition)> {
    let mut layers: Vec<Vec<Parsed>> = bases.iter().map(|_| Vec::new()).collect();
    for over in overrides {
        let wanted = over.name().map(|(name, span)| (name.to_owned(), span));
        let Some((wanted, span)) = wanted else {
            let message = "an override names the `type` that it changes";
            problems.add(Problem::new(Code::MissingKey, &over.source, over.tree.span.clone(), message));
            continue;
        };
        let mut found = bases.iter().enumerate().filter(|(_, (_, base))| over.is_over(base)).map(|(at, _)| at);
        match (found.next().and_then(|at| layers.get_mut(at)), found.next()) {
            (Some(_), Some(_)) => {
                let message = format!("`{wanted}` has several versions");
                let problem = Problem::new(Code::NothingBelow, &over.source, span, message);
                problems.add(problem.help("name the `version` that this file changes"));
            }
            (Some(layers), None) => layers.push(over),
            (None, _) => {
                let problem =
                    Problem::new(Code::NothingBelow, &over.source, span, format!("no file defines `{wanted}`"));
                let names: Vec<&str> = bases.iter().filter_map(|(_, base)| Some(base.name()?.0)).collect();
                problems.add(
                    problem
                        .label("nothing to lay this over")
                        .help("a new type starts with `resource:`")
                        .suggest(&wanted, names),
                );
            }
        }
    }
    let mut definitions = Vec::new();
    for ((domain, base), layers) in bases.drain(..).zip(layers) {
        let definition = match layers.is_empty() {
            true => definition::read_tree(&base.source, &base.tree, problems),
            false => layered(base, layers, problems),
        };
        definitions.extend(definition.map(|definition| (domain, definition)));
    }
    definitions
}

fn layered(base: Parsed, layers: Vec<Parsed>, problems: &mut Problems) -> Option<Definition> {
    // What is wrong below is reported once, with what lies above it.
    let mut below = definition::read_tree(&base.source, &base.tree, &mut Problems::default())?;
    let mut whole = base;
    let first = whole.source.text.len() + 1;
    let mut given: Vec<(Definition, Definition, Layer)> = Vec::new();
    let mut names = Vec::new();
    for mut over in layers {
        let start = whole.source.end();
        shift(&mut over.tree, start);
        names.extend(over.name().map(|(_, span)| span));
        whole.source = whole.source.under(over.source);
        let mut layer = Layer { start, said: BTreeMap::new(), because: None };
        let merger = Merger { source: &whole.source, first };
        layer.because = merger.lay(&mut whole.tree, over.tree, &mut layer.said, problems);
        // Each layer answers for itself, over what lies below it.
        if let Some(above) = definition::read_tree(&whole.source, &whole.tree, &mut Problems::default()) {
            given.push((std::mem::replace(&mut below, above.clone()), above, layer));
        }
    }
    let reasons = given.iter().flat_map(|(below, above, layer)| layer.judge(below, above, problems)).collect();
    let mut above = definition::read_tree(&whole.source, &whole.tree, problems)?;
    above.loosened = reasons;
    above.layers = names;
    Some(above)
}

/// What one override says.
struct Layer {
    /// Where its bytes begin.
    start: usize,
    /// The keys that it sets or removes, and where.
    said: BTreeMap<String, Range<usize>>,
    /// Why it protects less.
    because: Option<(String, Range<usize>)>,
}

impl Layer {
    /// Reports what it loosens without a reason, and a reason for nothing; returns its reasons.
    fn judge(&self, below: &Definition, above: &Definition, problems: &mut Problems) -> Vec<Loosened> {
        let mut rows: Vec<_> = self.loosened(below, above, problems).into_iter().map(Some).collect();
        for (key, why, span) in loosening::of(below, above) {
            // What is said of a resource is said of every row.
            rows.push(None);
            if self.because.is_none() {
                let span = span.filter(|span| span.start >= self.start).or_else(|| self.said.get(key).cloned());
                let span = span.unwrap_or_else(|| above.name.span.clone());
                let problem = Problem::new(Code::Loosened, &above.source, span, why).label("looser here");
                let problem = problem.other(&below.source, below.name.span.clone(), "than below");
                problems.add(problem.help("say why: `because: …` at the override"));
            }
        }
        if let (Some((_, span)), true) = (&self.because, rows.is_empty()) {
            let message = "this layer protects no less than the one below, so there is nothing to justify";
            let problem = Problem::new(Code::NeedlessBecause, &above.source, span.clone(), message);
            problems.add(problem.label("remove this"));
        }
        let because = self.because.iter().map(|(because, _)| because);
        because
            .flat_map(|because| rows.iter().map(|row| Loosened { row: row.clone(), because: because.clone() }))
            .collect()
    }

    /// Reports every row that is looser than the same row below and gives no reason; returns those that are looser.
    fn loosened(
        &self,
        below: &Definition,
        above: &Definition,
        problems: &mut Problems,
    ) -> Vec<(String, String, VerbName)> {
        let (mut looser, mut said) = (Vec::new(), BTreeSet::new());
        let (under, over) = (with_actions(below), with_actions(above));
        let before: Vec<Row<'_>> = under.iter().flat_map(rows::of).collect();
        for row in over.iter().flat_map(rows::of) {
            let same = |other: &&Row<'_>| {
                let named = other.definition.name.it == row.definition.name.it;
                named && other.app == row.app && other.verb.verb == row.verb.verb
            };
            let app = above.apps.iter().find(|app| app.name.it == row.app);
            let said_by_app =
                |by_verb: bool| app.map(|app| &app.name.span).filter(|_| !by_verb).unwrap_or(&row.verb.span).clone();
            let Some(old) = before.iter().find(same) else { continue };
            let Some((asked, what)) = loosening::less(old, &row, Baseline::Below) else { continue };
            let span = match asked {
                Requirement::Token => row.verb.protected.span.clone(),
                Requirement::Scopes => said_by_app(row.verb.scopes.is_some()),
                Requirement::Owner => said_by_app(row.verb.owner != OwnerRule::Kept),
                Requirement::NoOther => said_by_app(row.verb.api_key.is_some()),
            };
            looser.push((row.definition.name.it.clone(), row.app.to_owned(), row.verb.verb));
            // One line may loosen many rows.
            let told = !said.insert((span.start, what.clone()));
            // A reason of the layer below was given for something else.
            let own = row.verb.because.as_ref().is_some_and(|because| because.span.start >= self.start);
            if self.because.is_none() && !own && !told {
                let message = format!("`{}` of the {} {what}", row.verb.verb.as_str(), row.app);
                let problem = Problem::new(Code::Loosened, &above.source, span, message).label("looser here");
                let problem = problem.other(&old.definition.source, old.verb.span.clone(), "than here");
                problems.add(problem.help("say why: `because: …` at the verb, or at the override for all of it"));
            }
        }
        looser
    }
}

/// A definition and its actions, each as a definition of its own.
fn with_actions(definition: &Definition) -> Vec<Definition> {
    let actions = definition.actions.iter();
    let actions = actions.map(|action| actions::of(definition, action, &mut Problems::default()));
    std::iter::once(definition.clone()).chain(actions).collect()
}

/// Lays trees over trees.
struct Merger<'a> {
    source: &'a Source,
    /// Where the bytes of the first override begin.
    first: usize,
}

impl Merger<'_> {
    /// Lays one override over the tree; returns its reason.
    fn lay(
        &self,
        tree: &mut Node,
        over: Node,
        said: &mut BTreeMap<String, Range<usize>>,
        problems: &mut Problems,
    ) -> Option<(String, Range<usize>)> {
        let mut because = None;
        let body = children(tree)?.iter_mut().find(|entry| entry.key == "resource").map(|entry| &mut entry.value)?;
        let Value::Map(parts) = over.value else { return None };
        for mut part in parts {
            if part.key != "override" {
                let message = format!("unknown key `{}`", part.key);
                let problem = Problem::new(Code::UnknownKey, self.source, part.key_span, message);
                problems.add(problem.label("an override holds `override:` only"));
                continue;
            }
            let mut rest = Vec::new();
            for entry in children(&mut part.value).map(std::mem::take).unwrap_or_default() {
                match (entry.key.as_str(), &entry.value.value) {
                    ("type", _) => {}
                    ("because", Value::Text(text)) if definition::is_sentence(text) => {
                        because = Some((text.clone(), entry.value.span.clone()));
                    }
                    ("because", Value::Text(_)) => {
                        let problem =
                            Problem::new(Code::BadReason, self.source, entry.value.span.clone(), "this is no reason");
                        problems.add(
                            problem.help("a sentence on one line, which reviewers read in `openapi/protection.tsv`"),
                        );
                    }
                    ("remove", Value::List(paths)) => {
                        for path in paths {
                            if let Value::Text(text) = &path.value {
                                let key = text.split('.').next().unwrap_or_default();
                                said.insert(key.to_owned(), path.span.clone());
                            }
                            self.remove(body, path, problems);
                        }
                    }
                    ("because" | "remove", _) => {
                        let message = if entry.key == "remove" { "a list of paths" } else { "a text" };
                        let message = format!("{message} is expected here");
                        problems.add(Problem::new(Code::WrongShape, self.source, entry.value.span.clone(), message));
                    }
                    _ => {
                        said.insert(entry.key.clone(), entry.key_span.clone());
                        rest.push(entry);
                    }
                }
            }
            if let Some(below) = children(body) {
                self.merge(below, rest, problems);
            }
        }
        because
    }

    fn merge(&self, below: &mut Vec<Entry>, above: Vec<Entry>, problems: &mut Problems) {
        // A translation is of a text: with another text there is none until the layer says it.
        let says = |key: &str| above.iter().any(|entry| entry.key == key);
        if says("detail") && !says("german") {
            below.retain(|entry| entry.key != "german");
        }
        for mut entry in above {
            let Some(old) = below.iter_mut().find(|old| old.key == entry.key) else {
                below.push(entry);
                continue;
            };
            let conflict = match (&mut old.value.value, &mut entry.value.value) {
                (_, Value::Null) => continue,
                (Value::Map(below), Value::Map(above)) => {
                    self.merge(below, std::mem::take(above), problems);
                    // Who has the last word is who is asked about it.
                    old.key_span = entry.key_span;
                    continue;
                }
                (Value::Null, _) => None,
                (Value::Map(_), _) => Some("a mapping below, a value above"),
                (_, Value::Map(_)) => Some("a value below, a mapping above"),
                _ if old.value.span.start >= self.first => Some("two overrides say it"),
                _ => None,
            };
            match conflict {
                None => *old = entry,
                Some(why) => {
                    let message = format!("`{}` cannot be kept twice: {why}", entry.key);
                    let problem = Problem::new(Code::LayerConflict, self.source, entry.key_span, message);
                    problems.add(problem.label("here").other(self.source, old.key_span.clone(), "and here"));
                }
            }
        }
    }

    fn remove(&self, body: &mut Node, path: &Node, problems: &mut Problems) {
        let Value::Text(text) = &path.value else {
            let message = "a path is expected here";
            return problems.add(Problem::new(Code::WrongShape, self.source, path.span.clone(), message));
        };
        let (above, last) = text.rsplit_once('.').unwrap_or(("", text));
        let mut at = body;
        for key in above.split('.').filter(|key| !key.is_empty()) {
            match children(at).and_then(|entries| entries.iter_mut().find(|entry| entry.key == key)) {
                Some(entry) => at = &mut entry.value,
                None => return self.nothing(text, path, problems),
            }
        }
        let found = children(at).and_then(|entries| {
            let place = entries.iter().position(|entry| entry.key == last)?;
            Some(entries.remove(place))
        });
        if found.is_none() {
            self.nothing(text, path, problems);
        }
    }

    fn nothing(&self, text: &str, path: &Node, problems: &mut Problems) {
        let problem =
            Problem::new(Code::NothingToRemove, self.source, path.span.clone(), format!("there is no `{text}` below"));
        problems.add(problem.label("nothing to remove"));
    }
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Entry> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key == key)
}

/// The entries of a mapping.
fn children(node: &mut Node) -> Option<&mut Vec<Entry>> {
    if let Value::Map(entries) = &mut node.value { Some(entries) } else { None }
}

/// Counts the bytes of a tree from `start` on.
fn shift(node: &mut Node, start: usize) {
    let moved = |span: &Range<usize>| span.start + start..span.end + start;
    node.span = moved(&node.span);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, start)),
        Value::Map(entries) => {
            for entry in entries {
                entry.key_span = moved(&entry.key_span);
                shift(&mut entry.value, start);
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) => {}
    }
}
