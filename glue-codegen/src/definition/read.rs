//! From the YAML tree to a definition. Every problem is reported; what is unclear gets the strict reading.

mod attributes;
mod errors;
mod owners;
mod query;

use super::fields::{Fields, words};
use super::{
    ActionUse, AppUse, At, Definition, EntityTags, Flag, Format, ListUse, OwnerKind, OwnerRule, RelationUse,
    RelationVia, Storage, Target, VerbName, VerbUse, Version,
};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{BEGIN, Entry, Node, Value};

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
    Some(Definition {
        source: source.clone(),
        singular: singular(fields, &name, problems),
        version: version(fields, problems),
        newest: true,
        summary: fields.needed("summary", problems).map(|at| at.it).unwrap_or_default(),
        description: fields.text("description", problems).map(|at| at.it).unwrap_or_default(),
        format: format(fields, problems),
        client_auth: fields.flag("clientAuth", problems),
        path: path(fields, "path", problems),
        no_store: fields.flag("noStore", problems),
        multi_factor: fields.flag("multiFactor", problems),
        profiles: profiles(fields, problems),
        apps: fields.get("apps").map(|entry| apps(source, &entry.value, problems)).unwrap_or_default(),
        owner: owner.as_ref().map(|(at, _)| at.clone()),
        owner_kind: owner.map_or(OwnerKind::Customer, |(_, kind)| kind),
        parent: owners::parent(fields, problems),
        ancestors: Vec::new(),
        relations: relations(fields, problems),
        included: Vec::new(),
        target: Target::default(),
        entity_tags: entity_tags(fields, problems),
        verbs: fields.get("verbs").map(|entry| verbs(source, &entry.value, problems)).unwrap_or_default(),
        actions: actions(fields, problems),
        list: list(fields, problems),
        query: query::read(fields, problems),
        storage: fields.get("storage").and_then(|entry| storage(source, &entry.value, problems)),
        handler: handler(fields, problems),
        action_of: None,
        broken: false,
        because: fields.reason(problems),
        loosened: Vec::new(),
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
            let problem = Problem::new(Code::WrongShape, fields.source, at.span, format!("`{}` is no version", at.it));
            problems.add(problem.help("a version is a major number from 1 on and a minor one: `2.0`"));
            None
        }
    }
}

/// `documented`, `spryker`.
fn profiles(fields: &Fields<'_>, problems: &mut Problems) -> Vec<At<String>> {
    known_words(fields, "profiles", "profile", &["documented", "spryker"], problems)
}

/// The words of a key that takes only some.
fn known_words(
    fields: &Fields<'_>,
    key: &'static str,
    what: &str,
    known: &[&'static str],
    problems: &mut Problems,
) -> Vec<At<String>> {
    let named = fields.words(key, problems).unwrap_or_default();
    for at in named.iter().filter(|at| !known.contains(&at.it.as_str())) {
        let problem =
            Problem::new(Code::WrongShape, fields.source, at.span.clone(), format!("unknown {what} `{}`", at.it));
        problems.add(problem.suggest(&at.it, known.iter().copied()));
    }
    named
}

fn handler(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<String>> {
    let at = fields.text("handler", problems)?;
    named(fields.source, &at, syn::parse_str::<syn::Ident>(&at.it).is_ok(), "the name of a type", problems);
    Some(at)
}

/// Refuses a word that stands twice in a list.
fn once(source: &Source, words: &[At<String>], problems: &mut Problems) {
    for (number, word) in words.iter().enumerate() {
        if let Some(first) = words.iter().take(number).find(|first| first.it == word.it) {
            let message = format!("`{}` stands twice", word.it);
            let problem = Problem::new(Code::DuplicateKey, source, word.span.clone(), message);
            let problem = problem.label("here again").other(source, first.span.clone(), "first here");
            problems.add(problem.help("remove one of them"));
        }
    }
}

fn named(source: &Source, name: &At<String>, fits: bool, rule: &str, problems: &mut Problems) {
    if !fits {
        let problem =
            Problem::new(Code::BadName, source, name.span.clone(), format!("`{}` is not a usable name", name.it));
        problems.add(problem.label("not usable").help(rule));
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
                    Problem::new(Code::WrongShape, fields.source, at.span, format!("unknown format `{other}`"));
                problems.add(problem.suggest(other, ["json-api", "form", "json", "page"]));
                Format::JsonApi
            }
        },
    }
}

fn apps(source: &Source, node: &Node, problems: &mut Problems) -> Vec<AppUse> {
    let mut apps = Vec::new();
    for entry in Fields::of(source, node, problems).all() {
        let fields = Fields::of(source, &entry.value, problems);
        apps.push(AppUse {
            name: At { it: entry.key.clone(), span: entry.key_span.clone() },
            verbs: fields.words("verbs", problems).map(|words| verb_names(source, words, problems)),
            scopes: fields.words("scopes", problems),
            api_key: fields.flag("apiKey", problems),
            unowned: matches!(owner_rule(&fields, &["none"], problems), Some(OwnerRule::None)),
        });
        fields.finish(problems);
    }
    apps
}

/// `owner: none`, and at verbs `owner: unchecked`; any other value is a mistake here.
fn owner_rule(fields: &Fields<'_>, known: &[&str], problems: &mut Problems) -> Option<OwnerRule> {
    let at = fields.text("owner", problems)?;
    match at.it.as_str() {
        "none" => Some(OwnerRule::None),
        "unchecked" if known.contains(&"unchecked") => Some(OwnerRule::Unchecked(at.span)),
        _ => {
            let known: Vec<String> = known.iter().map(|word| format!("`owner: {word}`")).collect();
            let message = format!("only {} can stand here", known.join(" or "));
            let problem = Problem::new(Code::WrongShape, fields.source, at.span, message);
            problems.add(problem.help("the owner attribute is named once, at the resource"));
            None
        }
    }
}

fn verb_names(source: &Source, words: Vec<At<String>>, problems: &mut Problems) -> Vec<At<VerbName>> {
    let mut verbs = Vec::new();
    for word in words {
        match verb_name(&word.it) {
            Some(it) => verbs.push(At { it, span: word.span }),
            None => unknown_verb(source, &word.it, word.span, problems),
        }
    }
    verbs
}

fn verb_name(word: &str) -> Option<VerbName> {
    VerbName::ALL.into_iter().find(|verb| verb.as_str() == word)
}

fn unknown_verb(source: &Source, word: &str, span: std::ops::Range<usize>, problems: &mut Problems) {
    let problem = Problem::new(Code::UnknownKey, source, span, format!("unknown verb `{word}`"));
    let problem = problem.help("the verbs are `list`, `get`, `post`, `patch` and `delete`");
    problems.add(problem.suggest(word, VerbName::ALL.map(VerbName::as_str)));
}

fn verbs(source: &Source, node: &Node, problems: &mut Problems) -> Vec<VerbUse> {
    let mut verbs = Vec::new();
    for entry in Fields::of(source, node, problems).all() {
        let Some(verb) = verb_name(&entry.key) else {
            unknown_verb(source, &entry.key, entry.key_span.clone(), problems);
            continue;
        };
        let before = problems.errors();
        let fields = Fields::of(source, &entry.value, problems);
        let mut verb = verb_use(verb, &fields, entry, problems);
        fields.finish(problems);
        verb.broken = problems.errors() > before;
        let broken = verb.broken;
        verb.in_apps.iter_mut().for_each(|way| way.broken = broken);
        verbs.push(verb);
    }
    verbs
}

fn verb_use(verb: VerbName, fields: &Fields<'_>, entry: &Entry, problems: &mut Problems) -> VerbUse {
    let mut verb = VerbUse {
        verb,
        span: entry.key_span.clone(),
        protected: flag(fields, entry, problems),
        because: fields.reason(problems),
        scopes: fields.words("scopes", problems),
        api_key: fields.get("apiKey").map(|_| fields.flag("apiKey", problems)),
        owner: owner_rule(fields, &["none", "unchecked"], problems).unwrap_or(OwnerRule::Kept),
        only: fields.words("only", problems),
        in_apps: Vec::new(),
        summary: fields.text("summary", problems).map(|at| at.it),
        status: status(fields, problems),
        empty: fields.flag("empty", problems),
        broken: false,
    };
    verb.in_apps = in_apps(&verb, fields, problems);
    verb
}

/// `in: { storefront: { protected: false } }`: what a verb asks instead in one application. What is not said there is as
/// it is elsewhere, but no reason is given for another flag, and a public verb has no scopes.
fn in_apps(verb: &VerbUse, fields: &Fields<'_>, problems: &mut Problems) -> Vec<VerbUse> {
    let Some(entry) = fields.get("in") else { return Vec::new() };
    let mut apps = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let own = Fields::of(fields.source, &entry.value, problems);
        let app = At { it: entry.key.clone(), span: entry.key_span.clone() };
        let flagged = own.get("protected").map(|_| flag(&own, entry, problems));
        let (because, scopes) = (own.reason(problems), own.words("scopes", problems));
        let keyed = own.get("apiKey").map(|_| own.flag("apiKey", problems));
        let public = flagged.as_ref().is_some_and(|flag| flag.it == Flag::Public);
        let kept = |_: &_| flagged.is_none();
        apps.push(VerbUse {
            span: entry.key_span.clone(),
            because: because.or_else(|| verb.because.clone().filter(kept)),
            scopes: scopes.or_else(|| verb.scopes.clone().filter(|_| !public)),
            api_key: keyed.or(verb.api_key.filter(|_| !public)),
            owner: owner_rule(&own, &["none", "unchecked"], problems).unwrap_or_else(|| verb.owner.clone()),
            protected: flagged.clone().unwrap_or_else(|| verb.protected.clone()),
            only: Some(vec![app]),
            ..verb.clone()
        });
        own.finish(problems);
    }
    apps
}

/// The status of a success that is not the usual one.
fn status(fields: &Fields<'_>, problems: &mut Problems) -> Option<At<i64>> {
    let entry = fields.get("status")?;
    let at = At { it: fields.int("status", problems)?, span: entry.value.span.clone() };
    if !matches!(at.it, 200..=202) {
        let problem = Problem::new(Code::WrongShape, fields.source, at.span.clone(), "a success is 200, 201 or 202");
        problems.add(problem.help("for one without a body: `empty: true`"));
    }
    Some(at)
}

fn actions(fields: &Fields<'_>, problems: &mut Problems) -> Vec<ActionUse> {
    let Some(entry) = fields.get("actions") else { return Vec::new() };
    let mut actions = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let name = At { it: entry.key.clone(), span: entry.key_span.clone() };
        named(fields.source, &name, names::is_kebab(&name.it), "lower-case words with dashes between them", problems);
        let fields = Fields::of(fields.source, &entry.value, problems);
        let verb = match fields.needed("method", problems) {
            Some(method) => match verb_name(&method.it).filter(|verb| *verb != VerbName::List) {
                Some(verb) => verb,
                None => {
                    unknown_verb(fields.source, &method.it, method.span, problems);
                    VerbName::Post
                }
            },
            None => VerbName::Post,
        };
        let verb = verb_use(verb, &fields, entry, problems);
        let (path, handler) = (path(&fields, "path", problems), handler(&fields, problems));
        let input = fields.words("input", problems).unwrap_or_default();
        match (path, handler) {
            (Some(path), Some(handler)) => actions.push(ActionUse { name, verb, path, input, handler }),
            (None, _) => problems.add(missing(&fields, "path")),
            (_, None) => problems.add(missing(&fields, "handler")),
        }
        fields.finish(problems);
    }
    actions
}

fn missing(fields: &Fields<'_>, key: &str) -> Problem {
    Problem::new(Code::MissingKey, fields.source, fields.span.start..fields.span.start, format!("`{key}` is missing"))
}

/// A path as it stands in a definition: segments that need no encoding, or parameters in braces.
fn path(fields: &Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<At<String>> {
    let at = fields.text(key, problems)?;
    let plain =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => names::is_attribute(name),
        None => plain(text) && text != "." && text != "..",
    };
    if !at.it.trim_start_matches('/').split('/').all(segment) {
        let problem =
            Problem::new(Code::BadName, fields.source, at.span.clone(), format!("`{}` is not a usable path", at.it));
        problems.add(problem.label("segments of letters, digits, `-`, `_`, `.`, `~`, or parameters in braces"));
        return None;
    }
    Some(At { it: format!("/{}", at.it.trim_start_matches('/')), span: at.span })
}

/// Absent means protected; every spelling other than the three is refused, because `no` must not silently mean public.
fn flag(fields: &Fields<'_>, verb: &Entry, problems: &mut Problems) -> At<Flag> {
    let Some(entry) = fields.get("protected") else {
        return At { it: Flag::Protected, span: verb.key_span.clone() };
    };
    let span = entry.value.span.clone();
    let it = match &entry.value.value {
        Value::Bool(true) => Flag::Protected,
        Value::Bool(false) => Flag::Public,
        Value::Text(word) if word == "optional" => Flag::Optional,
        Value::Null | Value::Int(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            let problem = Problem::new(
                Code::BadFlag,
                fields.source,
                span.clone(),
                "`protected` is `true`, `false` or `optional`",
            );
            problems.add(problem.label("none of the three").help("a verb without the flag is protected"));
            Flag::Protected
        }
    };
    At { it, span }
}

fn relations(fields: &Fields<'_>, problems: &mut Problems) -> Vec<RelationUse> {
    let Some(entry) = fields.get("relationships") else { return Vec::new() };
    let mut relations = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let to = At { it: entry.key.clone(), span: entry.key_span.clone() };
        let relation = Fields::of(fields.source, &entry.value, problems);
        let (children, owned) = (relation.flag("children", problems), relation.flag("owned", problems));
        let by = relation.text("by", problems);
        let via = match (children, owned, by) {
            (true, false, None) => Some(RelationVia::Children),
            (false, true, None) => Some(RelationVia::Owned),
            (false, false, Some(attribute)) => Some(RelationVia::By(attribute)),
            _ => None,
        };
        relation.finish(problems);
        match via {
            Some(via) => relations.push(RelationUse { to, via, module: String::new() }),
            None => {
                let message = format!("`{}` does not say how it is found", to.it);
                let problem = Problem::new(Code::WrongShape, fields.source, to.span, message);
                problems.add(problem.help("one of `children: true`, `owned: true`, `by: <attribute>`"));
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
                Problem::new(Code::WrongShape, fields.source, at.span, format!("unknown entity tag `{other}`"));
            problems.add(problem.suggest(other, ["offered", "required"]));
            EntityTags::None
        }
    }
}

fn list(fields: &Fields<'_>, problems: &mut Problems) -> ListUse {
    let mut list = ListUse { span: None, default: 100, max: 100, sort: Vec::new(), filter: Vec::new() };
    let Some(entry) = fields.get("list") else {
        return list;
    };
    list.span = Some(entry.key_span.clone());
    let fields = Fields::of(fields.source, &entry.value, problems);
    list.sort = fields.words("sort", problems).unwrap_or_default();
    list.filter = fields.words("filter", problems).unwrap_or_default();
    once(fields.source, &list.sort, problems);
    once(fields.source, &list.filter, problems);
    if let Some(entry) = fields.get("page") {
        let page = Fields::of(fields.source, &entry.value, problems);
        list.default = page.int("default", problems).unwrap_or(list.default);
        list.max = page.int("max", problems).unwrap_or(list.max);
        page.finish(problems);
        if list.default < 1 || list.max < list.default {
            let message = format!("a page of {} rows, {} at most, is none", list.default, list.max);
            let problem = Problem::new(Code::WrongShape, fields.source, entry.value.span.clone(), message);
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
    let mut unique = Vec::new();
    match fields.get("unique").map(|entry| &entry.value) {
        None => {}
        Some(Node { value: Value::List(items), .. }) => {
            unique.extend(items.iter().map(|item| words(source, item, problems)));
        }
        Some(node) => {
            let problem = Problem::new(Code::WrongShape, source, node.span.clone(), "`unique` is a list of lists");
            problems.add(problem.help("what is unique together: `unique: [[customerReference, name]]`"));
        }
    }
    fields.finish(problems);
    let table = table?;
    for column in key.iter().chain(&parent) {
        named(source, column, names::is_snake(&column.it), "lower-case words with underscores between them", problems);
    }
    named(source, &table, names::is_snake(&table.it), "lower-case words with underscores between them", problems);
    let key = key.map_or_else(|| format!("id_{}", table.it.strip_prefix("spy_").unwrap_or(&table.it)), |at| at.it);
    Some(Storage { table, key, owner, parent: parent.map(|at| at.it), unique })
}

/// An example as JSON.
fn json(node: &Node) -> String {
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
