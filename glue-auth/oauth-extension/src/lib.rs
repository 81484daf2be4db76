//! The plug points of the OAuth engine: what a connector answers, and the data both sides exchange.
//!
//! | Spryker's plug-in interface | here |
//! |---|---|
//! | `OauthUserProviderPluginInterface` | [`UserProvider`] |
//! | `OauthScopeProviderPluginInterface` | [`ScopeProvider`] |
//! | `OauthCustomerIdentifierExpanderPluginInterface` | [`IdentifierExpander`] |
//! | `OauthRequestGrantTypeConfigurationProviderPluginInterface` | [`UserProvider::grants`] |
//!
//! A team's own grant is one [`UserProvider`]: it names the grant, finds the person, and says how the person is proven.
//!
//! ```
//! use oauth_extension::{
//!     Answer, Candidate, Grant, GrantRequest, Proof, Subject, Unavailable, UserIdentifier, UserKind, UserProvider,
//! };
//!
//! /// Machines in a shop that log in with the number on their back.
//! struct Kiosks;
//!
//! impl UserProvider for Kiosks {
//!     fn grants(&self) -> &'static [Grant] {
//!         const GRANTS: &[Grant] = &[Grant { name: "kiosk", proof: Proof::Caller }];
//!         GRANTS
//!     }
//!
//!     fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
//!         Box::pin(async move {
//!             let Some(number) = request.field("number").and_then(|number| number.parse().ok()) else {
//!                 return Ok(None);
//!             };
//!             let mut identifier = UserIdentifier::default();
//!             identifier.0.insert("id_kiosk".into(), i64::into(number));
//!             let subject = self.subject(&identifier).expect("it was just made");
//!             Ok(Some(Candidate { subject, identifier, password_hash: None, is_active: true }))
//!         })
//!     }
//!
//!     fn is_active<'a>(&'a self, _: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
//!         Box::pin(async { Ok(true) })
//!     }
//!
//!     fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
//!         let id = identifier.number("id_kiosk")?;
//!         Some(Subject { kind: UserKind::Other("kiosk"), natural: format!("kiosk:{id}"), surrogate: id })
//!     }
//! }
//! # assert_eq!(Kiosks.grants()[0].name, "kiosk");
//! ```

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::PrimitiveDateTime;

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
    /// A customer acting as a member of a company.
    CompanyUser,
    /// A customer whom an agent acts for.
    ImpersonatedCustomer,
    /// A user of the back office who acts for customers in the storefront.
    Agent,
    /// A back-office user.
    BackOfficeUser,
    /// A back-office user who works in a warehouse.
    WarehouseUser,
    /// A warehouse itself.
    Warehouse,
    /// A client on its own behalf (RFC 6749 §4.4).
    Client,
    /// Whoever a team adds.
    Other(&'static str),
}

/// How a grant makes sure of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By a password, which the engine compares.
    Password,
    /// By whoever calls the engine: they answer for it, and the token endpoint does not offer the grant.
    Caller,
}

/// A grant that a provider serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its name, `password` say.
    pub name: &'static str,
    /// How it makes sure of the person.
    pub proof: Proof,
}

/// Logging in with a name and a password (RFC 6749 §4.3).
pub const PASSWORD: Grant = Grant { name: "password", proof: Proof::Password };

/// What a request says about the person it is for.
#[derive(Clone, Debug, Default)]
pub struct GrantRequest {
    /// The name of the grant.
    pub grant: String,
    /// The login name; empty when the grant has none.
    pub username: String,
    /// What else names the person: `customerReference`, `idCompanyUser` and the like. Only code of ours fills it.
    pub fields: Vec<(&'static str, String)>,
}

impl GrantRequest {
    /// A request of the password grant, or of one that works as it does.
    #[must_use]
    pub fn named(grant: &str, username: &str) -> Self {
        Self { grant: grant.into(), username: username.into(), fields: Vec::new() }
    }

    /// A field's value.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
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

/// Knows one kind of people. The engine asks the providers that serve a grant, in order, and takes the first answer.
///
/// A provider looks people up; it never compares passwords: the engine does, at one place, with one cost.
pub trait UserProvider: Send + Sync {
    /// The grants that it serves; none for a provider that only reads people back.
    fn grants(&self) -> &'static [Grant];

    /// The person that a request is for.
    ///
    /// # Errors
    /// [`Unavailable`] when the storage cannot answer; an unknown person is `None`.
    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>>;

    /// Whether the person behind an identifier may still hold tokens; asked at every refresh.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>>;

    /// The people who may hold no tokens any more and may have got one since `since` (UTC). Asked every second, so that
    /// whoever is disabled loses tokens that live: a provider answers from an index, or not at all.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn inactive<'a>(&'a self, since: PrimitiveDateTime) -> Answer<'a, Result<Vec<Subject>, Unavailable>> {
        let _ = since;
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Replaces the hash of a password, of the same one or of a new one, unless it is not `old` any more; returns whether
    /// it did. Without passwords there is nothing to replace.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn rehash<'a>(&'a self, subject: &'a Subject, old: String, new: String) -> Answer<'a, Result<bool, Unavailable>> {
        let _ = (subject, old, new);
        Box::pin(async { Ok(false) })
    }

    /// Reads a person back from what a verified token carries. `None` when the token is not about this kind of people.
    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject>;
}

/// Adds to what tokens carry of a person, before any is issued (`OauthCustomerIdentifierExpanderPluginInterface`).
pub trait IdentifierExpander: Send + Sync {
    /// The identifier with what this expander knows of the person.
    ///
    /// # Errors
    /// [`Unavailable`] when the storage cannot answer.
    fn expand<'a>(
        &'a self,
        subject: &'a Subject,
        identifier: UserIdentifier,
    ) -> Answer<'a, Result<UserIdentifier, Unavailable>>;
}

/// Decides what a person's tokens may do. The engine asks all providers and merges their answers.
pub trait ScopeProvider: Send + Sync {
    /// The scopes of `subject`, whose tokens carry `identifier`; empty when this provider does not know such people.
    fn scopes(&self, subject: &Subject, identifier: &UserIdentifier) -> Vec<String>;

    /// Everything that it can give, and to whom: for listings.
    fn catalogue(&self) -> Vec<(&'static str, &'static str)>;
}
