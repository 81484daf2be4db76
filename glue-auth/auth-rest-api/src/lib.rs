//! The HTTP face of the OAuth engine: the authentication resources, and the authenticator that the guard asks.
//!
//! Nothing here decides who gets a token: requests are turned into grants, and what the engine says into rows of the
//! code tables.

pub mod access_tokens;
pub mod agent_access_tokens;
pub mod agent_customer_impersonation_access_tokens;
mod agents;
mod authenticator;
pub mod authorization;
pub mod authorize;
mod challenge;
pub mod company_user_access_tokens;
mod credentials;
pub mod customer_access;
mod database;
mod refusals;
#[rustfmt::skip]
pub mod generated;
pub mod introspection;
pub mod json_web_keys;
mod locked_out;
pub mod refresh_tokens;
pub mod revocation;
pub mod server_metadata;
pub mod sessions;
pub mod token;
pub mod warehouse_tokens;

use std::sync::Arc;

use glue_core::context::RequestContext;
use glue_core::document::Listing;
use glue_core::error::Outcome;

pub use agents::AGENT;
pub use authenticator::EngineAuthenticator;
pub use database::{EngineDatabase, end_sessions};
pub use locked_out::LockedOut;
pub use refusals::blocked as too_many;

/// The engine as a service of the application: what the hand-written behaviour of this crate asks its context for.
pub type SharedEngine = Arc<oauth::Engine>;

/// The collection of what cannot be read again.
fn nothing<T>(cx: &RequestContext) -> Outcome<Listing<T>> {
    Ok(Listing::new(Vec::new(), cx.page(1, 1)?, 0))
}

/// What stands between blanks.
fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A name as the audit log keeps it: no longer than any account's.
fn audited(name: &str) -> String {
    name.chars().take(254).collect()
}
