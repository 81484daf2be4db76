//! A definition file as it was read.

use std::ops::Range;

/// A file and its text. Paths are relative to the workspace, with forward slashes, so that no output depends on where
/// the workspace stands.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// The 1-based line and column (in characters) of a byte.
    #[must_use]
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte.min(self.text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// `file:line` of a span, with the file's name only: what generated code says about its origin.
    #[must_use]
    pub fn origin(&self, span: &Range<usize>) -> String {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        format!("{name}:{}", self.position(span.start).0)
    }
}
