//! What tells one kind of issuer from another: current practice, and a running shop.

use crate::format::{RefreshFormat, TokenFormat};

/// What an engine issues, as whom, and how it takes what it does not know.
#[derive(Clone)]
pub struct Conventions {
    /// The issuer: the base of the application's URLs.
    pub issuer: String,
    /// The audience: the application's name. Applications may share a key; this keeps their tokens apart.
    pub audience: String,
    /// The shape of access tokens.
    pub access: TokenFormat,
    /// The shape of refresh tokens.
    pub refresh: RefreshFormat,
    /// What happens to scopes that are asked for and cannot be given.
    pub unknown_scopes: UnknownScopes,
    /// What a customer's revocation ends.
    pub revocation: Revocation,
}

/// What a customer's revocation ends. Everything else that ends a session always ends all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// The session, with its access tokens (RFC 7009 §2.1).
    Session,
    /// What can be refreshed; access tokens live until their time (reference/authentication.md §2.5).
    RefreshTokens,
}

/// What happens to scopes that are asked for and cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownScopes {
    /// They are left out; when nothing is left, the grant is refused (RFC 6749 §5.2).
    Refused,
    /// They are left out; when nothing is left, the person's own scopes are given (reference/authentication.md §1.5).
    Dropped,
}
