//! Functions that a definition names: they are in the crate.

use std::fs;
use std::path::Path;

use crate::definition::{Access, At, Attribute, Definition, Kind};
use crate::diagnostic::{Code, Problem, Problems};

/// Checks that a crate has a function; `spelled` is its signature.
pub(super) fn check(
    definition: &Definition,
    crate_dir: &Path,
    function: &At<String>,
    spelled: &str,
    problems: &mut Problems,
) {
    let source = &definition.source;
    if syn::parse_str::<syn::Path>(&function.it).is_err() {
        let message = format!("`{}` is not the path of a function", function.it);
        problems.add(Problem::new(Code::NoSuchHandler, source, function.span.clone(), message));
    } else if !is_there(crate_dir, &function.it) {
        let message = format!("there is no function `{}`", function.it);
        let problem = Problem::new(Code::NoSuchHandler, source, function.span.clone(), message);
        problems.add(problem.help(format!("write it in this crate: `{spelled}`")));
    }
}

/// Checks what gives new rows their values, and what is called with rows that were written.
pub(super) fn hooks(definition: &Definition, crate_dir: &Path, problems: &mut Problems) {
    for attribute in &definition.attributes {
        let Some(fill) = &attribute.fill else { continue };
        if let Some(why) = unfillable(definition, attribute) {
            let message = format!("`{}` {why}", attribute.name.it);
            let problem = Problem::new(Code::BadDefault, &definition.source, fill.span.clone(), message);
            problems.add(problem.help("`fill` belongs to a stored text with `access: read` or `hidden`"));
        } else {
            let spelled = "pub fn …(conn: &mut Conn) -> Result<String, DbError>";
            check(definition, crate_dir, fill, spelled, problems);
        }
    }
    for verb in &definition.verbs {
        let Some(then) = &verb.then else { continue };
        if definition.stored().is_none() || definition.handler.is_some() || !verb.verb.writes() {
            let message = format!("nothing calls `{}`", then.it);
            let problem = Problem::new(Code::NoSuchHandler, &definition.source, then.span.clone(), message);
            problems.add(problem.help("generated writes call it; what is written by hand calls it itself"));
        } else {
            let spelled = match verb.answers() || verb.verb.has_body() {
                true => "pub fn …(conn: &mut Conn, written: &Entity<…>) -> Result<(), DbError>",
                false => "pub fn …(conn: &mut Conn, id: &…Id) -> Result<(), DbError>",
            };
            check(definition, crate_dir, then, spelled, problems);
        }
    }
}

/// Why no function gives a new row's attribute its value.
fn unfillable(definition: &Definition, attribute: &Attribute) -> Option<&'static str> {
    match () {
        () if definition.storage.is_none() => Some("is stored nowhere"),
        () if !matches!(attribute.access, Access::Read | Access::Hidden) => Some("is sent by clients"),
        () if !matches!(attribute.kind, Kind::String | Kind::Text) => Some("is no text"),
        () if attribute.id => Some("is the id, which is made already"),
        () if attribute.computed.is_some() => Some("is computed"),
        () if attribute.default.is_some() => Some("has a default"),
        () => None,
    }
}

/// Whether the crate's sources have a function of this name, as far as they can be read.
fn is_there(crate_dir: &Path, path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path).trim();
    let src = crate_dir.join("src");
    // What is of another crate is that crate's business; a name alone is nobody's.
    !src.is_dir() || (path.contains("::") && !path.starts_with("crate::")) || declares(&src, &format!("fn {name}"))
}

fn declares(folder: &Path, words: &str) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut entries = entries.filter(|path| path.file_name().is_none_or(|name| name != "generated"));
    entries.any(|path| match path.is_dir() {
        true => declares(&path, words),
        false => fs::read_to_string(&path).is_ok_and(|text| {
            let mut after = text.split(words).skip(1);
            after.any(|rest| rest.starts_with(['(', '<']))
        }),
    })
}
