//! Whom rows belong to.

use serde::Deserialize;

/// A foreign key to the owner.
#[derive(Clone, Debug)]
pub struct OwnerColumn {
    /// The column.
    pub column: String,
    /// Which identifier of the caller it holds.
    pub identifier: Identifier,
}

/// The two identifiers of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The reference or uuid.
    Natural,
    /// The database id.
    Surrogate,
}

/// Whom an application knows by its tokens. Numbers of one kind are no numbers of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnerKind {
    /// A customer of the shop.
    Customer,
    /// A user of the back office.
    User,
}

impl OwnerKind {
    /// As definitions and `glue.toml` write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::User => "user",
        }
    }
}
