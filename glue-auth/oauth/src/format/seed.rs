//! A refresh token before it is written.

use super::opaque::RefreshToken;
use crate::digest::digest;

/// A refresh token before it is written.
pub(crate) struct Seed {
    /// The token itself, or the id that goes into it.
    text: String,
    /// What the database holds.
    pub(crate) identifier: String,
}

impl Seed {
    pub(super) fn opaque(token: &RefreshToken) -> Self {
        Self { text: token.as_str().to_owned(), identifier: token.identifier() }
    }

    /// What others are derived from.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// A code that a client sent.
    pub(crate) fn code(code: &str) -> Self {
        Self { text: code.to_owned(), identifier: digest(code) }
    }

    pub(super) fn named(id: String) -> Self {
        Self { identifier: id.clone(), text: id }
    }
}
