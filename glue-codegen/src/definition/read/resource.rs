//! From the YAML tree to a definition. Every problem is reported; what is unclear gets the strict reading.

use super::super::fields::{Fields, words};
use super::super::{
    AppUse, At, Definition, EntityTags, Format, ListUse, OwnerKind, OwnerRule, RelatedFilter, RelationUse, RelationVia,
    Storage, Target, Version,
};
use super::shared::{handler, named, once, path, profiles};
use super::{actions, attributes, errors, owners, query, verbs};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{BEGIN, Node, Value};

/// Reads one file. `None` when it does not define a resource at all.
pub fn read(source: &Source, problems: &mut Problems) -> Option<Definition> {
    let tree = crate::yaml::parse(source, problems)?;
    read_tree(source, &tree, problems)
}

/// Reads the tree of one file, or of several files laid over each other.
pub fn read_tree(source: &Source, tree: &Node, problems: &mut Problems) -> Option<Definition> {
    let before = problems.errors();
    if !matches!(tree.value, Value::Map(_)) {
        let problem = Problem::new(Code::MissingKey, source, tree.span.clone(), "a definition starts with `resource:`");
        problems.add(problem.help(BEGIN));
        return None;
    }
    let file = Fields::of(source, tree, problems);
    let Some(entry) = file.get("resource") else {
        let problem = Problem::new(Code::MissingKey, source, 0..0, "a definition starts with `resource:`");
        problems.add(problem.help(BEGIN));
        file.finish(problems);
        return None;
    };
    file.finish(problems);
    let fields = Fields::of(source, &entry.value, problems);
    let mut definition = resource(&fields, problems);
    fields.finish(problems);
    if let Some(definition) = &mut definition {
        definition.broken = problems.errors() > before;
    }
    definition
}

fn resource(fields: &Fields<'_>, problems: &mut Problems) -> Option<Definition> {
    let source = fields.source;
    let name = fields.needed("type", problems)?;
    named(source, &name, names::is_kebab(&name.it), "lower-case words with dashes between them", problems);
    let attributes =
        fields.get("attributes").map(|entry| attributes::read(source, &entry.value, problems)).unwrap_or_default();
    let owner = owners::owner(fields, problems);
    let mine = fields.get("mine").filter(|_| fields.flag("mine", problems)).map(|entry| entry.key_span.clone());
    let mut stored = fields.get("storage").and_then(|entry| storage(source, &entry.value, problems));
    if let (Some(stored), Some(span), Some((owner, _))) = (&mut stored, &mine, &owner)
        && !stored.unique.iter().any(|list| matches!(list.as_slice(), [one] if one.it == owner.it))
    {
        // A second row of the same caller could not be named.
        stored.unique.push(vec![At { it: owner.it.clone(), span: span.clone() }]);
    }
    Some(Definition {
        source: source.clone(),
        singular: singular(fields, &name, problems),
        version: version(fields, problems),
        newest: true,
        summary: fields.needed("summary", problems).map(|at| at.it).unwrap_or_default(),
        description: fields.text("description", problems).map(|at| at.it).unwrap_or_default(),
        format: format(fields, problems),
        path: path(fields, "path", problems),
        no_store: fields.flag("noStore", problems),
        multi_factor: fields.flag("multiFactor", problems),
        profiles: profiles(fields, problems),
        apps: apps(fields, problems),
        owner: owner.as_ref().map(|(at, _)| at.clone()),
        owner_kind: owner.map_or(OwnerKind::Customer, |(_, kind)| kind),
        mine,
        parent: owners::parent(fields, problems),
        ancestors: Vec::new(),
        relations: relations(fields, problems),
        included: Vec::new(),
        target: Target::default(),
        links: Vec::new(),
        made: Vec::new(),
        entity_tags: entity_tags(fields, problems),
        verbs: fields.get("verbs").map(|entry| verbs::read(source, &entry.value, problems)).unwrap_or_default(),
        actions: actions::read(fields, problems),
        list: list(fields, problems),
        query: query::read(fields, problems),
        storage: stored,
        handler: handler(fields, problems),
        action_of: None,
        broken: false,
        because: fields.reason(problems),
        loosened: Vec::new(),
        layers: Vec::new(),
        errors: fields.get("errors").map(|entry| errors::read(source, &entry.value, problems)).unwrap_or_default(),
        attributes,
        name,
    })
}

fn singular(fields: &Fields<'_>, name: &At<String>, problems: &mut Problems) -> String {
    let Some(at) = fields.text("singular", problems) else { return names::singular(&name.it) };
    named(fields.source, &at, names::is_kebab(&at.it), "lower-case words with dashes between them", problems);
    at.it
}

/// `2.0`, with or without quotes.
fn version(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<Version>> {
    let at = fields.text("version", problems)?;
    let number = |text: &str| match text.starts_with('0') && text.len() > 1 {
        true => None,
        false => text.parse::<u16>().ok(),
    };
    let parts = at.it.split_once('.').and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
    match parts.filter(|(major, _)| *major > 0) {
        Some((major, minor)) => Some(At { it: Version { major, minor }, span: at.span }),
        None => {
            let problem = Problem::new(Code::BadVersion, fields.source, at.span, format!("`{}` is no version", at.it));
            problems.add(problem.help("a version is a major number from 1 on and a minor one: `2.0`"));
            None
        }
    }
}

fn format(fields: &Fields<'_>, problems: &mut Problems) -> Format {
    match fields.text("format", problems) {
        None => Format::JsonApi,
        Some(at) => match at.it.as_str() {
            "json-api" => Format::JsonApi,
            "form" => Format::Form,
            "page" => Format::Page,
            "json" => Format::Json { single: fields.flag("single", problems) },
            other => {
                let problem =
                    Problem::new(Code::UnknownWord, fields.source, at.span, format!("unknown format `{other}`"));
                problems.add(problem.suggest(other, ["json-api", "form", "json", "page"]));
                Format::JsonApi
            }
        },
    }
}

fn apps(of: &Fields<'_>, problems: &mut Problems) -> Vec<AppUse> {
    let Some(entry) = of.get("apps") else { return Vec::new() };
    let source = of.source;
    let known = of.get("actions").map(|entry| Fields::of(source, &entry.value, problems).all()).unwrap_or_default();
    let known: Vec<&str> = known.iter().map(|entry| entry.key.as_str()).collect();
    let mut apps = Vec::new();
    for entry in Fields::of(source, &entry.value, problems).all() {
        let fields = Fields::of(source, &entry.value, problems);
        let named = fields.words("verbs", problems).map(|words| verbs::verb_names(source, words, &known, problems));
        let (verbs, actions) = named.map_or((None, Vec::new()), |(verbs, actions)| (Some(verbs), actions));
        apps.push(AppUse {
            name: At { it: entry.key.clone(), span: entry.key_span.clone() },
            verbs,
            actions,
            scopes: fields.words("scopes", problems),
            api_key: fields.flag("apiKey", problems),
            unowned: matches!(verbs::owner_rule(&fields, &["none"], problems), Some(OwnerRule::None)),
        });
        fields.finish(problems);
    }
    apps
}

fn relations(fields: &Fields<'_>, problems: &mut Problems) -> Vec<RelationUse> {
    let Some(entry) = fields.get("relationships") else { return Vec::new() };
    let mut relations = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let to = At { it: entry.key.clone(), span: entry.key_span.clone() };
        let relation = Fields::of(fields.source, &entry.value, problems);
        let (children, owned) = (relation.flag("children", problems), relation.flag("owned", problems));
        let (by, through) = (relation.text("by", problems), relation.text("through", problems));
        let via = match (children, owned, by, through) {
            (true, false, None, None) => Some(RelationVia::Children),
            (false, true, None, None) => Some(RelationVia::Owned),
            (false, false, Some(attribute), None) => Some(RelationVia::By(attribute)),
            (false, false, None, Some(link)) => Some(RelationVia::Through(link)),
            _ => None,
        };
        relation.finish(problems);
        match via {
            Some(via) => relations.push(RelationUse { to, via, module: String::new() }),
            None => {
                let message = format!("`{}` does not say how it is found", to.it);
                let problem = Problem::new(Code::WrongShape, fields.source, to.span, message);
                problems
                    .add(problem.help("one of `children: true`, `owned: true`, `by: <attribute>`, `through: <type>`"));
            }
        }
    }
    relations
}

fn entity_tags(fields: &Fields<'_>, problems: &mut Problems) -> EntityTags {
    let Some(at) = fields.text("entityTag", problems) else { return EntityTags::None };
    match at.it.as_str() {
        "offered" => EntityTags::Offered,
        "required" => EntityTags::Required,
        other => {
            let problem =
                Problem::new(Code::UnknownWord, fields.source, at.span, format!("unknown entity tag `{other}`"));
            problems.add(problem.suggest(other, ["offered", "required"]));
            EntityTags::None
        }
    }
}

fn list(fields: &Fields<'_>, problems: &mut Problems) -> ListUse {
    let mut list = ListUse::of(100, 100);
    let Some(entry) = fields.get("list") else {
        return list;
    };
    list.span = Some(entry.key_span.clone());
    let fields = Fields::of(fields.source, &entry.value, problems);
    list.sort = fields.words("sort", problems).unwrap_or_default();
    for said in fields.words("filter", problems).unwrap_or_default() {
        match said.it.split_once('.') {
            Some((resource, name)) => {
                let (resource, name) = (resource.to_owned(), name.to_owned());
                list.related.push(RelatedFilter { said, resource, name, rows: None });
            }
            None => list.filter.push(said),
        }
    }
    let order = fields.words("order", problems).unwrap_or_default().into_iter();
    list.order = order
        .map(|at| match at.it.strip_prefix('-') {
            Some(name) => (At { it: name.to_owned(), span: at.span.clone() }, true),
            None => (at, false),
        })
        .collect();
    once(fields.source, &list.sort, problems);
    once(fields.source, &list.filter, problems);
    let related: Vec<At<String>> = list.related.iter().map(|filter| filter.said.clone()).collect();
    once(fields.source, &related, problems);
    if let Some(entry) = fields.get("page") {
        let page = Fields::of(fields.source, &entry.value, problems);
        list.default = page.int("default", problems).unwrap_or(list.default);
        list.max = page.int("max", problems).unwrap_or(list.max);
        page.finish(problems);
        if list.default < 1 || list.max < list.default {
            let message = format!("a page of {} rows, {} at most, is none", list.default, list.max);
            let problem = Problem::new(Code::BadPage, fields.source, entry.value.span.clone(), message);
            problems.add(problem.help("`default` is at least 1, and `max` at least `default`"));
        }
    }
    fields.finish(problems);
    list
}

fn storage(source: &Source, node: &Node, problems: &mut Problems) -> Option<Storage> {
    let fields = Fields::of(source, node, problems);
    let table = fields.needed("table", problems);
    let key = fields.text("key", problems);
    let owner = fields.get("owner").and_then(|entry| owners::column(source, &entry.value, problems));
    let parent = fields.text("parent", problems);
    let deleted = fields.text("softDelete", problems);
    let unique = together(&fields, "unique", problems);
    let index = together(&fields, "index", problems);
    fields.finish(problems);
    let table = table?;
    for column in key.iter().chain(&parent).chain(&deleted) {
        named(source, column, names::is_snake(&column.it), "lower-case words with underscores between them", problems);
    }
    named(source, &table, names::is_snake(&table.it), "lower-case words with underscores between them", problems);
    let key = key.map_or_else(|| format!("id_{}", table.it.strip_prefix("spy_").unwrap_or(&table.it)), |at| at.it);
    Some(Storage { table, key, owner, parent: parent.map(|at| at.it), deleted, unique, index })
}

/// A list of lists of attributes.
fn together(fields: &Fields<'_>, key: &'static str, problems: &mut Problems) -> Vec<Vec<At<String>>> {
    match fields.get(key).map(|entry| &entry.value) {
        None => Vec::new(),
        Some(Node { value: Value::List(items), .. }) => {
            items.iter().map(|item| words(fields.source, item, problems)).collect()
        }
        Some(node) => {
            let message = format!("`{key}` is a list of lists");
            let problem = Problem::new(Code::WrongShape, fields.source, node.span.clone(), message);
            problems.add(problem.help(format!("what belongs together: `{key}: [[customerReference, name]]`")));
            Vec::new()
        }
    }
}
