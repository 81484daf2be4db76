//! The resource server of Glue: one routing table drives mount, guard and documents.
//!
//! A generated crate holds one [`route::RouteDef`] per verb and application and an actix handler for it. A
//! [`table::RoutingTable`] of those rows is all that an application mounts ([`server::Site`]), all that the guard asks
//! ([`guard`]) and all that the OpenAPI document is built from ([`openapi::document`]).
//!
//! This crate knows neither OAuth nor any table, customer or product.

pub mod breaches;
pub mod clock;
pub mod codes;
pub mod context;
pub mod db;
pub mod document;
pub mod entity_tag;
pub mod error;
pub mod error_body;
pub mod error_page;
pub mod guard;
pub mod hooks;
pub mod identity;
pub mod input;
pub mod metrics;
pub mod openapi;
pub mod page;
pub mod path;
pub mod pipeline;
pub mod profile;
pub mod protection;
pub mod query;
pub mod relation;
pub mod request_id;
pub mod route;
pub mod server;
pub mod settings;
pub mod shop;
pub mod source;
pub mod table;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod validate;
pub mod value;
