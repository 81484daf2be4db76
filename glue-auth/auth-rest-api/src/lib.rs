//! The HTTP face of the OAuth engine: the authentication resources, and the authenticator that the guard asks.
//!
//! Nothing here decides who gets a token: requests are turned into grants, and what the engine says into rows of the
//! code tables.

pub mod access_tokens;
mod authenticator;
pub mod authorization;
mod credentials;
mod database;
mod refusals;
#[rustfmt::skip]
pub mod generated;
pub mod introspection;
pub mod json_web_keys;
pub mod refresh_tokens;
pub mod revocation;
pub mod server_metadata;
pub mod token;

use std::sync::Arc;

pub use authenticator::EngineAuthenticator;
pub use database::EngineDatabase;

/// The engine as a service of the application: what the hand-written behaviour of this crate asks its context for.
pub type SharedEngine = Arc<oauth::Engine>;
