//! Who may call what, as a table for reviewers: `openapi/protection.tsv`.

use std::borrow::Cow;

use crate::route::{Ownership, Protection, RouteDef};

/// The first line of the table.
pub const HEADING: &str = "application\tmethod\tpath\tprotection\tscopes\towner\tbecause";

/// One line per row, sorted by application, path and method.
#[must_use]
pub fn lines<'a>(rows: impl Iterator<Item = &'a RouteDef>) -> Vec<String> {
    let mut lines: Vec<(&str, Cow<'static, str>, &str, String)> =
        rows.map(|row| (row.application, row.shown_path(), row.verb.method(), line(row))).collect();
    lines.sort();
    lines.into_iter().map(|(_, _, _, line)| line).collect()
}

fn line(row: &RouteDef) -> String {
    let protection = match row.protection {
        Protection::Protected if row.multi_factor => "protected with second factor",
        Protection::Protected if row.api_key => "protected or api-key",
        Protection::Protected => "protected",
        Protection::Optional => "optional",
        Protection::Public => "public",
    };
    let owner = match row.owner {
        Ownership::Unowned => Cow::Borrowed("-"),
        Ownership::Rows { attribute } => Cow::Borrowed(attribute),
        Ownership::Unchecked { attribute } => Cow::Owned(format!("{attribute} unchecked")),
    };
    let scopes = if row.scopes.is_empty() { "-".to_owned() } else { row.scopes.join(" ") };
    let (method, because) = (row.verb.method(), row.because.unwrap_or("-"));
    format!("{}\t{method}\t{}\t{protection}\t{scopes}\t{owner}\t{because}", row.application, row.shown_path())
}
