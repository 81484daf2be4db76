//! Foreign resources as definitions.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftVerb, quoted};
use super::facts::{Outcome, Read};
use super::properties;
use super::security::Security;
use crate::definition::VerbName;
use crate::names;

/// What a file is told of the others that are imported with it.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Class name → type.
    pub(super) types: BTreeMap<String, String>,
    /// Type → the applications that have it.
    pub(super) apps: BTreeMap<String, Vec<String>>,
    /// Type → the type in front of it in its paths.
    pub(super) parents: BTreeMap<String, String>,
    /// The types that ask who calls.
    pub(super) guarded: Vec<String>,
    /// The types that have something to keep from their readers: no table holds that without a thought.
    pub(super) secret: Vec<String>,
    /// The scopes of each application.
    pub(super) scopes: BTreeMap<String, Vec<String>>,
}

impl Others {
    /// What one file tells the others.
    pub(super) fn hear(&mut self, app: &str, resource: &Read<'_>) {
        let text = |of: &Read<'_>, key: &str| of.get(key).and_then(|found| found.text());
        let kind = kind(resource);
        for name in [text(resource, "name"), text(resource, "shortName")].into_iter().flatten() {
            self.types.insert(name, kind.clone());
        }
        self.apps.entry(kind.clone()).or_default().push(app.to_owned());
        for operation in resource.get("operations").iter().flat_map(Read::items) {
            let path = text(&operation, "uriTemplate").unwrap_or_default();
            let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
            if let [parent, id, own, ..] = segments.as_slice()
                && id.starts_with('{')
                && *own == kind
            {
                self.parents.insert(kind.clone(), (*parent).to_owned());
            }
        }
        let asks = |of: &Read<'_>| {
            of.get("security").is_some_and(|of| of.text().is_none_or(|text| !text.contains("PUBLIC_ACCESS")))
        };
        let operations = resource.get("operations");
        if asks(resource) || operations.iter().flat_map(Read::items).any(|of| asks(&of)) {
            self.guarded.push(kind.clone());
        }
        let hidden = |property: Read<'_>| {
            let flag = |key: &str| property.get(key).map(|of| of.json() == serde_json::Value::Bool(true));
            flag("readable") == Some(false) && flag("writable") != Some(false)
        };
        if resource.get("properties").iter().flat_map(Read::each).any(|(_, property)| hidden(property)) {
            self.secret.push(kind);
        }
    }

    /// Whether rows of a type can be shown with those of another.
    fn can_be_included(&self, to: &str, app: &str) -> bool {
        let mounted = self.apps.get(to).is_some_and(|apps| apps.iter().any(|of| of == app));
        mounted && !self.secret.iter().any(|secret| secret == to)
    }

    fn scopes_of(&self, app: &str) -> &[String] {
        self.scopes.get(app).map(Vec::as_slice).unwrap_or_default()
    }
}

/// One file: its application, its file name, and what stands under `resource`.
pub(super) struct Foreign<'a> {
    pub(super) app: String,
    pub(super) origin: String,
    pub(super) resource: Read<'a>,
}

/// The definitions of a file: its own, and one for each path of its own.
pub(super) fn read(file: &Foreign<'_>, others: &Others, drafts: &mut BTreeMap<String, Draft>) {
    let resource = &file.resource;
    let name = resource.take("name").unwrap_or_default();
    let kind = kind(resource);
    match resource.get("shortName") {
        Some(said) if said.text().as_deref() == Some(kind.as_str()) => said.carried(),
        Some(said) => said.decide(format!("the type and the path are `{kind}` here: lower-case words, in the plural")),
        None => {}
    }
    if drafts.get(&kind).is_some_and(|draft| draft.apps.contains(&file.app)) {
        return resource.overrule(&Outcome::Lost("another file defines this type for the application".into()));
    }
    let mut draft = drafts.remove(&kind).unwrap_or_else(|| new(file, &kind, &name));
    draft.apps.insert(file.app.clone());
    about(resource, &mut draft);
    served_by(resource, &mut draft);
    let security = Security::of(resource, None, others.scopes_of(&file.app));
    security.errors(&mut draft);
    paging(resource, &mut draft);
    for (name, property) in resource.get("properties").iter().flat_map(Read::each) {
        attribute(name, &property, &mut draft);
    }
    let operations = resource.get("operations");
    let is_open = |of: &Read<'_>| Security::of(of, Some(&security), &[]).protected != Some(true);
    let open = operations.iter().flat_map(Read::items).any(|of| is_open(&of));
    relations(resource, others, &file.app, open, &mut draft);
    // Paths of their own are the same resources in another application's file.
    let (mut elsewhere, theirs): (BTreeMap<String, Draft>, BTreeMap<String, Draft>) =
        std::mem::take(drafts).into_iter().partition(|(_, known)| known.path.is_some());
    *drafts = theirs;
    let below = |of: &Read<'_>| {
        let path = of.get("uriTemplate").and_then(|path| path.text());
        matches!(target(path.as_deref(), &kind, others), Some((Target::Below(_), _)))
    };
    let all: Vec<Read<'_>> = operations.iter().flat_map(Read::items).collect();
    let mixed = all.iter().any(below) && !all.iter().all(below);
    for operation in &all {
        match mixed && below(operation) {
            true => operation.lost("a resource has one path: its other verbs stand elsewhere"),
            false => place(operation, &kind, file, others, &mut draft, &mut elsewhere, &security),
        }
    }
    for (kind, mut other) in elsewhere {
        if other.attributes.is_empty() {
            other.attributes.clone_from(&draft.attributes);
            other.errors.extend(draft.errors.clone());
            other.served_by.clone_from(&draft.served_by);
            other.summary.clone_from(&draft.summary);
        }
        drafts.insert(kind, other);
    }
    if !draft.verbs.is_empty() {
        drafts.insert(kind, draft);
    }
    for (key, value) in resource.each() {
        rest(key, &value);
    }
}

/// One property, beside those that are there.
fn attribute(name: &str, property: &Read<'_>, draft: &mut Draft) {
    let (name, attribute) = properties::read(name, property);
    let lost = |why: &str| property.overrule(&Outcome::Lost(why.into()));
    if !names::is_attribute(&name) || name.ends_with('_') || name.contains("__") {
        return lost("this is no name of an attribute: they are written `likeThis`");
    }
    if !attribute.id && ["type", "id", "links", "relationships"].contains(&name.as_str()) {
        return lost("JSON:API reads that elsewhere");
    }
    if let Some(known) = draft.attribute(&name) {
        if *known != attribute {
            known.readable &= attribute.readable;
            known.writable &= attribute.writable;
            let why = "another application says other things of it: the first file's rules, and the stricter access";
            property.overrule(&Outcome::ToDecide(why.into()));
        }
        return;
    }
    if draft.attributes.iter().any(|(known, of)| names::snake(known) == names::snake(&name) || (of.id && attribute.id))
    {
        return lost("another attribute has this name, or is the id");
    }
    draft.attributes.push((name, attribute));
}

fn new(file: &Foreign<'_>, kind: &str, name: &str) -> Draft {
    let summary = format!("{}.", if name.is_empty() { kind } else { name });
    Draft { kind: kind.to_owned(), origin: file.origin.clone(), summary, ..Draft::default() }
}

/// The type of a resource: its short name, or what comes of its name where that is none.
pub(super) fn kind(resource: &Read<'_>) -> String {
    let text = |key: &str| resource.get(key).and_then(|found| found.text());
    let short = text("shortName").filter(|short| names::is_kebab(short));
    short.unwrap_or_else(|| {
        let name = text("name").or_else(|| text("shortName")).unwrap_or_default();
        let name = ["Storefront", "Backend", "BackOffice"]
            .iter()
            .fold(name, |name, end| name.trim_end_matches(end).to_owned());
        let kind = kebab(&name);
        if names::singular(&kind) == kind && !kind.is_empty() { format!("{kind}s") } else { kind }
    })
}

fn kebab(name: &str) -> String {
    names::snake(name).replace('_', "-")
}

fn about(resource: &Read<'_>, draft: &mut Draft) {
    let Some(text) = resource.take("description") else { return };
    let mut lines = text.trim().splitn(2, '\n');
    let first = lines.next().unwrap_or_default().trim();
    draft.summary = if first.ends_with('.') { first.to_owned() } else { format!("{first}.") };
    draft.description = lines.next().map(|rest| rest.split_whitespace().collect::<Vec<_>>().join(" "));
}

/// The classes behind it become a handler.
fn served_by(of: &Read<'_>, draft: &mut Draft) {
    for key in ["provider", "processor"] {
        let Some(class) = of.get(key) else { continue };
        if let Some(name) = class.text() {
            let short = name.rsplit('\\').next().unwrap_or_default().to_owned();
            class.decide(format!("what `{short}` does is written by hand, in the stub of `{}`", draft.kind));
            if !draft.served_by.contains(&short) {
                draft.served_by.push(short);
            }
        }
    }
}

fn paging(resource: &Read<'_>, draft: &mut Draft) {
    let number = |key: &str| {
        let found = resource.get(key)?;
        let number = found.json().as_i64().filter(|number| *number > 0)?;
        found.carried();
        Some(number)
    };
    draft.page =
        (number("paginationItemsPerPage").or(draft.page.0), number("paginationMaximumItemsPerPage").or(draft.page.1));
    for key in ["paginationEnabled", "paginationClientEnabled", "paginationClientItemsPerPage"] {
        if let Some(found) = resource.get(key) {
            match found.json() == serde_json::Value::Bool(true) {
                true => found.carried(),
                false => found.decide("collections have pages here, and clients choose them up to the maximum"),
            }
        }
    }
}

/// The verb of an operation, and the definition that has its path.
fn place(
    operation: &Read<'_>,
    kind: &str,
    file: &Foreign<'_>,
    others: &Others,
    draft: &mut Draft,
    elsewhere: &mut BTreeMap<String, Draft>,
    above: &Security,
) {
    let Some(said) = operation.get("type") else { return operation.lost("it has no type") };
    let verb = match said.text().unwrap_or_default().rsplit('\\').next().unwrap_or_default() {
        "GetCollection" => VerbName::List,
        "Get" => VerbName::Get,
        "Post" => VerbName::Post,
        "Patch" => VerbName::Patch,
        "Delete" => VerbName::Delete,
        other => return operation.lost(format!("there is no verb for `{other}`")),
    };
    let template = operation.get("uriTemplate");
    let path = template.as_ref().and_then(Read::text).map(|path| path.trim_end_matches("{._format}").to_owned());
    let Some((target, why)) = target(path.as_deref(), kind, others) else {
        return operation.lost("a custom path has no id of its own: write an action, or a definition of this path");
    };
    let security = Security::of(operation, Some(above), others.scopes_of(&file.app));
    if security.denied {
        return operation.lost("nobody may call it, so there is no verb");
    }
    if let Some(name) = taken(&target, others, elsewhere) {
        return operation.lost(format!("`{name}`, which it would be called, is another resource"));
    }
    let target = target.draft(file, draft, elsewhere);
    target.apps.insert(file.app.clone());
    let at = target.verbs.entry(verb).or_insert_with(DraftVerb::default);
    if at.apps.contains(&file.app) {
        return operation.lost("the verb has a path already");
    }
    at.apps.push(file.app.clone());
    at.guard.insert(file.app.clone(), security.keys(&file.origin));
    said.carried();
    template.iter().for_each(|template| match why {
        None => template.carried(),
        Some(why) => template.decide(why),
    });
    if let Some(variables) = operation.get("uriVariables") {
        variables.carried();
    }
    success(operation, verb, at);
    security.errors(target);
    documented(operation, verb, target);
    served_by(operation, target);
    for (key, value) in operation.each() {
        rest(key, &value);
    }
}

impl Target {
    /// The definition that has the path.
    fn draft<'a>(
        self,
        file: &Foreign<'_>,
        own: &'a mut Draft,
        elsewhere: &'a mut BTreeMap<String, Draft>,
    ) -> &'a mut Draft {
        match self {
            Self::Own => own,
            Self::Below(parent) => {
                own.parent = Some(parent);
                own
            }
            Self::Elsewhere(other, path) => elsewhere
                .entry(other.clone())
                .or_insert_with(|| Draft { path: Some(path), ..new(file, &other, &other) }),
        }
    }
}

/// The name of a path of its own that another resource has.
fn taken<'a>(target: &'a Target, others: &Others, elsewhere: &BTreeMap<String, Draft>) -> Option<&'a str> {
    let Target::Elsewhere(name, path) = target else { return None };
    let twin = elsewhere.get(name).is_some_and(|known| known.path.as_ref() != Some(path));
    let is_taken = twin || others.types.values().any(|known| known == name);
    is_taken.then_some(name.as_str())
}

enum Target {
    Own,
    Below(String),
    Elsewhere(String, String),
}

/// Where an operation with this path belongs, and what people should know of it.
fn target(path: Option<&str>, kind: &str, others: &Others) -> Option<(Target, Option<&'static str>)> {
    let Some(path) = path else { return Some((Target::Own, None)) };
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let is_id = |segment: &str| segment.starts_with('{');
    match segments.as_slice() {
        [own] if *own == kind => Some((Target::Own, None)),
        [own, id] if *own == kind && is_id(id) => Some((Target::Own, None)),
        [parent, above, own, rest @ ..]
            if *own == kind
                && is_id(above)
                && rest.len() <= 1
                && others.types.values().any(|known| known == parent)
                && !others.secret.iter().any(|secret| secret == parent) =>
        {
            Some((Target::Below((*parent).to_owned()), None))
        }
        segments if segments.iter().all(|segment| !segment.is_empty()) => {
            let words: Vec<&str> = segments.iter().copied().filter(|segment| !is_id(segment)).collect();
            let name = words.join("-").to_ascii_lowercase();
            (names::is_kebab(&name) && name != kind).then(|| {
                let why = "a path of its own is a type of its own here, which answers carry";
                (Target::Elsewhere(name, format!("/{}", segments.join("/"))), Some(why))
            })
        }
        _ => None,
    }
}

/// The status of success, and whether it has a body.
fn success(operation: &Read<'_>, verb: VerbName, at: &mut DraftVerb) {
    if at.apps.len() > 1 {
        let answers = ["status", "output"].iter().filter_map(|key| operation.get(key));
        return answers.for_each(|of| of.decide("a verb answers alike in every application: as the first file says"));
    }
    let mut empty = false;
    if let Some(output) = operation.get("output") {
        empty = output.json() == serde_json::Value::Bool(false);
        match empty {
            true => output.carried(),
            false => output.lost("a verb answers with its resource"),
        }
    }
    if let Some(status) = operation.get("status") {
        match status.json().as_i64() {
            Some(204) => {
                empty = true;
                status.carried();
            }
            Some(code @ 200..=202) => {
                let usual = if verb == VerbName::Post { 201 } else { 200 };
                if code != usual {
                    at.keys.push(("status".into(), code.to_string()));
                }
                status.carried();
            }
            _ => status.lost("a success is 200, 201, 202 or 204"),
        }
    }
    if empty && verb != VerbName::Delete {
        at.keys.push(("empty".into(), "true".into()));
    }
}

/// `openapiContext` of an operation.
fn documented(operation: &Read<'_>, verb: VerbName, draft: &mut Draft) {
    let Some(context) = operation.get("openapiContext") else { return };
    let text = context.take("summary").or_else(|| context.take("description"));
    let fresh = |at: &DraftVerb| at.keys.iter().all(|(key, _)| key != "summary");
    if let (Some(text), Some(at)) = (text, draft.verbs.get_mut(&verb).filter(|at| fresh(at))) {
        let text = text.trim().to_owned();
        at.keys.push(("summary".into(), quoted(&if text.ends_with('.') { text } else { format!("{text}.") })));
    }
    for parameter in context.get("parameters").iter().flat_map(Read::items) {
        let name = parameter.get("name").and_then(|name| name.text()).unwrap_or_default();
        let is_query = parameter.get("in").and_then(|place| place.text()).as_deref() == Some("query");
        let known = ["page", "include", "fields", "sort", "itemsPerPage"].iter().any(|known| name.starts_with(known));
        if known || !is_query || name.contains('[') {
            parameter.decide("paging, order, includes, filters and headers are the framework's own");
            continue;
        }
        if draft.query.iter().all(|(known, ..)| *known != name) {
            let text = parameter.get("description").and_then(|text| text.text());
            let example = parameter.get("example").and_then(|example| example.text());
            let text = text.unwrap_or_else(|| format!("The {}.", names::spaced(&name)));
            draft.query.push((name, text, example.unwrap_or_else(|| "example".into())));
        }
        parameter.carried();
    }
    context.get("description").iter().for_each(|text| text.decide("the summary stands"));
    for (_, value) in context.each() {
        value.lost("documents say what the definition says");
    }
}

fn relations(resource: &Read<'_>, others: &Others, app: &str, open: bool, draft: &mut Draft) {
    for include in resource.get("includes").iter().flat_map(Read::items) {
        if include.get("resolverClass").is_some() || include.get("uriTemplate").is_some() {
            include.decide("relations follow ids: an attribute with the ids of the other side, and `by:`");
            continue;
        }
        let class = include.get("targetResource").and_then(|class| class.text()).unwrap_or_default();
        let to = others.types.get(class.rsplit('\\').next().unwrap_or_default());
        let mappings = include.get("uriVariableMappings");
        let by = mappings.iter().flat_map(Read::each).find_map(|(_, from)| from.text());
        let holds = by.filter(|by| draft.attributes.iter().any(|(name, of)| name == by && of.readable && !of.id));
        // Through what everybody reads nobody reads what asks who calls.
        let to = to.filter(|to| others.can_be_included(to, app) && !(open && others.guarded.contains(to)));
        let via = match (to, holds) {
            (Some(to), _) if others.parents.get(to) == Some(&draft.kind) => Some((to, "children: true".to_owned())),
            (Some(to), Some(by)) if !others.parents.contains_key(to) => Some((to, format!("by: {by}"))),
            _ => None,
        };
        match via {
            Some((to, via)) => {
                if draft.relations.iter().all(|(known, _)| known != to) {
                    draft.relations.push((to.clone(), via));
                }
                include.carried();
            }
            None => include.decide("say how it is found: `children: true`, `owned: true` or `by: <attribute>`"),
        }
    }
}

/// Keys that are about something else, once everything was read.
fn rest(key: &str, value: &Read<'_>) {
    match key {
        "codeBucket" => value.lost("there is one definition for every shop"),
        "includedSortPriority" => value.lost("what is included stands in the order in which it was found"),
        "includableIn" => value.decide("relations are said by the resource that has them"),
        "normalizationContext" | "denormalizationContext" => value.decide("answers carry every readable attribute"),
        "read" | "write" | "deserialize" | "serialize" | "validate" => value.decide("the handler sees to it"),
        "extraProperties" => extra(value),
        _ => {}
    }
}

fn extra(value: &Read<'_>) {
    for (key, value) in value.each() {
        match key {
            "entityTag" | "ifMatchRequired" => value.carried(),
            _ => value.lost("definitions have no such key"),
        }
    }
}

/// Whether answers carry entity tags, by any operation or the resource.
pub(super) fn tags(resource: &Read<'_>, draft: &mut Draft) {
    let operations = resource.get("operations");
    let all = operations.iter().flat_map(Read::items).chain([resource.clone()]);
    for properties in all.filter_map(|of| of.get("extraProperties")) {
        if properties.flag("entityTag") == Some(true) && draft.entity_tag.is_none() {
            draft.entity_tag = Some("offered");
        }
        if properties.flag("ifMatchRequired") == Some(true) {
            draft.entity_tag = Some("required");
        }
    }
}
