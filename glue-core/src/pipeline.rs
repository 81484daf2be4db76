//! One request's way: route, media type, body, ids, identity, validation, market, entity tag, hooks, handler
//! (reference/authentication.md §1.1, reference/framework.md §1).
//!
//! The order decides which error wins. Each stage is one file; a stage returns facts or the error that ends the walk.

mod accept;
mod admission;
mod body;
mod credential;
mod envelope;
mod exchange;
mod lifetimes;
mod origin;
mod preflight;
mod render;
mod routing;
mod serve;
mod worker;

#[cfg(feature = "testing")]
pub(crate) use credential::token as bearer_token;
#[cfg(feature = "testing")]
pub(crate) use envelope::attributes as body_attributes;
pub use exchange::Reader;
pub(crate) use render::method_not_allowed;
pub use render::render;
pub(crate) use serve::{reads_body, refuse, serve};
pub(crate) use worker::Worker;
