//! Links followed as a client follows them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{BASE, Client};

/// What delimits in paths and queries, what does not print, what is not ASCII, and pairs of which one is the other decoded.
pub const AWKWARD: [&str; 20] = [
    "A B",
    "A%20B",
    "A+B",
    "A?B",
    "A#B",
    "A/B",
    "A%2FB",
    "A&B=C",
    "Ä",
    "%C3%84",
    "\"A\"",
    "'A'",
    "A;B",
    "A[B]",
    "A\\B",
    "100%",
    "A\tB",
    "\u{1}",
    "\u{7f}A\u{85}",
    "日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日日",
];

/// The path and query of a link, as clients send them: blanks and everything beyond ASCII percent-encoded (RFC 3986 §2.1).
///
/// # Panics
/// When the link leads to another application.
#[must_use]
#[track_caller]
#[expect(clippy::panic, reason = "a test kit fails loudly")]
pub fn path_of(link: &str) -> String {
    let path = link.strip_prefix(BASE).unwrap_or_else(|| panic!("{link} is not below {BASE}"));
    let spelled = |c: char| match c {
        ' ' => "%20".to_owned(),
        '{' => "%7B".to_owned(),
        '}' => "%7D".to_owned(),
        c if c.is_ascii() => c.to_string(),
        c => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    path.chars().map(spelled).collect()
}

/// Every link anywhere in a document.
fn links(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("links").and_then(Value::as_object).into_iter().flat_map(|links| links.values());
            let own = own.filter_map(|link| link.as_str().map(str::to_owned));
            own.chain(members.values().flat_map(links)).collect()
        }
        Value::Array(items) => items.iter().flat_map(links).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// Reads `unseen`, and whatever the answers link to, until there is nothing new; returns how many addresses there were.
///
/// # Panics
/// When a link is refused, when an answer says that it is at an address that says so of another one, and when links do not
/// end.
pub async fn crawl<'a>(reader: impl Fn(&str) -> Client<'a>, mut unseen: Vec<String>) -> usize {
    let (mut seen, mut renamed) = (BTreeSet::new(), BTreeSet::new());
    while let Some(next) = unseen.pop() {
        if !seen.insert(next.clone()) {
            continue;
        }
        assert!(seen.len() < 10_000, "links without end: {next}");
        let answer = reader(&next).get(&next).await;
        // What there is no reading of: its link says where it is, not that it can be read.
        let unread = answer.status == 404 && reader(&next).only_writes(&next);
        assert!(answer.status == 200 || unread, "{next}: {} {}", answer.status, answer.text);
        if unread {
            continue;
        }
        let this = answer.at("/links/self").as_str().map(path_of);
        if let Some(this) = this.filter(|this| *this != next) {
            assert!(!renamed.contains(&next), "{next} is an address that an answer gave itself, and now it is {this}");
            renamed.insert(this.clone());
            unseen.push(this);
        }
        unseen.extend(links(&answer.json).iter().map(|link| path_of(link)));
    }
    seen.len()
}
