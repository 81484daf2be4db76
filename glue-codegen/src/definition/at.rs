//! A value and where it stands.

use std::ops::Range;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub it: T,
    /// Its bytes in the file.
    pub span: Range<usize>,
}
