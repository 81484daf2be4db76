//! The path grammar: `/type[/id][/type[/id]]…` (contract/framework.md §3.1).

use std::borrow::Cow;

use crate::route::Version;

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The resource type, as written: types are compared byte by byte and never decoded.
    pub kind: &'a str,
    /// The id, decoded. `None` when the path ends before it; an empty segment is an empty id.
    pub id: Option<Cow<'a, str>>,
}

/// Splits a path into its steps; slashes at both ends do not count. `None` when an id is not UTF-8 after decoding or
/// hides a NUL.
#[must_use]
pub fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut segments = path.trim_matches('/').split('/');
    let mut steps = Vec::with_capacity(2);
    while let Some(kind) = segments.next() {
        let id = match segments.next() {
            Some(raw) => Some(decode(raw)?),
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
        // Zero means no version (contract/framework.md §3.1).
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

/// A segment without its percent-encoding. `None` when that is malformed, no UTF-8, or hides a NUL.
#[must_use]
pub fn decode(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.contains('%') {
        return Some(Cow::Borrowed(raw));
    }
    let bytes = raw.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        let (byte, tail) = match (byte, tail) {
            (b'%', [high, low, tail @ ..]) => (hex(*high)? << 4 | hex(*low)?, tail),
            (b'%', _) => return None,
            (byte, tail) => (byte, tail),
        };
        decoded.push(byte);
        rest = tail;
    }
    let text = String::from_utf8(decoded).ok()?;
    (!text.contains('\0')).then_some(Cow::Owned(text))
}

/// Puts an id behind a path as one segment, so that it comes back as it is (RFC 3986 §3.3): what delimits, what is not ASCII
/// and what does not print is percent-encoded, and quotes, which end an address in many texts.
pub fn push_segment(path: &mut String, id: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&()*+,;=:@".contains(&byte);
    if id.bytes().all(plain) {
        return path.push_str(id);
    }
    for byte in id.bytes() {
        match plain(byte) {
            true => path.push(char::from(byte)),
            false => push_encoded(path, byte),
        }
    }
}

/// `%2F`.
pub(crate) fn push_encoded(text: &mut String, byte: u8) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    text.push('%');
    for half in [byte >> 4, byte & 15] {
        text.extend(DIGITS.get(usize::from(half)));
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
