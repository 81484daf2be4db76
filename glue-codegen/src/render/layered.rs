//! A module's resource under a layer of this workspace. Its code is compiled elsewhere, so that the layer can change the
//! rows of an application and their errors, and nothing else.

use std::collections::BTreeSet;

use super::draft::NotRust;
use super::errors;
use super::operations::{self, RowView};
use super::quote::DocText;
use super::resource;
use crate::definition::{At, Definition, Flag, VerbName, VerbUse};
use crate::names;
use crate::rows::{self, FactorCode, Row};
use crate::workspace::Domain;

/// What a layer makes of a module's resource in one application.
#[derive(Default)]
pub(super) struct Layered {
    /// The module's rows that are not mounted.
    pub(super) removed: Vec<String>,
    /// The rows that say something else than the module's.
    pub(super) rows: Vec<Changed>,
    /// The errors of these rows that do.
    pub(super) errors: Vec<Changed>,
}

/// A constant of the application: one of the module's with other fields.
pub(super) struct Changed {
    pub(super) doc: String,
    pub(super) constant: String,
    /// The module's.
    pub(super) base: String,
    pub(super) fields: Fields,
}

/// Fields of a row, each as Rust.
type Fields = Vec<(&'static str, String)>;

/// What `app` has to mount otherwise, when it is `above` where the module was compiled from `below`.
pub(super) fn of(domain: &Domain, below: &Definition, above: &Definition, app: &str) -> Layered {
    let place = format!("{}::generated::{}", names::snake(&domain.name), below.module());
    let renamed = errors_of(below, above, &place);
    let mut layered = Layered::default();
    for (old, new) in pairs(below, above, app) {
        let before = operations::row(below, &old);
        let Some(new) = new else {
            layered.removed.push(format!("{place}::routes::{}", before.constant));
            continue;
        };
        let after = operations::row(above, &new);
        let told = told(&new, below, &place, &renamed);
        let is_reworded = renamed.iter().any(|(_, changed)| told.contains(&format!("&{})", changed.constant)));
        let mut fields: Fields = row_fields(above, &after)
            .into_iter()
            .zip(row_fields(below, &before))
            .filter(|(new, old)| new != old)
            .map(|(new, _)| new)
            .collect();
        if is_reworded {
            fields.push(("errors", format!("&[{told}]")));
        }
        if !fields.is_empty() {
            fields.push(("source", after.source.clone()));
            layered.rows.push(Changed {
                doc: DocText(&format!("`{} {}`, as a layer has it.", new.method(), new.shown_path())).to_string(),
                constant: names::constant(&format!("{}-{}-row", below.module(), new.verb.verb.as_str())),
                base: format!("{place}::routes::{}", before.constant),
                fields,
            });
        }
    }
    let rows: String = layered.rows.iter().flat_map(|row| &row.fields).map(|(_, value)| value.as_str()).collect();
    layered.errors = renamed.into_iter().map(|(_, changed)| changed).collect();
    layered.errors.retain(|changed| rows.contains(&format!("&{})", changed.constant)));
    layered
}

/// What a layer asks for that only the module's own code could give; nothing when rows say all of it.
pub(super) fn beyond_rows(domain: &Domain, below: &Definition, above: &Definition) -> Result<Option<String>, NotRust> {
    let names = |definition: &Definition| -> BTreeSet<String> {
        definition.errors.iter().map(|error| error.name.it.clone()).collect()
    };
    if names(below) != names(above) {
        return Ok(Some("other errors than its behaviour has".into()));
    }
    if has_other_values(below, above) {
        return Ok(Some("texts that its behaviour does not fill".into()));
    }
    for app in &above.apps {
        let known = pairs(below, above, &app.name.it).filter(|(_, new)| new.is_some()).count();
        if rows::of(above).iter().filter(|row| row.app == app.name.it).count() > known {
            return Ok(Some(format!("further operations in the {}", app.name.it)));
        }
        for (old, new) in pairs(below, above, &app.name.it) {
            if let Some(what) = new.and_then(|new| beyond_row(below, above, &old, &new)) {
                return Ok(Some(what));
            }
        }
    }
    if is_included(domain, below) {
        for app in &below.apps {
            let reads = |row: &Row<'_>| matches!(row.verb.verb, VerbName::List | VerbName::Get);
            let mut olds = pairs(below, above, &app.name.it).filter(|(old, _)| reads(old)).peekable();
            if olds.peek().is_some() && olds.all(|(_, new)| new.is_none()) {
                return Ok(Some(format!(
                    "rows that answers of others include and nobody reads in the {}",
                    app.name.it
                )));
            }
        }
    }
    let (compiled, asked) = (code(domain, below)?, code(domain, &as_compiled(below, above))?);
    let differs = |path: &String| compiled.iter().find(|(of, _)| of == path) != asked.iter().find(|(of, _)| of == path);
    let mut files: Vec<String> = compiled.iter().chain(&asked).map(|(path, _)| path.clone()).filter(differs).collect();
    files.sort();
    files.dedup();
    Ok((!files.is_empty()).then(|| format!("other code: {}", files.join(", "))))
}

/// Whether answers of others can include it.
fn is_included(domain: &Domain, definition: &Definition) -> bool {
    let leads = |other: &Definition| other.relations.iter().any(|relation| relation.to.it == definition.name.it);
    definition.target.by_id || definition.target.by_owner || domain.definitions.iter().any(leads)
}

/// Each row of an application in the module, and the same under the layer, if it is still there.
fn pairs<'a>(
    below: &'a Definition,
    above: &'a Definition,
    app: &str,
) -> impl Iterator<Item = (Row<'a>, Option<Row<'a>>)> {
    let mut news = rows::of(above);
    let olds: Vec<Row<'a>> = rows::of(below).into_iter().filter(|row| row.app == app).collect();
    olds.into_iter().map(move |old| {
        let same = |new: &Row<'_>| new.app == old.app && new.verb.verb == old.verb.verb;
        let new = news.iter().position(same).map(|at| news.swap_remove(at));
        (old, new)
    })
}

/// What one row cannot say.
fn beyond_row(below: &Definition, above: &Definition, old: &Row<'_>, new: &Row<'_>) -> Option<String> {
    let verb = old.verb.verb.as_str();
    if let Some(what) = beyond_guard(below, old, new) {
        return Some(format!("a handler of `{verb}` {what}"));
    }
    let given = |definition| -> Vec<String> {
        let given = errors::given(definition, old.verb.verb).into_iter();
        given
            .map(|(error, _)| format!("{} {:?} {:?}", error.name.it, words(&error.profiles), words(&error.dialects)))
            .collect()
    };
    if given(below) != given(above) {
        return Some(format!("other errors of `{verb}` than it answers with"));
    }
    let (before, after) = (operations::row(below, old), operations::row(above, new));
    let kept = |row: &RowView| -> Vec<(&'static str, String)> {
        let body =
            |body: &Option<operations::PayloadView>| body.as_ref().map(|of| of.schema.clone()).unwrap_or_default();
        vec![
            ("path", format!("{} {} {}", row.method, row.path, row.path_examples)),
            ("owner", row.owner.clone().unwrap_or_default()),
            ("body", format!("{} {:?}", body(&row.request), row.input)),
            ("answer", format!("{} {}", row.status, body(&row.response))),
            ("query", row.parameters.join(", ")),
            ("includes", row.includes.clone()),
        ]
    };
    let differs = kept(&before).into_iter().zip(kept(&after)).find(|(old, new)| old != new);
    differs.map(|((what, _), _)| format!("another {what} of `{verb}`"))
}

fn words(of: &[At<String>]) -> Vec<&str> {
    of.iter().map(|at| at.it.as_str()).collect()
}

/// What the guard would ask of callers, or let in, and the handler does not know of.
fn beyond_guard(below: &Definition, old: &Row<'_>, new: &Row<'_>) -> Option<&'static str> {
    let (before, after) = (old.verb.protected.it, new.verb.protected.it);
    let is_stricter =
        (before.is_open() && after == Flag::Protected) || (before, after) == (Flag::Public, Flag::Optional);
    if before != after && !is_stricter {
        return Some("that expects other callers");
    }
    let looks = |row: &Row<'_>| row.factor_code == FactorCode::Always;
    if looks(old) != looks(new) {
        return Some("that looks at the code of a second factor itself");
    }
    let told = |row: &Row<'_>| [row.verb.agent, row.verb.client, row.verb.guest];
    if told(old).into_iter().zip(told(new)).any(|(old, new)| new && !old) {
        return Some("that knows of agents, clients or guests");
    }
    // A key is nobody, and what is written by hand may want to know who calls.
    (new.api_key && !old.api_key && below.handler.is_some()).then_some("that answers callers without a token")
}

/// What a row may say otherwise.
fn row_fields(definition: &Definition, row: &RowView) -> Fields {
    let quoted = |text: &str| super::quote::RustStr(text).to_string();
    let option = |value: Option<&str>| value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"));
    vec![
        ("about", quoted(&definition.summary)),
        ("summary", row.summary.clone()),
        ("description", quoted(definition.description.trim())),
        ("protection", format!("glue_core::route::Protection::{}", row.protection)),
        ("because", option(row.because.as_deref())),
        ("scopes", format!("&[{}]", row.scopes)),
        ("api_key", row.api_key.to_string()),
        ("factor_code", format!("glue_core::route::FactorCode::{}", row.factor_code.unwrap_or("None"))),
        ("agent", row.agent.to_string()),
        ("client", row.client.to_string()),
        ("guest", row.guest.to_string()),
        ("cache", option(row.cache.as_deref())),
        ("deprecated", option(row.deprecated.as_deref())),
        ("profiles", format!("&[{}]", operations::profiles(definition))),
        ("entity_tags", format!("glue_core::route::EntityTags::{}", operations::entity_tags(definition))),
    ]
}

/// The errors of a row, as the application names them.
fn told(row: &Row<'_>, below: &Definition, place: &str, renamed: &[(String, Changed)]) -> String {
    let given = errors::given(row.definition, row.verb.verb).into_iter();
    let told = given.map(|(error, _)| {
        let constant = errors::constant(below, &error.name.it, row.verb.verb);
        let base = format!("{place}::errors::{constant}");
        match renamed.iter().find(|(of, _)| *of == constant) {
            Some((_, changed)) => errors::possible(error, &changed.constant, Some(&base)),
            None => errors::possible(error, &base, None),
        }
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The errors that the layer tells otherwise, by the module's constants: what its behaviour names, verb by verb.
fn errors_of(below: &Definition, above: &Definition, place: &str) -> Vec<(String, Changed)> {
    let fields = |definition: &Definition, name: &str, verb: VerbName| -> Option<(String, Fields)> {
        let constant = errors::constant(definition, name, verb);
        let error = errors::of(definition).into_iter().find(|error| error.constant == constant)?;
        let fields = vec![
            ("status", error.status.to_string()),
            ("code", format!("Some({})", error.code)),
            ("detail", error.detail),
            ("german", error.german),
            ("kind", format!("glue_core::error::ErrorKind::{}", error.kind)),
            ("samples", format!("&[{}]", error.samples)),
        ];
        Some((error.doc, fields))
    };
    let mut changed: Vec<(String, Changed)> = Vec::new();
    for verb in below.verbs.iter().map(|verb| verb.verb) {
        for (error, constant) in errors::given(below, verb) {
            let (Some((_, old)), Some((doc, new))) =
                (fields(below, &error.name.it, verb), fields(above, &error.name.it, verb))
            else {
                continue;
            };
            let news: Fields = new.into_iter().zip(old).filter(|(new, old)| new != old).map(|(new, _)| new).collect();
            if !news.is_empty() && changed.iter().all(|(known, _)| *known != constant) {
                let base = format!("{place}::errors::{constant}");
                let name = format!("{}_ERROR_{constant}", names::constant(&below.module()));
                changed.push((constant, Changed { doc, constant: name, base, fields: news }));
            }
        }
    }
    changed
}

/// Whether the texts of the same errors are filled with the same values.
fn has_other_values(below: &Definition, above: &Definition) -> bool {
    let values = |definition: &Definition, name: &str| -> Option<Vec<String>> {
        let error = definition.errors.iter().find(|error| error.name.it == name)?;
        Some(error.samples.iter().map(|(value, _)| value.clone()).collect())
    };
    below.errors.iter().any(|error| values(below, &error.name.it) != values(above, &error.name.it))
}

/// The definition under the layer with everything of the module's that only rows say: what is left to differ is code.
fn as_compiled(below: &Definition, above: &Definition) -> Definition {
    let verb = |old: &VerbUse| {
        let new = above.verbs.iter().find(|new| new.verb == old.verb).unwrap_or(old);
        VerbUse {
            protected: old.protected.clone(),
            only: old.only.clone(),
            in_apps: old.in_apps.clone(),
            ..new.clone()
        }
    };
    // How many rows are listed means nothing where none are.
    let lists = above.verbs.iter().any(|verb| verb.verb == VerbName::List);
    Definition {
        apps: below.apps.clone(),
        verbs: below.verbs.iter().map(verb).collect(),
        errors: below.errors.clone(),
        list: if lists { above.list.clone() } else { below.list.clone() },
        ..above.clone()
    }
}

/// The code of a resource by file, but for its rows. Comments do not count, unless the OpenAPI document has them from there.
fn code(domain: &Domain, definition: &Definition) -> Result<Vec<(String, String)>, NotRust> {
    const ROWS: [&str; 3] = ["errors.rs", "mount.rs", "routes.rs"];
    const DESCRIBED: [&str; 2] = ["attributes.rs", "documents.rs"];
    let files = resource::files(domain, definition)?.into_iter().map(|draft| {
        let name = draft.path.rsplit('/').next().unwrap_or(&draft.path).to_owned();
        let is_comment = |line: &str| {
            let line = line.trim_start();
            line.starts_with("//") || (line.starts_with("#[doc") && !DESCRIBED.contains(&name.as_str()))
        };
        let lines: Vec<&str> = draft.text.lines().filter(|line| !is_comment(line)).collect();
        let code = lines.join("\n");
        (name, code)
    });
    Ok(files.filter(|(name, _)| !ROWS.contains(&name.as_str())).collect())
}
