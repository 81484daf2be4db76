//! What became of a contract: the differences between two OpenAPI documents, as a client meets them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

/// What a difference means to clients that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// A client that worked may no longer.
    Breaking,
    /// A client that worked still does, and another may do more.
    Additive,
    /// Nothing but words changed.
    DocsOnly,
}

impl Effect {
    /// As people read it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::DocsOnly => "docs-only",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// What it means.
    pub effect: Effect,
    /// `GET /wishlists`.
    pub operation: String,
    /// What it is, in words.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}", self.effect.as_str(), self.operation, self.what)
    }
}

/// The differences of two documents, the breaking ones first.
#[must_use]
pub fn between(old: &Value, new: &Value) -> Vec<Difference> {
    let mut all = Differences::default();
    let (before, now) = (operations(old), operations(new));
    for operation in before.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
        all.operation.clone_from(operation);
        match (before.get(operation), now.get(operation)) {
            (Some(_), None) => all.add(Effect::Breaking, "the operation is gone"),
            (None, Some(_)) => all.add(Effect::Additive, "the operation is new"),
            (Some(before), Some(now)) => {
                all.operations(Side { document: old, at: before }, Side { document: new, at: now })
            }
            (None, None) => {}
        }
    }
    all.found.sort();
    all.found.dedup();
    all.found
}

/// Every operation of a document, by its method and its path. Names of path parameters are no part of the contract.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
    let mut found = BTreeMap::new();
    for (path, item) in members(document.get("paths")) {
        let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        let shape = segments.collect::<Vec<_>>().join("/");
        for (method, operation) in members(Some(item)).filter(|(method, _)| METHODS.contains(&method.as_str())) {
            found.insert(format!("{} {shape}", method.to_uppercase()), operation);
        }
    }
    found
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// The members of an object by their names.
fn named(value: Option<&Value>) -> BTreeMap<&str, &Value> {
    members(value).map(|(name, of)| (name.as_str(), of)).collect()
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A part of a document, with the document that its references lead into.
#[derive(Clone, Copy)]
struct Side<'a> {
    document: &'a Value,
    at: &'a Value,
}

impl<'a> Side<'a> {
    fn get(self, key: &str) -> Option<Self> {
        self.at.get(key).map(|at| Self { at, ..self })
    }

    /// What a reference stands for, and of `null` or something else the something.
    fn resolved(self) -> Self {
        if let Some(path) = self.at.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#')) {
            return self.document.pointer(path).map_or(self, |at| Self { at, ..self }.resolved());
        }
        let one = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| self.at.get(*key));
        let mut parts = items(one).filter(|part| part.get("type").and_then(Value::as_str) != Some("null"));
        match (parts.next(), parts.next()) {
            (Some(only), None) => Self { at: only, ..self }.resolved(),
            _ => self,
        }
    }

    fn types(self) -> BTreeSet<&'a str> {
        match self.resolved().at.get("type") {
            Some(Value::String(one)) => BTreeSet::from([one.as_str()]),
            several => items(several).filter_map(Value::as_str).collect(),
        }
    }

    /// Whether `null` stands for it.
    fn is_nullable(self) -> bool {
        let alternatives = ["oneOf", "anyOf"].iter().flat_map(|key| items(self.at.get(*key)));
        let mut nulls = alternatives.filter(|part| part.get("type").and_then(Value::as_str) == Some("null"));
        self.types().contains("null") || nulls.next().is_some()
    }

    fn required(self) -> BTreeSet<&'a str> {
        items(self.at.get("required")).filter_map(Value::as_str).collect()
    }

    fn words(self) -> Option<BTreeSet<String>> {
        self.at.get("enum").and_then(Value::as_array).map(|words| words.iter().map(ToString::to_string).collect())
    }
}

/// Who writes what a schema describes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// Clients do: asking for more breaks them.
    Sent,
    /// The server does: giving less breaks them.
    Answered,
}

#[derive(Default)]
struct Differences {
    operation: String,
    found: Vec<Difference>,
}

impl Differences {
    fn add(&mut self, effect: Effect, what: impl Into<String>) {
        self.found.push(Difference { effect, operation: self.operation.clone(), what: what.into() });
    }

    fn operations(&mut self, old: Side<'_>, new: Side<'_>) {
        self.protection(old, new);
        self.parameters(old, new);
        self.bodies(old, new);
        self.answers(old, new);
        for key in ["summary", "description", "tags"] {
            if old.at.get(key) != new.at.get(key) {
                self.add(Effect::DocsOnly, format!("another {key}"));
            }
        }
    }

    /// What a caller needs: every way in that is gone breaks those who took it.
    fn protection(&mut self, old: Side<'_>, new: Side<'_>) {
        let ways =
            |side: Side<'_>| -> BTreeSet<String> { items(side.at.get("security")).map(ToString::to_string).collect() };
        let (before, now) = (ways(old), ways(new));
        let is_open = |ways: &BTreeSet<String>| ways.is_empty() || ways.contains("{}");
        match (is_open(&before), is_open(&now)) {
            (true, false) => self.add(Effect::Breaking, "protection is tightened: a token is needed"),
            (false, true) => self.add(Effect::Additive, "protection is loosened: nobody needs a token any more"),
            _ => {
                for gone in before.difference(&now) {
                    self.add(Effect::Breaking, format!("protection: {gone} no longer does"));
                }
                for new in now.difference(&before) {
                    self.add(Effect::Additive, format!("protection: {new} does"));
                }
            }
        }
    }

    fn parameters(&mut self, old: Side<'_>, new: Side<'_>) {
        type Key<'a> = (&'a str, &'a str);
        fn all<'a>(side: Side<'a>) -> BTreeMap<Key<'a>, &'a Value> {
            let named = items(side.at.get("parameters")).map(|of| ((text(of, "in"), text(of, "name")), of));
            named.filter(|((place, _), _)| *place != "path").collect()
        }
        let is_required = |of: &Value| of.get("required").and_then(Value::as_bool).unwrap_or_default();
        let (before, now) = (all(old), all(new));
        for ((place, name), of) in &now {
            match before.get(&(*place, *name)) {
                None if is_required(of) => {
                    self.add(Effect::Breaking, format!("the {place} parameter `{name}` is required"))
                }
                None => self.add(Effect::Additive, format!("the {place} parameter `{name}` is new")),
                Some(was) if is_required(of) && !is_required(was) => {
                    self.add(Effect::Breaking, format!("the {place} parameter `{name}` is required"));
                }
                Some(was) if was != of => self.add(Effect::DocsOnly, format!("another description of `{name}`")),
                Some(_) => {}
            }
        }
        for (place, name) in before.keys().filter(|key| !now.contains_key(*key)) {
            self.add(Effect::Breaking, format!("the {place} parameter `{name}` is gone"));
        }
    }

    fn bodies(&mut self, old: Side<'_>, new: Side<'_>) {
        let [before, now] = [old, new].map(|side| named(side.at.pointer("/requestBody/content")));
        for (kind, was) in &before {
            match now.get(kind) {
                None => self.add(Effect::Breaking, format!("bodies of type `{kind}` are no longer taken")),
                Some(is) => {
                    if let (Some(was), Some(is)) = (was.get("schema"), is.get("schema")) {
                        let sides = (Side { at: was, ..old }, Side { at: is, ..new });
                        self.schemas("", sides.0, sides.1, Direction::Sent, 0);
                    }
                }
            }
        }
        for kind in now.keys().filter(|kind| !before.contains_key(*kind)) {
            let effect = if before.is_empty() { Effect::Breaking } else { Effect::Additive };
            self.add(effect, format!("bodies of type `{kind}` are taken"));
        }
    }

    fn answers(&mut self, old: Side<'_>, new: Side<'_>) {
        let [before, now] = [old, new].map(|side| named(side.at.get("responses")));
        for (status, was) in &before {
            match now.get(status) {
                None => self.add(Effect::Breaking, format!("the status {status} is gone")),
                Some(is) => {
                    self.codes(status, was, is);
                    for (was, is) in members(was.get("content")).filter_map(|(kind, was)| {
                        Some((was.get("schema")?, is.get("content")?.get(kind)?.get("schema")?))
                    }) {
                        let sides = (Side { at: was, ..old }, Side { at: is, ..new });
                        self.schemas("", sides.0, sides.1, Direction::Answered, 0);
                    }
                }
            }
        }
        for status in now.keys().filter(|status| !before.contains_key(*status)) {
            let effect = if status.starts_with('2') { Effect::Breaking } else { Effect::Additive };
            self.add(effect, format!("the status {status} is new"));
        }
    }

    /// The codes of errors, as the examples show them.
    fn codes(&mut self, status: &str, was: &Value, is: &Value) {
        let [before, now] = [was, is].map(|of| -> BTreeSet<&str> {
            let contents = members(of.get("content")).map(|(_, content)| content);
            let examples = contents.flat_map(|content| members(content.get("examples")).map(|(_, of)| of));
            examples.filter_map(|example| example.pointer("/value/errors/0/code")?.as_str()).collect()
        });
        for gone in before.difference(&now) {
            self.add(Effect::Breaking, format!("the code {gone} of status {status} is gone"));
        }
        for new in now.difference(&before) {
            self.add(Effect::Additive, format!("the code {new} of status {status} is new"));
        }
    }

    fn schemas(&mut self, path: &str, old: Side<'_>, new: Side<'_>, direction: Direction, depth: usize) {
        /// Deeper than any document nests; a circle ends here too.
        const DEEPEST: usize = 12;
        if depth > DEEPEST {
            return;
        }
        let (nulls_before, nulls_now) = (old.is_nullable(), new.is_nullable());
        let (old, new) = (old.resolved(), new.resolved());
        let (breaks, of) = (Effect::Breaking, if path.is_empty() { "the body" } else { path });
        if nulls_before != nulls_now {
            let narrows = (direction == Direction::Sent) == nulls_before;
            let words = if nulls_now { "can be null" } else { "is never null" };
            self.add(if narrows { breaks } else { Effect::Additive }, format!("`{of}` {words}"));
        }
        let without_null =
            |side: Side<'_>| side.types().into_iter().filter(|kind| *kind != "null").collect::<Vec<_>>().join(" or ");
        if without_null(old) != without_null(new) {
            return self.add(breaks, format!("`{of}` is of type {}, and was {}", without_null(new), without_null(old)));
        }
        self.words(of, old, new, direction);
        self.limits(of, old, new, direction);
        self.properties(path, old, new, direction, depth);
        if let (Some(was), Some(is)) = (old.get("items"), new.get("items")) {
            self.schemas(&format!("{path}[]"), was, is, direction, depth + 1);
        }
        if old.at.get("description") != new.at.get("description") {
            self.add(Effect::DocsOnly, format!("another description of `{of}`"));
        }
    }

    fn words(&mut self, of: &str, old: Side<'_>, new: Side<'_>, direction: Direction) {
        let (Some(before), Some(now)) = (old.words(), new.words()) else { return };
        let (gone, fresh) = match direction {
            Direction::Sent => (Effect::Breaking, Effect::Additive),
            Direction::Answered => (Effect::Additive, Effect::Breaking),
        };
        before.difference(&now).for_each(|word| self.add(gone, format!("`{of}` is never {word}")));
        now.difference(&before).for_each(|word| self.add(fresh, format!("`{of}` can be {word}")));
    }

    /// Limits of what is sent: narrower ones refuse what was taken.
    fn limits(&mut self, of: &str, old: Side<'_>, new: Side<'_>, direction: Direction) {
        if direction == Direction::Answered {
            return;
        }
        const UPPER: [&str; 4] = ["maxLength", "maximum", "exclusiveMaximum", "maxItems"];
        const LOWER: [&str; 4] = ["minLength", "minimum", "exclusiveMinimum", "minItems"];
        for key in UPPER.into_iter().chain(LOWER) {
            let number = |side: Side<'_>| side.at.get(key).and_then(Value::as_f64);
            let narrows = match (number(old), number(new)) {
                (was, is) if was == is => continue,
                (Some(was), Some(is)) => (is < was) == UPPER.contains(&key),
                (None, _) => true,
                (Some(_), None) => false,
            };
            let said = new.at.get(key).map_or_else(|| "none".to_owned(), ToString::to_string);
            self.add(if narrows { Effect::Breaking } else { Effect::Additive }, format!("`{of}`: {key} is {said}"));
        }
        for key in ["pattern", "format"] {
            match (old.at.get(key), new.at.get(key)) {
                (was, is) if was == is => {}
                (_, None) => self.add(Effect::Additive, format!("`{of}` has no {key} any more")),
                (_, Some(is)) => self.add(Effect::Breaking, format!("`{of}`: {key} is {is}")),
            }
        }
    }

    fn properties(&mut self, path: &str, old: Side<'_>, new: Side<'_>, direction: Direction, depth: usize) {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let (before, now) = (old.get("properties"), new.get("properties"));
        let (required_before, required_now) = (old.required(), new.required());
        for (name, was) in members(before.map(|of| of.at)) {
            let Some(is) = now.and_then(|of| of.at.get(name)) else {
                self.add(Effect::Breaking, format!("`{}` is gone", below(name)));
                continue;
            };
            self.schemas(&below(name), Side { at: was, ..old }, Side { at: is, ..new }, direction, depth + 1);
            let [was, is] = [&required_before, &required_now].map(|required| required.contains(name.as_str()));
            match (was, is, direction) {
                (false, true, Direction::Sent) => self.add(Effect::Breaking, format!("`{}` is required", below(name))),
                (true, false, Direction::Sent) => {
                    self.add(Effect::Additive, format!("`{}` may be left out", below(name)))
                }
                (true, false, Direction::Answered) => {
                    self.add(Effect::Breaking, format!("`{}` may be missing", below(name)))
                }
                (false, true, Direction::Answered) => {
                    self.add(Effect::Additive, format!("`{}` is always there", below(name)))
                }
                _ => {}
            }
        }
        for (name, _) in
            members(now.map(|of| of.at)).filter(|(name, _)| before.is_none_or(|of| of.at.get(*name).is_none()))
        {
            let demanded = direction == Direction::Sent && required_now.contains(name.as_str());
            let (effect, word) =
                if demanded { (Effect::Breaking, "is required") } else { (Effect::Additive, "is new") };
            self.add(effect, format!("`{}` {word}", below(name)));
        }
    }
}

/// Differences as lines.
#[must_use]
pub fn lines(app: &str, differences: &[Difference]) -> String {
    differences.iter().map(|difference| format!("{app}\t{difference}\n")).collect()
}

/// Differences as a note for a release.
#[must_use]
pub fn markdown(app: &str, differences: &[Difference]) -> String {
    let mut text = String::new();
    for effect in [Effect::Breaking, Effect::Additive, Effect::DocsOnly] {
        let mut of = differences.iter().filter(|difference| difference.effect == effect).peekable();
        if of.peek().is_some() {
            text.push_str(&format!("\n### {app}: {}\n\n", effect.as_str()));
        }
        of.for_each(|of| text.push_str(&format!("- `{}`: {}\n", of.operation, of.what)));
    }
    text
}

/// Differences for machines.
#[must_use]
pub fn json(app: &str, differences: &[Difference]) -> Vec<Value> {
    let object = |of: &Difference| serde_json::json!({ "application": app, "effect": of.effect.as_str(), "operation": of.operation, "what": of.what });
    differences.iter().map(object).collect()
}
