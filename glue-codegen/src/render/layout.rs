//! Rendered Rust as people would lay it out: formatted, with blank lines between items, macro bodies included.

/// Formats a rendered file.
///
/// # Errors
/// Why it is not Rust.
pub(super) fn formatted(text: &str) -> Result<String, String> {
    let (outside, tables) = without_tables(text);
    let (outside, bodies) = without_bodies(&outside)?;
    let mut formatted = with_blank_lines(&unparsed(&outside)?);
    for (number, body) in bodies.iter().enumerate() {
        formatted = put_back(&formatted, &name(number), &expression(body)?);
    }
    for (number, table) in tables.iter().enumerate() {
        formatted = put_back(&formatted, &format!("{TABLE}!({number});"), table);
    }
    Ok(formatted)
}

/// What stands for a table while the rest is formatted.
const TABLE: &str = "diesel::__table";

/// Replaces each `diesel::table!` by a name: its body is no Rust, its lines stay as the template has them.
fn without_tables(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut tables) = (String::with_capacity(text.len()), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "diesel::table! {" {
            outside.push_str(line);
            outside.push('\n');
            continue;
        }
        let (mut table, mut depth) = (line.to_owned(), 1_usize);
        for line in lines.by_ref().map(str::trim).filter(|line| !line.is_empty()) {
            depth = depth.saturating_sub(line.matches('}').count());
            table.push_str(&format!("\n{}{line}", "    ".repeat(depth)));
            depth += line.matches('{').count();
            if depth == 0 {
                break;
            }
        }
        outside.push_str(&format!("{TABLE}!({});\n", tables.len()));
        tables.push(table);
    }
    (outside, tables)
}

fn unparsed(text: &str) -> Result<String, String> {
    match syn::parse_file(text) {
        Ok(file) => Ok(prettyplease::unparse(&file)),
        Err(error) => {
            let at = error.span().start().line;
            let line = text.lines().nth(at.saturating_sub(1)).unwrap_or_default();
            Err(format!("{error} at line {at}: {line}"))
        }
    }
}

/// The formatter does not look into macros. The bodies of these are expressions behind an arrow.
const MACROS: [&str; 2] = ["on_dialect!(", "() => { ("];

fn name(number: usize) -> String {
    format!("__body_{number}__")
}

/// Replaces the bodies of macros by names.
fn without_bodies(text: &str) -> Result<(String, Vec<String>), String> {
    let mut outside = String::with_capacity(text.len());
    let mut bodies = Vec::new();
    let mut rest = text;
    while let Some((at, opening)) = MACROS.iter().filter_map(|m| Some((rest.find(m)? + m.len(), *m))).min() {
        let (before, inside) = rest.split_at(at);
        let end = closing(inside).ok_or_else(|| format!("`{opening}` is never closed"))?;
        let (inside, after) = inside.split_at(end);
        let (head, body) = match (opening, inside.split_once("=>")) {
            ("on_dialect!(", Some((head, body))) => (format!("{head}=> "), body.to_owned()),
            ("on_dialect!(", None) => return Err("`on_dialect!` without an arrow".into()),
            // The parenthesis belongs to the tuple.
            _ => (String::new(), format!("({inside})")),
        };
        let before = if opening == "on_dialect!(" { before } else { before.strip_suffix('(').unwrap_or(before) };
        let after = if opening == "on_dialect!(" { after } else { after.strip_prefix(')').unwrap_or(after) };
        outside.push_str(&format!("{before}{head}{}", name(bodies.len())));
        bodies.push(body);
        rest = after;
    }
    outside.push_str(rest);
    Ok((outside, bodies))
}

/// Where the parenthesis closes that was opened in front of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// A body as the formatter writes it, without indentation.
fn expression(body: &str) -> Result<String, String> {
    let (outside, inner) = without_bodies(body)?;
    let text = unparsed(&format!("fn body() {{ {outside} }}"))?;
    let lines: Vec<&str> = text.lines().collect();
    let inside = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
    let inside: Vec<&str> = inside.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    let mut formatted = inside.join("\n");
    for (number, body) in inner.iter().enumerate() {
        formatted = put_back(&formatted, &name(number), &expression(body)?);
    }
    Ok(formatted)
}

/// Puts a body where its name stands, indented as its line is.
fn put_back(text: &str, name: &str, body: &str) -> String {
    let mut formatted = String::with_capacity(text.len() + body.len());
    for line in text.lines() {
        let Some((before, after)) = line.split_once(name) else {
            formatted.push_str(line);
            formatted.push('\n');
            continue;
        };
        let indent = " ".repeat(line.len() - line.trim_start().len());
        formatted.push_str(before);
        formatted.push_str(&body.replace('\n', &format!("\n{indent}")));
        formatted.push_str(after);
        formatted.push('\n');
    }
    formatted
}

/// What an item starts with.
const STARTS: [&str; 13] = [
    "///",
    "#[",
    "pub ",
    "impl ",
    "impl<",
    "fn ",
    "async ",
    "enum ",
    "struct ",
    "static ",
    "const ",
    "macro_rules!",
    "diesel::",
];

/// Where an import is from: the standard library, another crate, or near.
fn origin(line: &str) -> Option<u8> {
    Some(match line.strip_prefix("use ")?.split([':', ';']).next()? {
        "std" => 0,
        "crate" | "super" => 2,
        _ => 1,
    })
}

/// Puts a blank line between items, as people write them: the formatter puts none.
fn with_blank_lines(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut before = "";
    for line in text.lines() {
        let (last, next) = (before.trim_start(), line.trim_start());
        let same_depth = before.len() - last.len() == line.len() - next.len();
        let ended =
            last == "}" || last.ends_with("{}") || last == "];" || (last.ends_with(';') && !next.starts_with("use "));
        let opened = last.starts_with("//!") && !next.starts_with("//!");
        let far = match (origin(last), origin(next)) {
            (Some(above), Some(below)) => above != below,
            (Some(_), None) => last.ends_with(';') && next.starts_with("pub "),
            (None, _) => false,
        };
        if same_depth && (opened || far || (ended && STARTS.iter().any(|start| next.starts_with(start)))) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}
