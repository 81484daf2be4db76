//! Who may call what, as a table for reviewers: `openapi/protection.tsv`.

use std::borrow::Cow;

use crate::route::{FactorCode, Ownership, Protection, RouteDef};

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
    let protection = words(row);
    let owner = match row.owner {
        Ownership::Unowned => Cow::Borrowed("-"),
        Ownership::Rows { attribute } => Cow::Borrowed(attribute),
        Ownership::Unchecked { attribute } => Cow::Owned(format!("{attribute} unchecked")),
    };
    let scopes = if row.scopes.is_empty() { "-".to_owned() } else { row.scopes.join(" ") };
    let (method, because) = (row.verb.method(), row.because.unwrap_or("-"));
    format!("{}\t{method}\t{}\t{protection}\t{scopes}\t{owner}\t{because}", row.application, row.shown_path())
}

/// What it asks of its caller, and what it takes beside that.
fn words(row: &RouteDef) -> String {
    let mut words = vec![match (row.protection, row.api_key, row.factor_code) {
        (Protection::Protected, _, FactorCode::Enrolled) => "protected with second factor",
        (Protection::Protected, _, FactorCode::Always) => "protected with factor code",
        (Protection::Protected, true, FactorCode::None) => "protected or api-key",
        (Protection::Protected, false, FactorCode::None) => "protected",
        (Protection::Optional, ..) => "optional",
        (Protection::Public, ..) => "public",
        (Protection::Agent, ..) => "agent",
        (Protection::Client, ..) => "client",
    }];
    let taken = [(row.agent, "agent optional"), (row.client, "client optional"), (row.guest, "guest")];
    words.extend(taken.into_iter().filter(|(taken, _)| *taken).map(|(_, word)| word));
    words.join(", ")
}
