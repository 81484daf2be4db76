//! Templates name everything by its whole path, so that no name of a definition can hide another. Readers want `use` at the
//! top: this shortens each path whose last name means one thing in its file.

use std::collections::{BTreeMap, BTreeSet};

use crate::tokens::{raw_string, string};

/// Shortens the paths of a rendered file and puts what they need at its top. `module` is the resource's own module, if the
/// file is one of a resource's: there `errors::` names its code table.
pub(super) fn shortened(text: &str, module: Option<&str>) -> String {
    let (head, mut imports, body) = taken_apart(text);
    let pieces = pieces(&body);
    if module.is_some() && pieces.iter().filter_map(Piece::code).any(|code| code.starts_with("errors::")) {
        imports.add("super::errors".to_owned());
    }
    let paths: BTreeSet<Path> = pieces.iter().filter_map(|piece| Path::of(piece.code()?, module)).collect();
    let declared = declared(&pieces);
    let mut meanings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in &paths {
        meanings.entry(path.name()).or_default().insert(&path.import);
    }
    for (name, import) in imports.names() {
        meanings.entry(name).or_default().insert(import);
    }
    let clear = |path: &Path| {
        !declared.contains(path.name()) && meanings.get(path.name()).is_some_and(|imports| imports.len() == 1)
    };
    let clear: BTreeSet<Path> = paths.iter().filter(|path| clear(path)).cloned().collect();
    let mut short = String::with_capacity(body.len());
    for piece in pieces {
        let path = piece.code().and_then(|code| Path::of(code, module));
        match path.filter(|path| clear.contains(path)) {
            Some(path) => {
                short.push_str(&path.short);
                short.push_str(&path.rest);
            }
            None => short.push_str(piece.text),
        }
    }
    for path in clear {
        imports.add(path.import);
    }
    format!("{head}{}\n{short}", imports.lines())
}

/// The comment at the top, the imports below it, and the rest.
fn taken_apart(text: &str) -> (String, Imports, String) {
    let (mut head, mut imports, mut body) = (String::new(), Imports::default(), String::new());
    for line in text.lines() {
        if line.starts_with("//!") {
            head.push_str(line);
            head.push('\n');
        } else if line.starts_with("use ") {
            for statement in line.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
                imports.read(statement.strip_prefix("use ").unwrap_or(statement));
            }
        } else {
            body.push_str(line);
            body.push('\n');
        }
    }
    (head, imports, body)
}

/// A piece of code: a path, a literal, or anything else.
struct Piece<'a> {
    text: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    /// A path that is imported farther down.
    Imported,
    Literal,
}

impl<'a> Piece<'a> {
    /// The text, where it is a path or stands between two.
    fn code(&self) -> Option<&'a str> {
        (self.kind == Kind::Code).then_some(self.text)
    }
}

/// Cuts code into paths, literals and what stands between them.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut rest, mut last) = (text, "");
    while let Some(first) = rest.chars().next() {
        let raw = rest.strip_prefix('r').filter(|after| after.trim_start_matches('#').starts_with('"'));
        let (length, kind) = if first == '"' {
            (string(rest), Kind::Literal)
        } else if let Some(after) = raw {
            (1 + raw_string(after), Kind::Literal)
        } else if first.is_alphanumeric() || first == '_' {
            (path(rest), if last == "use" { Kind::Imported } else { Kind::Code })
        } else {
            // A character that is a quote begins no text.
            (if rest.starts_with("'\"'") { 3 } else { first.len_utf8() }, Kind::Code)
        };
        let (text, after) = rest.split_at(length.min(rest.len()));
        if !text.trim().is_empty() {
            last = text;
        }
        pieces.push(Piece { text, kind });
        rest = after;
    }
    pieces
}

/// The bytes of the names at the beginning of `text` that double colons join.
fn path(text: &str) -> usize {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut length = word(text);
    while let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix("::")) {
        let rest = rest.strip_prefix("r#").unwrap_or(rest);
        let next = word(rest);
        if next == 0 {
            break;
        }
        length = text.len() - rest.len() + next;
    }
    length
}

/// What generated code names by its crate.
const CRATES: [&str; 8] = ["actix_web", "core", "diesel", "glue_core", "serde", "std", "time", "utoipa"];

/// A path that can be shortened.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Path {
    /// What is imported for it.
    import: String,
    /// What is left of it: the type, the macro, or the module and its function.
    short: String,
    /// What follows, a variant or a method.
    rest: String,
}

impl Path {
    fn of(text: &str, module: Option<&str>) -> Option<Self> {
        let text = match module.and_then(|module| text.strip_prefix(&format!("crate::generated::{module}::"))) {
            Some(rest) => format!("super::{rest}"),
            None => text.to_owned(),
        };
        let parts: Vec<&str> = text.split("::").collect();
        let known = ["glue_core", "time", "crate", "super"].contains(parts.first()?) && parts.len() > 1;
        let is_type = |part: &&str| {
            part.starts_with(|c: char| c.is_ascii_uppercase()) && part.contains(|c: char| c.is_ascii_lowercase())
        };
        // Up to the type; without one up to the module; a macro stands at the root.
        let end = match parts.iter().position(is_type) {
            Some(at) => at + 1,
            None if parts.len() == 2 => 2,
            None => parts.len() - 1,
        };
        let (import, rest) = (parts.get(..end)?, parts.get(end..)?);
        let rest: String = rest.iter().map(|part| format!("::{part}")).collect();
        let path = Self { import: import.join("::"), short: (*import.last()?).to_owned(), rest };
        // What stands beside the file is at hand; what is called like a crate would hide it.
        let near = path.import.starts_with("super::") && import.len() == 2;
        let hides = CRATES.contains(&path.short.as_str());
        (known && !near && !hides).then_some(path)
    }

    fn name(&self) -> &str {
        &self.short
    }
}

/// The names that the file itself declares.
fn declared(pieces: &[Piece<'_>]) -> BTreeSet<String> {
    const KEYWORDS: [&str; 8] = ["struct", "enum", "trait", "type", "mod", "macro_rules", "union", "table"];
    let mut declared = BTreeSet::new();
    let mut last = "";
    for piece in pieces.iter().filter(|piece| piece.text.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
        let name = || piece.text.rsplit("::").next().unwrap_or(piece.text).to_owned();
        // `diesel::table! { name (key) { … } }` declares a module.
        if piece.kind == Kind::Imported || KEYWORDS.contains(&last.rsplit("::").next().unwrap_or(last)) {
            declared.insert(name());
        }
        last = piece.text;
    }
    declared
}

/// What a file imports: paths, and the names under which.
#[derive(Default)]
struct Imports(BTreeMap<String, String>);

impl Imports {
    /// Reads `a::b`, `a::{b, c as d}` or `a::*`.
    fn read(&mut self, statement: &str) {
        let Some((parent, names)) =
            statement.split_once("::{").and_then(|(parent, rest)| Some((parent, rest.strip_suffix('}')?)))
        else {
            return self.add(statement.to_owned());
        };
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            self.add(if name == "self" { parent.to_owned() } else { format!("{parent}::{name}") });
        }
    }

    fn add(&mut self, import: String) {
        let name =
            import.rsplit(" as ").next().and_then(|path| path.rsplit("::").next()).unwrap_or_default().to_owned();
        self.0.insert(import, name);
    }

    /// Each name, and what it stands for.
    fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(import, name)| (name.as_str(), import.as_str()))
    }

    /// As statements: what is of one module together; the standard library first, what is near last.
    fn lines(&self) -> String {
        let mut modules: BTreeMap<(u8, &str), Vec<&str>> = BTreeMap::new();
        for import in self.0.keys() {
            let path = import.split(" as ").next().unwrap_or(import);
            let parent = path.rsplit_once("::").map_or("", |(parent, _)| parent);
            let name = import.get(parent.len()..).unwrap_or(import).trim_start_matches("::");
            let place = match import.split("::").next() {
                Some("std") => 0,
                Some("crate" | "super") => 2,
                Some(_) | None => 1,
            };
            modules.entry((place, parent)).or_default().push(name);
        }
        let mut lines = String::new();
        for ((_, parent), names) in modules {
            lines.push_str(&match (parent, &names[..]) {
                ("", [name]) => format!("use {name};\n"),
                (_, [name]) => format!("use {parent}::{name};\n"),
                (_, names) => format!("use {parent}::{{{}}};\n", names.join(", ")),
            });
        }
        lines
    }
}
