//! Another name for an attribute on the wire; what is stored stays where it is.

use std::ops::Range;

use crate::layers::Parsed;
use crate::names;
use crate::yaml::{Entry, Node, Value};

/// The text of a definition file with `new` for the attribute `old`, wherever the file names it. Its column keeps its name,
/// so that rows are kept, and so do instances that still run.
///
/// # Errors
/// A sentence when there is no such attribute, or the new name cannot be.
pub fn attribute(file: &Parsed, old: &str, new: &str) -> Result<String, String> {
    let text = &file.source.text;
    if !names::is_attribute(new) {
        return Err(format!("`{new}` is no name of an attribute: they are written `likeThis`"));
    }
    let body = file.definition().ok_or("the file defines nothing")?;
    let attributes = at(body, &["attributes"]).map(entries).unwrap_or_default();
    if attributes.iter().any(|entry| entry.key == new) {
        return Err(format!("there is an attribute `{new}` already"));
    }
    let found = attributes.iter().find(|entry| entry.key == old);
    let found = found.ok_or_else(|| format!("{} has no attribute `{old}`", file.source.path))?;
    let mut edits: Vec<(Range<usize>, String)> = vec![(found.key_span.clone(), new.to_owned())];
    let keeps = |key: &str| entries(&found.value).iter().any(|entry| entry.key == key);
    // A layer leaves the column where its definition has it.
    if !file.is_override() && !keeps("column") && !keeps("computed") {
        edits.push(column(text, found, &names::snake(old))?);
    }
    for path in
        [&["list", "sort"][..], &["list", "filter"], &["list", "order"], &["storage", "unique"], &["storage", "index"]]
    {
        at(body, path).into_iter().for_each(|node| words(text, node, old, new, &mut edits));
    }
    at(body, &["owner"]).into_iter().for_each(|node| words(text, node, old, new, &mut edits));
    for relation in at(body, &["relationships"]).map(entries).unwrap_or_default() {
        at(&relation.value, &["by"]).into_iter().for_each(|node| words(text, node, old, new, &mut edits));
    }
    for action in at(body, &["actions"]).map(entries).unwrap_or_default() {
        at(&action.value, &["input"]).into_iter().for_each(|node| words(text, node, old, new, &mut edits));
    }
    for verb in at(body, &["verbs"]).map(entries).unwrap_or_default() {
        let guards = at(&verb.value, &["while"]).map(entries).unwrap_or_default().iter();
        edits.extend(guards.filter(|guard| guard.key == old).map(|guard| (guard.key_span.clone(), new.to_owned())));
    }
    for other in attributes {
        let Some(Value::List(rules)) = at(&other.value, &["rules"]).map(|node| &node.value) else { continue };
        for rule in rules.iter().filter_map(|rule| at(rule, &["equals"])) {
            words(text, rule, old, new, &mut edits);
        }
    }
    edits.sort_by_key(|(span, _)| span.start);
    let mut renamed = text.to_string();
    for (span, word) in edits.into_iter().rev() {
        renamed.replace_range(span, &word);
    }
    Ok(renamed)
}

fn entries(node: &Node) -> &[Entry] {
    if let Value::Map(entries) = &node.value { entries } else { &[] }
}

/// What stands under a path of keys.
fn at<'a>(node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(node, |node, key| Some(&entries(node).iter().find(|entry| entry.key == *key)?.value))
}

/// Every word that is the attribute, with or without the sign of a descending order.
fn words(text: &str, node: &Node, old: &str, new: &str, edits: &mut Vec<(Range<usize>, String)>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| words(text, item, old, new, edits)),
        Value::Map(entries) => entries.iter().for_each(|entry| words(text, &entry.value, old, new, edits)),
        Value::Text(word) if word.trim_start_matches('-') == old => {
            let written = text.get(node.span.clone()).unwrap_or_default();
            edits.push((node.span.clone(), written.replacen(old, new, 1)));
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) => {}
    }
}

/// Where `column:` is added.
fn column(text: &str, entry: &Entry, name: &str) -> Result<(Range<usize>, String), String> {
    let written = text.get(entry.value.span.clone()).unwrap_or_default();
    match written.rfind('}') {
        Some(end) if written.starts_with('{') => {
            let end = entry.value.span.start + written.get(..end).unwrap_or_default().trim_end().len();
            Ok((end..end, format!(", column: {name}")))
        }
        _ => Err(format!("write `column: {name}` at `{}` first, so that its rows are kept", entry.key)),
    }
}
