//! Percent-encoding of path segments and queries (RFC 3986 §2.1).

use std::borrow::Cow;

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
