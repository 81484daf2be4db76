//! The applications, the rows and the callers of this crate's tests.

use glue_core::testing::contract::{self, Mounted};

use crate::contract::APPLICATIONS;

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = APPLICATIONS;

    const ROWS: &'static str = include_str!("rows.sql");

    fn existing(_: &str, _: &str) -> String {
        "DE--1".into()
    }

    fn collection(_: &str, resource: &str) -> Option<String> {
        Some(format!("/customers/DE--1/{resource}"))
    }
}
