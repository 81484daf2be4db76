//! One request as handlers and hooks see it: who calls, what was sent, what the application offers.

mod application;
mod authenticator;
mod context;
mod cors;
mod environment;
mod extract;
mod guard;
pub mod hooks;
mod http_policy;
mod preconditions;
pub mod shop;

pub use application::Application;
pub use authenticator::{Agents, AuthenticationFuture, Authenticator, Rejection};
pub use context::RequestContext;
pub(crate) use context::RequestParts;
pub(crate) use cors::Cors;
pub use environment::{Environment, Services};
pub use extract::{Form, Malformed, Validated};
pub use guard::{Anyone, Authed, ByAgent};
pub use http_policy::HttpPolicy;
pub use preconditions::{EntityTag, Preconditions};
