//! The rows of one resource, as its templates see them.

use super::quote::{DocText, RawStr, RustStr};
use super::{errors, examples, inputs, types};
use crate::definition::{At, Attribute, Definition, DeprecatedUse, EntityTags, Flag, Format, VerbName, VerbUse};
use crate::names;
use crate::rows::{self, FactorCode, Row};

pub(super) struct AppView {
    pub(super) function: String,
    pub(super) doc: String,
    pub(super) rows: Vec<RowView>,
}

pub(super) struct RowView {
    pub(super) constant: String,
    pub(super) app: String,
    pub(super) method: &'static str,
    pub(super) core_verb: &'static str,
    pub(super) path: String,
    pub(super) path_examples: String,
    pub(super) operation_id: String,
    pub(super) summary: String,
    pub(super) protection: &'static str,
    pub(super) because: Option<String>,
    pub(super) api_key: bool,
    pub(super) factor_code: Option<&'static str>,
    pub(super) agent: bool,
    pub(super) client: bool,
    pub(super) guest: bool,
    pub(super) cache: Option<String>,
    pub(super) deprecated: Option<String>,
    pub(super) scopes: String,
    pub(super) owner: Option<String>,
    pub(super) request: Option<PayloadView>,
    pub(super) response: Option<PayloadView>,
    /// The resource that answers are one of, when it is another one.
    pub(super) answered: Option<String>,
    pub(super) status: u16,
    pub(super) parameters: Vec<String>,
    pub(super) input: Option<String>,
    pub(super) includes: String,
    pub(super) errors: String,
    pub(super) source: String,
    pub(super) doc: String,
}

pub(super) struct PayloadView {
    /// The type, by its path.
    pub(super) ty: String,
    pub(super) schema: String,
    pub(super) example: String,
}

pub(super) fn idents(verb: VerbName) -> (&'static str, &'static str, &'static str) {
    match verb {
        VerbName::List => ("List", "list", "List"),
        VerbName::Get => ("Get", "get", "Get"),
        VerbName::Post => ("Create", "create", "Post"),
        VerbName::Patch => ("Update", "update", "Patch"),
        VerbName::Delete => ("Delete", "delete", "Delete"),
    }
}

pub(super) fn apps(definition: &Definition, rows: &[Row<'_>]) -> Vec<AppView> {
    let mut apps = Vec::new();
    for app in &definition.apps {
        let name = &app.name.it;
        apps.push(AppView {
            function: names::ident(&names::snake(name)),
            doc: DocText(&format!("What the {name} mounts.")).to_string(),
            rows: rows.iter().filter(|row| row.app == name.as_str()).map(|row| self::row(definition, row)).collect(),
        });
    }
    apps
}

pub(super) fn row(definition: &Definition, row: &Row<'_>) -> RowView {
    let whole = definition;
    let definition = &*whole.in_app(row.app);
    let verb = row.verb.verb;
    let (_, method, core_verb) = idents(verb);
    let form = definition.format.is_form();
    let quoted = |text: &str| RustStr(text).to_string();
    let list = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    RowView {
        constant: names::constant(&format!("{}-{}", row.app, verb.as_str())),
        app: quoted(row.app),
        method,
        core_verb,
        path: quoted(&row.path),
        path_examples: list(&path_examples(definition, row)),
        operation_id: quoted(&row.operation_id()),
        summary: quoted(&summary(definition, row)),
        because: row.because().map(quoted),
        protection: match row.verb.protected.it {
            Flag::Protected => "Protected",
            Flag::Optional => "Optional",
            Flag::Public => "Public",
            Flag::Agent => "Agent",
            Flag::Client => "Client",
        },
        api_key: row.api_key,
        factor_code: match row.factor_code {
            FactorCode::None => None,
            FactorCode::Enrolled => Some("Enrolled"),
            FactorCode::Always => Some("Always"),
        },
        agent: row.verb.agent,
        client: row.verb.client,
        guest: row.verb.guest,
        cache: row.verb.cache.as_ref().map(|cache| {
            format!("glue_core::route::CacheLifetime {{ seconds: {}, shared: {} }}", cache.seconds, cache.shared)
        }),
        deprecated: row.verb.deprecated.as_ref().map(deprecation),
        scopes: list(&row.scopes),
        owner: row
            .owner
            .map(|owner| format!("{}({})", if row.is_unchecked() { "unchecked" } else { "rows" }, quoted(owner))),
        request: definition.takes_body(verb).then(|| request(definition, verb)),
        response: row.verb.answers().then(|| response(definition, verb)),
        answered: answered(definition),
        status: status(definition, row.verb),
        parameters: parameters(definition, verb, readable(whole, definition)),
        input: (definition.takes_body(verb) && !form).then(|| inputs::name(definition, verb)),
        includes: if verb == VerbName::Delete {
            String::new()
        } else {
            let here =
                definition.answered().included.iter().filter(|included| included.apps.iter().any(|app| app == row.app));
            list(&here.map(|included| included.name.clone()).collect::<Vec<_>>())
        },
        errors: errors(definition, verb).join(", "),
        source: quoted(&definition.source.origin(&row.verb.span)),
        doc: DocText(&format!("`{} {}` of the {}.", row.method(), row.shown_path(), row.app)).to_string(),
    }
}

/// What a row can be answered with.
fn errors(definition: &Definition, verb: VerbName) -> Vec<String> {
    let mut rows = errors::rows(definition, verb);
    if verb == VerbName::Post {
        rows.extend(errors::of_children(definition));
    }
    rows
}

fn deprecation(of: &DeprecatedUse) -> String {
    let until = of.until.as_ref().map_or_else(|| "None".to_owned(), |at| format!("Some({})", types::day(&at.it)));
    let instead = of.instead.as_ref().map_or_else(|| "None".to_owned(), |at| format!("Some({})", RustStr(&at.it)));
    let since = types::day(&of.since.it);
    format!("glue_core::route::Deprecation {{ since: {since}, sunset: {until}, instead: {instead} }}")
}

/// What stands for each parameter of the path.
fn path_examples(definition: &Definition, row: &Row<'_>) -> Vec<String> {
    if definition.path.is_some() {
        return examples::path_values(definition);
    }
    let id = |value: serde_json::Value| value.as_str().unwrap_or("example").to_owned();
    let of = |mine: bool, of: serde_json::Value| if mine && row.owner.is_some() { "mine".to_owned() } else { id(of) };
    let mut ids: Vec<String> = definition.ancestors.iter().map(|a| of(a.mine, examples::value(&a.id))).collect();
    if definition.takes_id(row.verb.verb) {
        ids.push(of(definition.mine.is_some(), examples::id(definition)));
    }
    ids
}

fn request(definition: &Definition, verb: VerbName) -> PayloadView {
    let input = inputs::name(definition, verb);
    let schema = if definition.format == Format::JsonApi { format!("{input}Document") } else { input };
    PayloadView {
        ty: format!("bodies::{schema}"),
        schema,
        example: RawStr(&examples::request(definition, verb).to_string()).to_string(),
    }
}

fn response(definition: &Definition, verb: VerbName) -> PayloadView {
    let shown = definition.answered();
    let one = shown.one();
    let schema = match (shown.format, verb) {
        (Format::Form, _) => one,
        (Format::Page, _) => "Html".into(),
        (Format::Json { single: true }, _) if verb != VerbName::List => one,
        (Format::JsonApi | Format::Json { .. }, VerbName::List) => format!("{one}Collection"),
        (Format::JsonApi, _) => format!("{one}Document"),
        (Format::Json { .. }, _) => format!("{one}Collection"),
    };
    let documents = match definition.answers_with() {
        None => "bodies".to_owned(),
        Some(other) => format!("crate::generated::{}::documents", other.module()),
    };
    PayloadView {
        ty: format!("{documents}::{schema}"),
        schema,
        example: RawStr(&examples::response(shown, verb).to_string()).to_string(),
    }
}

/// The resource that answers are one of, as an expression; none when it is the resource itself.
fn answered(definition: &Definition) -> Option<String> {
    let shown = definition.answers_with()?;
    let (resource, collection) = (RustStr(&shown.name.it), rows::collection_path(shown));
    let collection = RustStr(&collection);
    Some(format!("glue_core::route::AnsweredResource {{ resource: {resource}, collection: {collection} }}"))
}

/// What a definition says of all of its rows.
pub(super) fn wire(definition: &Definition) -> &'static str {
    match definition.format {
        Format::JsonApi => "glue_core::route::Wire::JsonApi",
        Format::Form => "glue_core::route::Wire::Form",
        Format::Page => "glue_core::route::Wire::Page",
        Format::Json { single: true } => "glue_core::route::Wire::Json(glue_core::route::Plain::One)",
        Format::Json { single: false } => "glue_core::route::Wire::Json(glue_core::route::Plain::List)",
    }
}

pub(super) fn entity_tags(definition: &Definition) -> &'static str {
    match definition.entity_tags {
        EntityTags::None => "None",
        EntityTags::Offered => "Offered",
        EntityTags::Required => "Required",
    }
}

pub(super) fn version(definition: &Definition) -> Option<String> {
    let at = definition.version.as_ref()?;
    Some(format!("glue_core::route::Version {{ major: {}, minor: {} }}", at.it.major, at.it.minor))
}

pub(super) fn profiles(definition: &Definition) -> String {
    let variant = |at: &At<String>| format!("glue_core::profile::Profile::{}", names::pascal(&at.it));
    definition.profiles.iter().map(variant).collect::<Vec<_>>().join(", ")
}

/// The status of a verb's success.
pub(super) fn status(definition: &Definition, verb: &VerbUse) -> u16 {
    let usual = match verb.verb {
        VerbName::List | VerbName::Get => 200,
        VerbName::Patch if verb.answers() => 200,
        VerbName::Post if definition.answers_with().is_some() => 200,
        VerbName::Post if definition.format.is_form() => 200,
        VerbName::Post if verb.answers() => 201,
        VerbName::Post | VerbName::Patch | VerbName::Delete => 204,
    };
    verb.status.as_ref().and_then(|status| u16::try_from(status.it).ok()).unwrap_or(usual)
}

fn summary(definition: &Definition, row: &Row<'_>) -> String {
    let many = names::spaced(&definition.name.it);
    if let (Some(of), None) = (&definition.action_of, &row.verb.summary) {
        let said = format!("{} {}.", names::spaced(&of.action.name.it), names::spaced(&of.resource.singular));
        let (first, rest) = said.split_at(said.chars().next().map_or(0, char::len_utf8));
        return first.to_uppercase() + rest;
    }
    row.verb.summary.clone().unwrap_or_else(|| match row.verb.verb {
        VerbName::List => format!("Get collection of {many}."),
        VerbName::Get => format!("Get {many}."),
        VerbName::Post => format!("Create {many}."),
        VerbName::Patch => format!("Update {many}."),
        VerbName::Delete => format!("Delete {many}."),
    })
}

/// The attributes that answers of an application carry, as an expression: those of all, where it has all.
fn readable(whole: &Definition, here: &Definition) -> String {
    let all = types::readable(whole);
    let some = types::readable(here);
    if all == some { "READABLE".to_owned() } else { format!("&[{some}]") }
}

/// The query parameters that a verb understands, as variants; `readable` are the attributes of its answers.
fn parameters(definition: &Definition, verb: VerbName, readable: String) -> Vec<String> {
    let list = |words: &[&str]| words.iter().map(|word| RustStr(word).to_string()).collect::<Vec<_>>().join(", ");
    let mut parameters = Vec::new();
    let shows = definition.answered().attributes.iter().any(|a| !a.id && a.access.reads());
    if definition.is_sparse() && verb != VerbName::Delete && shows {
        parameters.push(format!("Fields({readable})"));
    }
    if matches!(verb, VerbName::List | VerbName::Get) {
        parameters.extend(definition.query.iter().map(|q| {
            let (name, description, example) = (RustStr(&q.name), RustStr(&q.description), RustStr(&q.example));
            let required = q.required;
            format!("Own {{ name: {name}, description: {description}, example: {example}, required: {required} }}")
        }));
    }
    if verb != VerbName::List || definition.storage.is_none() {
        return parameters;
    }
    let (default, max) = (definition.list.default, definition.list.max);
    parameters.extend(["PageOffset".to_owned(), format!("PageLimit {{ default: {default}, max: {max} }}")]);
    let has = |at: &&At<String>| definition.attributes.iter().any(|attribute| attribute.name.it == at.it);
    let sort: Vec<&str> = definition.list.sort.iter().filter(has).map(|at| at.it.as_str()).collect();
    if !sort.is_empty() {
        parameters.push(format!("Sort(&[{}])", list(&sort)));
    }
    let mut filter = |resource: &str, name: &str, attribute: &Attribute| {
        let example = examples::value(attribute);
        let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let (resource, name, example) = (RustStr(resource), RustStr(name), RustStr(&example));
        parameters.push(format!("Filter {{ resource: {resource}, attribute: {name}, example: {example} }}"));
    };
    for at in &definition.list.filter {
        if let Some(attribute) = definition.attributes.iter().find(|attribute| attribute.name.it == at.it) {
            filter(&definition.name.it, &at.it, attribute);
        }
    }
    for related in &definition.list.related {
        if let Some(rows) = &related.rows {
            filter(&related.resource, &related.name, &rows.attribute);
        }
    }
    parameters
}
