//! A definition in the making, and how it is written down.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::definition::VerbName;

/// A verb: in which applications, with which keys.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftVerb {
    /// The applications, in the order of the files.
    pub(super) apps: Vec<String>,
    /// Who may call, per application: `protected: false`, `because: …`, in the order in which they are written.
    pub(super) guard: BTreeMap<String, Vec<(String, String)>>,
    /// How it answers, everywhere.
    pub(super) keys: Vec<(String, String)>,
}

/// An attribute: its keys, as YAML.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DraftAttribute {
    pub(super) kind: String,
    pub(super) id: bool,
    pub(super) readable: bool,
    pub(super) writable: bool,
    pub(super) required: Vec<VerbName>,
    pub(super) nullable: bool,
    pub(super) default: Option<Value>,
    /// Everything else.
    pub(super) keys: Vec<(&'static str, String)>,
    pub(super) rules: Vec<String>,
    pub(super) members: Vec<(String, DraftAttribute)>,
    /// The elements of a list.
    pub(super) element: Option<Box<DraftAttribute>>,
}

impl DraftAttribute {
    /// Sets a key, in the place of what it was.
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<String>) {
        self.keys.retain(|(known, _)| *known != key);
        self.keys.push((key, value.into()));
    }

    pub(super) fn is_texty(&self) -> bool {
        matches!(self.kind.as_str(), "string" | "text")
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind.as_str(), "int" | "money")
    }

    /// The keys in braces. `inside` is whether it is a part of an object, which is as open as the whole.
    fn written(&self, inside: bool) -> String {
        let mut says = vec![format!("type: {}", self.kind)];
        says.extend(self.element.as_ref().map(|element| format!("of: {}", element.element())));
        says.extend((!self.members.is_empty()).then(|| members(&self.members)));
        says.extend(self.id.then(|| "id: true".to_owned()));
        let access = match (self.readable, self.writable) {
            (true, true) => None,
            (true, false) => Some("access: read"),
            (false, true) => Some("access: create"),
            (false, false) => Some("access: hidden"),
        };
        says.extend(access.filter(|_| !inside).map(str::to_owned));
        says.extend(self.demanded());
        says.extend(self.default.as_ref().map(|default| format!("default: {default}")));
        says.extend(self.nullable.then(|| "nullable: true".to_owned()));
        says.extend(self.keys.iter().map(|(key, value)| format!("{key}: {value}")));
        says.extend((!self.rules.is_empty()).then(|| format!("rules: [{}]", self.rules.join(", "))));
        format!("{{ {} }}", says.join(", "))
    }

    /// The verbs whose body has to carry it.
    fn demanded(&self) -> Option<String> {
        match self.required.as_slice() {
            [] => None,
            [VerbName::Post] => Some("required: true".into()),
            verbs => {
                let verbs: Vec<&str> = verbs.iter().map(|verb| verb.as_str()).collect();
                Some(format!("required: [{}]", verbs.join(", ")))
            }
        }
    }

    /// As the element of a list: its type and its parts.
    fn element(&self) -> String {
        match self.members.is_empty() {
            true => format!("{{ type: {} }}", self.kind),
            false => format!("{{ type: {}, {} }}", self.kind, members(&self.members)),
        }
    }
}

fn members(members: &[(String, DraftAttribute)]) -> String {
    let members = members.iter().map(|(name, member)| format!("{name}: {}", member.written(true)));
    format!("attributes: {{ {} }}", members.collect::<Vec<_>>().join(", "))
}

/// A definition in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) kind: String,
    /// Where it came from: the file's name.
    pub(super) origin: String,
    pub(super) summary: String,
    pub(super) description: Option<String>,
    /// The applications.
    pub(super) apps: BTreeSet<String>,
    pub(super) entity_tag: Option<&'static str>,
    pub(super) parent: Option<String>,
    pub(super) path: Option<String>,
    pub(super) verbs: BTreeMap<VerbName, DraftVerb>,
    pub(super) attributes: Vec<(String, DraftAttribute)>,
    pub(super) relations: Vec<(String, String)>,
    pub(super) query: Vec<(String, String, String)>,
    pub(super) page: (Option<i64>, Option<i64>),
    /// Whether the generated behaviour serves it until somebody writes another.
    pub(super) stored: bool,
    /// The classes that served it.
    pub(super) served_by: Vec<String>,
    /// Name → the row without its braces.
    pub(super) errors: BTreeMap<String, String>,
}

impl Draft {
    pub(super) fn attribute(&mut self, name: &str) -> Option<&mut DraftAttribute> {
        self.attributes.iter_mut().find(|(known, _)| known == name).map(|(_, attribute)| attribute)
    }

    /// The file.
    pub(super) fn written(&self, handler: &str) -> String {
        let mut lines = vec![format!("type: {}", self.kind), format!("summary: {}", quoted(&self.summary))];
        lines.extend(self.description.as_ref().map(|text| format!("description: {}", quoted(text))));
        let apps: Vec<String> = self.apps.iter().map(|app| format!("{app}: {{}}")).collect();
        lines.push(format!("apps: {{ {} }}", apps.join(", ")));
        lines.extend(self.path.as_ref().map(|path| format!("path: {path}")));
        lines.extend(self.parent.as_ref().map(|parent| format!("parent: {{ resource: {parent} }}")));
        lines.extend(self.entity_tag.map(|tag| format!("entityTag: {tag}")));
        lines.push(format!("handler: {handler}"));
        lines.push("verbs:".into());
        lines.extend(self.verbs.iter().map(|(verb, draft)| self.verb(*verb, draft)));
        lines.push("attributes:".into());
        let width = self.attributes.iter().map(|(name, _)| name.len()).max().unwrap_or_default() + 1;
        let attribute =
            |(name, of): &(String, DraftAttribute)| format!("  {:width$} {}", format!("{name}:"), of.written(false));
        lines.extend(self.attributes.iter().map(attribute));
        lines.extend(self.reads());
        if self.stored {
            let table = crate::names::snake(&crate::names::singular(&self.kind));
            lines.push(format!("storage: {{ table: {table} }}"));
        }
        if !self.errors.is_empty() {
            lines.push("errors:".into());
            lines.extend(self.errors.iter().map(|(name, row)| format!("  {name}: {{ {row} }}")));
        }
        let lines: String = lines.iter().map(|line| format!("  {line}\n")).collect();
        format!("# Imported from {}.\nresource:\n{lines}", self.origin)
    }

    fn verb(&self, verb: VerbName, draft: &DraftVerb) -> String {
        let said = |keys: &[(String, String)]| -> Vec<String> {
            keys.iter().map(|(key, value)| format!("{key}: {value}")).collect()
        };
        let guard = |app: &String| draft.guard.get(app).map(|keys| said(keys)).unwrap_or_default();
        // What differs is the strictest of all where nothing else is said, and the rest per application.
        let mut keys = match draft.apps.first().map(guard) {
            Some(first) if draft.apps.iter().all(|app| guard(app) == first) => first,
            Some(_) => {
                let own = |app: &String| match guard(app).as_slice() {
                    [] => format!("{app}: {{ protected: true }}"),
                    keys => format!("{app}: {{ {} }}", keys.join(", ")),
                };
                vec![format!("in: {{ {} }}", draft.apps.iter().map(own).collect::<Vec<_>>().join(", "))]
            }
            None => Vec::new(),
        };
        keys.extend(said(&draft.keys));
        if draft.apps.len() < self.apps.len() {
            keys.insert(0, format!("only: [{}]", draft.apps.join(", ")));
        }
        match keys.as_slice() {
            [] => format!("  {}:", verb.as_str()),
            keys => format!("  {}: {{ {} }}", verb.as_str(), keys.join(", ")),
        }
    }

    /// How it is read: relations, pages, parameters.
    fn reads(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.relations.is_empty() {
            let relations = self.relations.iter().map(|(to, via)| format!("{to}: {{ {via} }}"));
            lines.push(format!("relationships: {{ {} }}", relations.collect::<Vec<_>>().join(", ")));
        }
        if self.verbs.contains_key(&VerbName::List) && self.page != (None, None) {
            let asked = self.page.0.unwrap_or(10);
            let max = self.page.1.unwrap_or(asked.max(100));
            let default = asked.min(max);
            lines.push(format!("list: {{ page: {{ default: {default}, max: {max} }} }}"));
        }
        if !self.query.is_empty() {
            lines.push("query:".into());
        }
        for (name, description, example) in &self.query {
            let [name, description, example] = [name, description, example].map(|text| quoted(text));
            lines.push(format!("  {name}: {{ description: {description}, example: {example} }}"));
        }
        lines
    }
}

/// A text as YAML: JSON's quotes are YAML's.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
