#![doc = include_str!("../README.md")]

use std::any::Any;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The connection of the unit of work that asks a plug point, as the application has it: the engine does not know its type,
/// a connector does.
pub struct Storage<'a>(&'a mut dyn Any);

impl<'a> Storage<'a> {
    /// The storage that is this connection.
    #[must_use]
    pub fn new<T: Any>(connection: &'a mut T) -> Self {
        Self(connection)
    }

    /// The connection.
    ///
    /// # Errors
    /// [`Unavailable`] when the application works with connections of another type.
    pub fn get<T: Any>(&mut self) -> Result<&mut T, Unavailable> {
        let missing = || Unavailable(format!("the application has no {}", std::any::type_name::<T>()));
        self.0.downcast_mut().ok_or_else(missing)
    }
}

/// What identifies a user in tokens and audit rows: a JSON object whose keys the provider decides
/// (reference/authentication.md §2.2).
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

impl UserKind {
    /// Whether a token of this kind is about a customer, whoever sends it.
    #[must_use]
    pub fn is_customer(self) -> bool {
        matches!(self, UserKind::Customer | UserKind::CompanyUser | UserKind::ImpersonatedCustomer)
    }

    /// How a session names the kind of its person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            UserKind::Customer => "customer",
            UserKind::CompanyUser => "company_user",
            UserKind::ImpersonatedCustomer => "impersonated_customer",
            UserKind::Agent => "agent",
            UserKind::BackOfficeUser => "back_office_user",
            UserKind::WarehouseUser => "warehouse_user",
            UserKind::Warehouse => "warehouse",
            UserKind::Client => "client",
            UserKind::Other(name) => name,
        }
    }
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
    /// Who answers for the person, when nobody proves anything: whoever the session is derived from, as they are now. The
    /// engine fills it.
    pub answers: Option<Subject>,
}

impl GrantRequest {
    /// A request of the password grant, or of one that works as it does.
    #[must_use]
    pub fn named(grant: &str, username: &str) -> Self {
        Self { grant: grant.into(), username: username.into(), ..Self::default() }
    }

    /// A request of a grant whose caller answers for the person that `fields` name.
    #[must_use]
    pub fn answered(grant: &str, fields: Vec<(&'static str, String)>) -> Self {
        Self { grant: grant.into(), fields, ..Self::default() }
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

/// The person of a session that began some time ago.
#[derive(Clone, Copy, Debug)]
pub struct Remembered<'a> {
    /// What its tokens carry of the person.
    pub identifier: &'a UserIdentifier,
    /// Who answers for the person, as they are now; none for somebody who proved themselves.
    pub answers: Option<&'a Subject>,
}

/// The storage behind a provider cannot answer now. Never to be mistaken for an unknown user.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the user storage is unavailable: {0}")]
pub struct Unavailable(pub String);

impl Unavailable {
    /// For this reason.
    pub fn because(reason: impl std::fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

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
    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable>;

    /// The person of a session as they are now, of whatever kind they are now; `None` when there is nobody any more, or
    /// when who answers for them may not do so any more. Asked at every exchange, and when [`watches`](Self::watches) says
    /// that something changed.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn present(&self, storage: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable>;

    /// The kinds of rows of the table `spy_oauth_changed_person` that name people of this provider. Triggers write one for
    /// whoever may have lost a right, by whatever hand, and the engine looks at their sessions again within a second.
    fn watches(&self) -> &'static [&'static str] {
        &[]
    }

    /// Replaces the hash of a password, of the same one or of a new one, unless it is not `old` any more; returns whether
    /// it did. Without passwords there is nothing to replace.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn rehash(&self, storage: &mut Storage<'_>, subject: &Subject, old: &str, new: &str) -> Result<bool, Unavailable> {
        let _ = (storage, subject, old, new);
        Ok(false)
    }

    /// Some stored hash of the kind that PHP writes (`$2y$`), if there is any: until the last one is renewed, every refusal
    /// costs what such a hash costs. Asked rarely; it may read a whole table.
    ///
    /// # Errors
    /// As [`UserProvider::find`].
    fn bcrypt_hash(&self, storage: &mut Storage<'_>) -> Result<Option<String>, Unavailable> {
        let _ = storage;
        Ok(None)
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
    fn expand(
        &self,
        storage: &mut Storage<'_>,
        subject: &Subject,
        identifier: UserIdentifier,
    ) -> Result<UserIdentifier, Unavailable>;
}

/// Decides what a person's tokens may do. The engine asks all providers and merges their answers.
pub trait ScopeProvider: Send + Sync {
    /// The scopes of `subject`, whose tokens carry `identifier`; empty when this provider does not know such people.
    fn scopes(&self, subject: &Subject, identifier: &UserIdentifier) -> Vec<String>;

    /// Those scopes that say what kind of person a token is about. Asking for fewer scopes does not leave them out, and
    /// who cannot have them gets no token: without its mark a token would be taken for somebody else's.
    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        let _ = subject;
        &[]
    }

    /// Everything that it can give, and to whom: for listings.
    fn catalogue(&self) -> Vec<(&'static str, &'static str)>;
}
