//! Who made the request (`getRestUser` of the product documentation).

use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

/// An authenticated caller, as the [`Authenticator`](crate::guard::Authenticator) read it from a verified credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The natural identifier: a customer reference, a user's uuid.
    pub natural: String,
    /// The surrogate identifier: the database id of the customer or user.
    pub surrogate: i64,
    /// What the credential allows.
    pub scopes: Vec<String>,
    /// What else the credential says of the caller.
    pub claims: Arc<Map<String, Value>>,
    /// The session that the credential is of, where it is of one.
    pub session: Option<Uuid>,
}

impl Identity {
    /// The integer that the credential carries under `name`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        self.claims.get(name)?.as_i64()
    }

    /// The text that the credential carries under `name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// Whether the credential carries every one of `required`.
    #[must_use]
    pub fn has_scopes(&self, required: &[&str]) -> bool {
        required.iter().all(|scope| self.scopes.iter().any(|held| held == scope))
    }
}

/// Whose rows a query may touch. Every generated query of an owned resource takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The rows of this caller.
    Caller {
        /// The caller's natural identifier.
        natural: String,
        /// The caller's surrogate identifier.
        surrogate: i64,
    },
    /// Nobody's rows: a caller without an identity owns nothing.
    Nobody,
}

impl Owner {
    /// The natural identifier to compare with; nobody's never equals a stored one.
    #[must_use]
    pub fn natural(&self) -> &str {
        match self {
            Owner::Caller { natural, .. } => natural,
            Owner::Nobody => "",
        }
    }

    /// The surrogate identifier to compare with; nobody's never equals a stored one.
    #[must_use]
    pub fn surrogate(&self) -> i64 {
        match self {
            Owner::Caller { surrogate, .. } => *surrogate,
            Owner::Nobody => -1,
        }
    }
}

impl From<Option<&Identity>> for Owner {
    fn from(identity: Option<&Identity>) -> Self {
        identity.map_or(Owner::Nobody, |identity| Owner::Caller {
            natural: identity.natural.clone(),
            surrogate: identity.surrogate,
        })
    }
}
