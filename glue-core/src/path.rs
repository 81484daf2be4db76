//! The path grammar: `/type[/id][/type[/id]]…` (contract/framework.md §3.1).

use std::borrow::Cow;

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

fn decode(raw: &str) -> Option<Cow<'_, str>> {
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

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
