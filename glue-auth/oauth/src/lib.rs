#![doc = include_str!("../README.md")]

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
