//! What differs between the `documented` and the `spryker` profile, as rows; everything else is identical in both.

use serde::{Deserialize, Serialize};

use crate::error::{ErrorRow, codes};

/// Which promises an application keeps where the product documentation and a running shop differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What the product documentation promises, plus current OAuth practice.
    #[default]
    Documented,
    /// Byte-compatible with a running Spryker shop and its clients.
    Spryker,
}

/// How an application writes its errors (contract/framework.md §1.2, §2.3, §2.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// The storefront's: errors carry `detail`, keys that are not set are left out.
    #[default]
    Rest,
    /// The decoupled applications': errors carry `message`, all keys are always present.
    Decoupled,
}

/// The rows of one application: its profile and its dialect resolved once, at start.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The profile these rows belong to.
    pub profile: Profile,
    /// How errors are written.
    pub dialect: Dialect,
    /// No route of this path and method.
    pub not_found: &'static ErrorRow,
    /// A known type without this method.
    pub no_method: &'static ErrorRow,
    /// Whether a request has to say what it accepts.
    pub accept: Accept,
    /// When a credential is judged.
    pub order: Order,
    /// An `Authorization` header that is not a scheme and a token.
    pub malformed_token: &'static ErrorRow,
    /// No token on a protected verb.
    pub missing_token: &'static ErrorRow,
    /// A token that is not valid, on any verb.
    pub invalid_token: &'static ErrorRow,
    /// A valid token about nobody whom the application knows.
    pub strange_token: &'static ErrorRow,
    /// A valid token without the scopes of the verb.
    pub forbidden: &'static ErrorRow,
    /// What becomes of `page` members that make no window.
    pub pages: Pages,
    /// Whether `WWW-Authenticate` says what was wrong with a token that was sent (RFC 6750 §3).
    pub challenge: Challenge,
}

/// Whether a request has to say what it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// A request without `Accept` is served.
    Optional,
    /// A request without `Accept` is refused.
    Required,
}

/// When a credential is judged (contract/framework.md §4.2; contract/backend.md §1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// After the route, the body's envelope and the ids.
    RouteFirst,
    /// Before the route is looked up; scopes before the body is read.
    TokenFirst,
}

/// What becomes of `page[offset]` and `page[limit]` that make no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// They are refused (contract/framework.md §1.1.5).
    Judged,
    /// They are ignored (contract/backend.md §1.2).
    Ignored,
}

/// What `WWW-Authenticate` says on a 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// The realm, and RFC 6750's `error` when a token was sent.
    Rfc6750,
    /// The realm only.
    RealmOnly,
}

impl Rules {
    /// The rows of `profile` for an application whose own dialect is `dialect`.
    #[must_use]
    pub fn of(profile: Profile, dialect: Dialect) -> Self {
        match (profile, dialect) {
            (Profile::Documented, _) => Self {
                profile,
                dialect: Dialect::Rest,
                not_found: &codes::NOT_FOUND,
                no_method: &codes::NOT_FOUND,
                accept: Accept::Optional,
                order: Order::RouteFirst,
                malformed_token: &codes::INVALID_TOKEN,
                missing_token: &codes::MISSING_TOKEN_401,
                invalid_token: &codes::INVALID_TOKEN,
                strange_token: &codes::INVALID_TOKEN,
                forbidden: &codes::UNAUTHORIZED_401,
                pages: Pages::Judged,
                challenge: Challenge::Rfc6750,
            },
            (Profile::Spryker, Dialect::Rest) => Self {
                profile,
                dialect,
                not_found: &codes::NOT_FOUND,
                no_method: &codes::NOT_FOUND,
                accept: Accept::Required,
                order: Order::RouteFirst,
                malformed_token: &codes::INVALID_TOKEN,
                missing_token: &codes::MISSING_TOKEN_403,
                invalid_token: &codes::INVALID_TOKEN,
                strange_token: &codes::INVALID_TOKEN,
                forbidden: &codes::FORBIDDEN_403,
                pages: Pages::Judged,
                challenge: Challenge::RealmOnly,
            },
            (Profile::Spryker, Dialect::Decoupled) => Self {
                profile,
                dialect,
                not_found: &codes::NO_RESOURCE,
                no_method: &codes::NO_METHOD,
                accept: Accept::Required,
                order: Order::TokenFirst,
                malformed_token: &codes::MALFORMED_TOKEN,
                missing_token: &codes::UNAUTHORIZED_401,
                invalid_token: &codes::INVALID_TOKEN,
                strange_token: &codes::STRANGE_TOKEN,
                forbidden: &codes::UNAUTHORIZED_403,
                pages: Pages::Ignored,
                challenge: Challenge::RealmOnly,
            },
        }
    }
}
