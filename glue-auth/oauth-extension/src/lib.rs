//! The plug points of the OAuth engine: what a connector answers, and the data both sides exchange.
//!
//! | Spryker's plug-in interface | here |
//! |---|---|
//! | `OauthUserProviderPluginInterface` | [`UserProvider`] |
//! | `OauthScopeProviderPluginInterface` | [`ScopeProvider`] |

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A future that a plug point returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What identifies a user in tokens and audit rows: a JSON object whose keys the provider decides
/// (contract/authentication.md §2.2).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserIdentifier(pub Map<String, Value>);

impl UserIdentifier {
    /// The text under `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    /// The integer under `key`.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<i64> {
        self.0.get(key)?.as_i64()
    }
}

/// The kinds of people that tokens are issued to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserKind {
    /// A customer of the storefront.
    Customer,
    /// A back-office user.
    BackOfficeUser,
}

/// A person that a provider knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Which kind of person.
    pub kind: UserKind,
    /// The natural identifier: a customer reference, a user's uuid.
    pub natural: String,
    /// The surrogate identifier: the database id.
    pub surrogate: i64,
}

/// A person found by a login name, before the password was looked at.
#[derive(Clone)]
pub struct Candidate {
    /// Who.
    pub subject: Subject,
    /// What tokens carry of this person.
    pub identifier: UserIdentifier,
    /// The stored hash; none when the person has no password.
    pub password_hash: Option<String>,
    /// Whether the person may log in at all. The engine answers as for a wrong password when not.
    pub is_active: bool,
}

/// The storage behind a provider cannot answer now. Never to be mistaken for an unknown user.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the user storage is unavailable: {0}")]
pub struct Unavailable(pub String);

/// Knows one kind of people. The engine asks its providers in order and takes the first answer.
///
/// A provider looks people up; it never compares passwords: the engine does, at one place, with one cost.
pub trait UserProvider: Send + Sync {
    /// The person with this login name.
    ///
    /// # Errors
    /// [`Unavailable`] when the storage cannot answer; an unknown name is `None`.
    fn find<'a>(&'a self, username: &'a str) -> Answer<'a, Result<Option<Candidate>, Unavailable>>;

    /// Whether the person behind an identifier may still hold tokens; asked at every refresh.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>>;

    /// Replaces a hash of an older kind by a new one of the same password.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn rehash<'a>(&'a self, subject: &'a Subject, old: String, new: String) -> Answer<'a, Result<(), Unavailable>>;

    /// Reads a person back from what a verified token carries. `None` when the token is not about this kind of people.
    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject>;
}

/// Decides what a person's tokens may do. The engine asks all providers and merges their answers.
pub trait ScopeProvider: Send + Sync {
    /// The scopes of `subject`; empty when this provider does not know such people.
    fn scopes(&self, subject: &Subject) -> Vec<String>;
}
