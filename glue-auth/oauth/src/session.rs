//! How a session is named.

use std::fmt;

use uuid::Uuid;

use crate::random;

/// The name of a session: the primary key of everything that it has, and what its tokens carry of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(Uuid);

impl SessionId {
    /// A new one.
    pub(crate) fn fresh() -> Self {
        Self(random::uuid())
    }

    /// Reads a name as it is written, with hyphens; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Other spellings of the same name would be other rows.
        Uuid::parse_str(text).ok().map(Self).filter(|id| id.to_string() == text)
    }

    /// The name as 128 bits.
    #[must_use]
    pub fn as_u128(self) -> u128 {
        self.0.as_u128()
    }

    /// The name that is these 128 bits.
    #[must_use]
    pub fn from_u128(bits: u128) -> Self {
        Self(Uuid::from_u128(bits))
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
