//! The path grammar: `/type[/id][/type[/id]]…` (reference/framework.md §3.1).

use std::borrow::Cow;

use crate::percent;

/// The version of a resource (reference/framework.md §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The resource type, as written: types are compared byte by byte and never decoded.
    pub kind: &'a str,
    /// The id, decoded. `None` when the path ends before it; an empty segment is an empty id.
    pub id: Option<Cow<'a, str>>,
}

/// The reserved id: the collection of the caller, and where there is none, the one row of the caller
/// (reference/framework.md §3.1).
pub const MINE: &str = "mine";

/// Splits a path into its steps; slashes at both ends do not count. `None` when an id is not UTF-8 after decoding or
/// hides a NUL.
#[must_use]
pub fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut segments = path.trim_matches('/').split('/');
    let mut steps = Vec::with_capacity(2);
    while let Some(kind) = segments.next() {
        let id = match segments.next() {
            Some(raw) => Some(percent::decode(raw)?),
            None => None,
        };
        steps.push(Step { kind, id });
    }
    Some(steps)
}

/// Takes the version off the front of a path: `/v1.0/wishlists`. A path without one is left as it is.
#[must_use]
pub fn version(path: &str) -> (Option<Version>, &str) {
    let trimmed = path.trim_start_matches('/');
    let (first, rest) = trimmed.split_once('/').unwrap_or((trimmed, ""));
    match first.strip_prefix('v').and_then(number) {
        // Zero means no version (reference/framework.md §3.1).
        Some(Version { major: 0, .. }) => (None, rest),
        Some(version) => (Some(version), rest),
        None => (None, path),
    }
}

/// `1.0`, or `1`, which is `1.0`.
#[must_use]
pub fn number(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| -> Option<u16> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = text == "0" || !text.starts_with('0');
        (plain && canonical).then(|| text.parse().ok()).flatten()
    };
    Some(Version { major: digits(major)?, minor: digits(minor)? })
}
