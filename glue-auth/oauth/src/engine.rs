//! Grants in, token pairs out.

mod api_keys;
mod client;
mod code;
mod columns;
mod derive;
mod ending;
mod exchange;
mod halt;
mod issue;
mod limits;
mod login;
mod operate;
mod policy;
mod requests;
mod revoke;
mod rights;
mod rows;
mod sessions;
mod shared;
mod state;
mod watch;

pub use api_keys::ApiKey;
pub use code::{Authorization, AuthorizationRequest, CodeRequest, Named};
pub use ending::{EndedTokens, SessionsEnd};
pub use login::ComparedPassword;
pub use operate::{ClientRow, NewClient, Purged};
pub use policy::Plugins;
pub use requests::{Caller, ClientCredentials, PasswordRequest, RefreshRequest, TokenPair};
pub use revoke::RevocationCaller;
pub use sessions::Session;
pub use shared::Engine;
pub use state::Introspection;
