//! Callers, and tokens for them.

use std::future::ready;
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use crate::identity::{CallerKind, Identity};
use crate::request::{AuthenticationFuture, Authenticator, Rejection};

/// Somebody who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What the two identifiers identify.
    pub kind: CallerKind,
    /// The natural identifier.
    pub natural: String,
    /// The surrogate identifier.
    pub surrogate: i64,
    /// What the token carries.
    pub scopes: Vec<String>,
}

impl Caller {
    /// A customer with the reference `DE--<number>`.
    #[must_use]
    pub fn customer(number: i64) -> Self {
        let scopes = vec!["customer".into()];
        Self { kind: CallerKind::Customer, natural: format!("DE--{number}"), surrogate: number, scopes }
    }

    /// A back-office user with the uuid `user-<number>`.
    #[must_use]
    pub fn user(number: i64) -> Self {
        let scopes = vec!["user".into(), "back-office-user".into()];
        Self { kind: CallerKind::User, natural: format!("user-{number}"), surrogate: number, scopes }
    }

    /// An agent with the natural identifier `agent:<number>`.
    #[must_use]
    pub fn agent(number: i64) -> Self {
        Self {
            kind: CallerKind::Agent,
            natural: format!("agent:{number}"),
            surrogate: -1,
            scopes: vec!["agent".into()],
        }
    }

    /// Somebody else with the same identifiers and scopes: a user where this is a customer, a customer otherwise.
    #[must_use]
    pub fn namesake(&self) -> Self {
        let kind = if self.kind == CallerKind::Customer { CallerKind::User } else { CallerKind::Customer };
        Self { kind, ..self.clone() }
    }

    /// The same caller, allowed this as well.
    #[must_use]
    pub fn with_scope(mut self, scope: &str) -> Self {
        self.scopes.push(scope.to_owned());
        self
    }

    /// The same caller, allowed nothing.
    #[must_use]
    pub fn without_scopes(mut self) -> Self {
        self.scopes.clear();
        self
    }
}

/// How good a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is accepted.
    Valid,
    /// Its time is over.
    Expired,
    /// It was issued for another application.
    Foreign,
}

/// Makes tokens that the application under test judges.
pub trait Issuer {
    /// A token for `caller`.
    fn issue(&self, caller: &Caller, validity: Validity, now: OffsetDateTime) -> String;
}

/// Tokens for crates that do not know the engine: readable, unsigned, and accepted by nothing but [`TestIssuer`].
#[derive(Clone, Debug)]
pub struct TestIssuer {
    application: String,
}

impl TestIssuer {
    /// An issuer and authenticator for one application.
    #[must_use]
    pub fn new(application: &str) -> Self {
        Self { application: application.into() }
    }
}

impl Issuer for TestIssuer {
    fn issue(&self, caller: &Caller, validity: Validity, now: OffsetDateTime) -> String {
        let application = if validity == Validity::Foreign { "another" } else { &self.application };
        let expires = if validity == Validity::Expired { now - Duration::HOUR } else { now + Duration::HOUR };
        let kind = match caller.kind {
            CallerKind::Customer => "customer",
            CallerKind::User => "user",
            CallerKind::Agent => "agent",
            CallerKind::Other => "other",
        };
        format!(
            "{application}|{}|{kind}|{}|{}|{}",
            expires.unix_timestamp(),
            caller.natural,
            caller.surrogate,
            caller.scopes.join(",")
        )
    }
}

/// The one API key that [`TestIssuer`] knows.
pub const API_KEY: &str = "eba8110c9f9bf5685e8b5f4eba9b17c2";

impl Authenticator for TestIssuer {
    fn api_key<'a>(&'a self, key: &'a str, _: OffsetDateTime) -> AuthenticationFuture<'a> {
        let known = Identity {
            kind: CallerKind::Other,
            natural: "api-key".into(),
            surrogate: -1,
            scopes: Vec::new(),
            claims: Arc::default(),
            session: None,
        };
        Box::pin(ready(if key == API_KEY { Ok(known) } else { Err(Rejection::Invalid("unknown")) }))
    }

    fn authenticate(&self, token: &str, now: OffsetDateTime) -> Result<Identity, Rejection> {
        let malformed = Rejection::Invalid("malformed");
        let [application, expires, kind, natural, surrogate, scopes] = token.split('|').collect::<Vec<_>>()[..] else {
            return Err(malformed);
        };
        if application != self.application {
            return Err(Rejection::Invalid("another application"));
        }
        if expires.parse::<i64>().map_err(|_| malformed.clone())? <= now.unix_timestamp() {
            return Err(Rejection::Invalid("expired"));
        }
        let kind = match kind {
            "customer" => CallerKind::Customer,
            "user" => CallerKind::User,
            "agent" => CallerKind::Agent,
            _ => CallerKind::Other,
        };
        Ok(Identity {
            kind,
            natural: natural.into(),
            surrogate: surrogate.parse().map_err(|_| malformed)?,
            scopes: scopes.split(',').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
            claims: Arc::default(),
            session: None,
        })
    }
}
