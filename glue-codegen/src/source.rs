//! A definition file as it was read.

use std::ops::Range;
use std::sync::Arc;

/// A file and its text, possibly with other files laid over it. Paths are relative to the workspace, with forward
/// slashes, so that no output depends on where the workspace stands.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
    /// Where its lines begin.
    lines: Arc<[usize]>,
    /// The file above this one; its bytes are counted from [`Source::end`] on.
    over: Option<Arc<Source>>,
}

impl Source {
    /// One file.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text: Arc<str> = text.into().into();
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self { path: path.into(), text, lines, over: None }
    }

    /// The same with another file on top of all its layers.
    #[must_use]
    pub fn under(mut self, over: Self) -> Self {
        self.over = Some(Arc::new(match self.over.take() {
            Some(between) => Arc::unwrap_or_clone(between).under(over),
            None => over,
        }));
        self
    }

    /// Where the bytes of a file on top of all layers begin.
    #[must_use]
    pub fn end(&self) -> usize {
        self.text.len() + 1 + self.over.as_ref().map_or(0, |over| over.end())
    }

    /// The file of a span, and the span in it.
    #[must_use]
    pub fn at(&self, span: &Range<usize>) -> (&Self, Range<usize>) {
        let above = self.text.len() + 1;
        match &self.over {
            Some(over) if span.start >= above => over.at(&(span.start - above..span.end.saturating_sub(above))),
            _ => (self, span.clone()),
        }
    }

    /// Whether a span is in the file below all layers.
    #[must_use]
    pub fn is_lowest(&self, span: &Range<usize>) -> bool {
        span.start <= self.text.len()
    }

    /// The 1-based line and column (in characters) of a byte of this file.
    #[must_use]
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = byte.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or_default();
        let column = self.text.get(start..byte).unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// `file:line` of a span, with the file's name only: what generated code says about its origin.
    #[must_use]
    pub fn origin(&self, span: &Range<usize>) -> String {
        let (file, span) = self.at(span);
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        format!("{name}:{}", file.position(span.start).0)
    }

    /// `path:line:column` of a span.
    #[must_use]
    pub fn place(&self, span: &Range<usize>) -> String {
        let (file, span) = self.at(span);
        let (line, column) = file.position(span.start);
        format!("{}:{line}:{column}", file.path)
    }
}
