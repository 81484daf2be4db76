//! Who made the request (`getRestUser` of the product documentation), and whose rows that lets a query touch.

use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

/// What a caller's identifiers identify. Numbers of one kind are no numbers of another: customer 4 is not user 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// A customer of the shop, also one who acts for a company or whom an agent acts for.
    Customer,
    /// A user of the back office.
    User,
    /// An agent in the storefront, who acts for customers and owns no rows.
    Agent,
    /// Whoever else owns no rows: a warehouse, a client of its own, an API key.
    Other,
}

/// An authenticated caller, as the `Authenticator` of the application read it from a verified credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What the two identifiers identify.
    pub kind: CallerKind,
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

/// A kind of caller whom rows can belong to, as a type.
pub trait OwnerKind {
    /// The kind.
    const KIND: CallerKind;
}

/// Rows belong to customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Customer {}

impl OwnerKind for Customer {
    const KIND: CallerKind = CallerKind::Customer;
}

/// Rows belong to users of the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {}

impl OwnerKind for User {
    const KIND: CallerKind = CallerKind::User;
}

/// Whose rows a query may touch: those of one caller, or nobody's. Every generated query of an owned resource takes one
/// of its kind, and a caller of another kind is nobody to it:
///
/// ```
/// use glue_core::identity::{CallerKind, Customer, Identity, Owner, User};
///
/// # let identity = Identity {
/// #     kind: CallerKind::User, natural: "user-4".into(), surrogate: 4,
/// #     scopes: vec![], claims: Default::default(), session: None,
/// # };
/// assert_eq!(Owner::<User>::of(Some(&identity)).surrogate(), 4);
/// assert_ne!(Owner::<Customer>::of(Some(&identity)).surrogate(), 4);
/// ```
///
/// ```compile_fail
/// use glue_core::identity::{Customer, Owner, User};
///
/// fn orders(_: &Owner<Customer>) {}
/// orders(&Owner::<User>::of(None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner<K> {
    caller: Option<(String, i64)>,
    kind: PhantomData<fn() -> K>,
}

impl<K: OwnerKind> Owner<K> {
    /// The caller, when it is one and of this kind; nobody otherwise.
    #[must_use]
    pub fn of(identity: Option<&Identity>) -> Self {
        let mine = identity.filter(|identity| identity.kind == K::KIND);
        Self { caller: mine.map(|identity| (identity.natural.clone(), identity.surrogate)), kind: PhantomData }
    }

    /// The natural identifier to compare with; nobody's never equals a stored one.
    #[must_use]
    pub fn natural(&self) -> &str {
        self.caller.as_ref().map_or("", |(natural, _)| natural)
    }

    /// The surrogate identifier to compare with; nobody's never equals a stored one.
    #[must_use]
    pub fn surrogate(&self) -> i64 {
        self.caller.as_ref().map_or(-1, |(_, surrogate)| *surrogate)
    }
}
