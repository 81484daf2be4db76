//! Rust as what it says: without the blanks and line feeds by which people read it.

use crate::manifest;

/// The bytes of the text in quotes that `text` begins with.
pub(crate) fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The bytes of a raw text behind its `r`.
pub(crate) fn raw_string(text: &str) -> usize {
    let hashes = text.len() - text.trim_start_matches('#').len();
    let end = format!("\"{}", "#".repeat(hashes));
    let inside = hashes + 1;
    text.get(inside..).and_then(|rest| rest.find(&end)).map_or(text.len(), |at| inside + at + end.len())
}

/// The hash of a file as drift is judged: of Rust, what it says, however a version of rustfmt lays it out; of everything
/// else its bytes.
#[must_use]
pub fn hash(path: &str, text: &str) -> String {
    if path.ends_with(".rs") { manifest::hash(&without_layout(text)) } else { manifest::hash(text) }
}

/// A file without what its layout adds: blanks outside of texts, commas in front of what closes, the ends of lines of
/// comments.
fn without_layout(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut word = false;
    while let Some(first) = rest.chars().next() {
        let raw = rest.strip_prefix('r').filter(|after| !word && after.trim_start_matches('#').starts_with('"'));
        let length = if first == '"' {
            string(rest)
        } else if let Some(after) = raw {
            1 + raw_string(after)
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("'\"'") {
            3
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(length.min(rest.len()));
        match first {
            _ if first.is_whitespace() => {
                // Two words stay two.
                let parts = word && after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                kept.extend(parts.then_some(' '));
            }
            ')' | ']' | '}' => {
                let end = kept.trim_end_matches(',').len();
                kept.truncate(end);
                kept.push(first);
            }
            _ => kept.push_str(piece.trim_end()),
        }
        if !first.is_whitespace() {
            word = first.is_alphanumeric() || first == '_';
        }
        rest = after;
    }
    kept
}
