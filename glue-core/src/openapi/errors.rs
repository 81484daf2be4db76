//! Every error of an application as a page for people: `openapi/errors-<application>.md`.

use std::collections::BTreeMap;

use crate::error::{ErrorRow, codes};
use crate::route::RouteDef;

/// The page, from the framework's table and the tables of the rows.
#[must_use]
pub fn page<'a>(application: &str, rows: impl Iterator<Item = &'a RouteDef>) -> String {
    let mut text = format!(
        "# Errors of the {application}\n\nWritten by `cargo glue openapi` from the code tables. Ranges: 001 to 099 belong \
         to the framework, every other hundred to one module. German texts are sent where the dialect translates.\n"
    );
    table(&mut text, "Framework", codes::ALL);
    let mut by_resource: BTreeMap<&str, Vec<&'static ErrorRow>> = BTreeMap::new();
    for row in rows {
        let known = by_resource.entry(row.resource).or_default();
        for error in row.errors.iter().map(|error| error.row) {
            if known.iter().all(|other| other.name != error.name) {
                known.push(error);
            }
        }
    }
    for (resource, errors) in by_resource.iter_mut().filter(|(_, errors)| !errors.is_empty()) {
        errors.sort_by_key(|error| (error.code, error.status, error.name));
        table(&mut text, &format!("`{resource}`"), errors);
    }
    text
}

fn table(text: &mut String, title: &str, rows: &[&'static ErrorRow]) {
    text.push_str(&format!("\n## {title}\n\n| Status | Code | English | German |\n|---|---|---|---|\n"));
    for row in rows {
        let sample = row.sample();
        let cell = |text: &str| text.replace('|', "\\|");
        let (code, german) = (row.code.unwrap_or("–"), sample.german.as_deref().unwrap_or("–"));
        text.push_str(&format!("| {} | {code} | {} | {} |\n", row.status, cell(&sample.detail), cell(german)));
    }
}
