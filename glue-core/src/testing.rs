//! The test kit: a database per test, callers as types, answers that are compared with the contract.
//!
//! Tests go through the same actix application that a server runs, without a socket.

mod answer;
mod app;
pub mod attack;
pub mod contract;
mod crawl;
mod database;
mod documented;
mod printed;
mod server;
mod tokens;

pub use answer::Answer;
pub use app::{Client, TestApp, TestParts};
pub use crawl::{AWKWARD, crawl, path_of};
pub use database::{Template, TestDatabase};
pub use documented::{Documented, validate_examples, validate_schema};
pub use server::TestServer;
pub use tokens::{API_KEY, Caller, Issuer, TestIssuer, Validity};

/// Where links of applications under test point.
const BASE: &str = "http://glue.test";

/// When tests take place.
pub(crate) fn tokens_epoch() -> time::OffsetDateTime {
    time::macros::datetime!(2026-02-01 12:00:00.123456 UTC)
}
