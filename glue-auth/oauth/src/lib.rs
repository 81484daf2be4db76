//! The OAuth 2 engine: it decides who gets a token, and whether a token is one of ours.
//!
//! It knows neither HTTP nor customers: requests come in as structs, people through the plug points of
//! `oauth-extension`, rows through the [`port`] that an application puts a database behind, and time is handed in.

pub mod conventions;
pub mod demo;
pub mod digest;
mod engine;
pub mod error;
pub mod format;
pub mod jwt;
pub mod keys;
pub mod passwords;
pub mod port;
mod random;
mod session;
pub mod settings;
mod store;
pub mod verified;

pub use conventions::{Conventions, Revocation, UnknownScopes};
pub use digest::digest;
pub use engine::{
    ApiKey, Authorization, AuthorizationRequest, Caller, ClientCredentials, ClientRow, CodeRequest, ComparedPassword,
    EndedTokens, Engine, Introspection, Named, NewClient, PasswordRequest, Plugins, Purged, RefreshRequest,
    RevocationCaller, Session, SessionsEnd, TokenPair,
};
pub use error::GrantError;
pub use random::{digits as random_digits, key as random_key};
pub use session::SessionId;
