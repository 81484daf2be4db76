//! The OpenAPI 3.1 document of one application, built from the rows that its server mounts, and what else is written from
//! them for readers.

mod about;
mod decoupled;
mod document;
pub mod errors;
mod links;
mod operation;
mod parameters;
mod parts;
pub mod protection;
mod responses;
mod schemas;
mod security;

pub use about::About;
pub use document::document;
pub use utoipa::openapi::OpenApi;
