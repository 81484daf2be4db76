//! The applications, the rows and the callers of this crate's tests.

use glue_core::request::Services;
use glue_core::testing::contract::{self, Mounted};
use stores::stores::ServedStores;

use crate::contract::APPLICATIONS;

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = APPLICATIONS;

    const ROWS: &'static str = include_str!("rows.sql");

    fn services() -> Services {
        Services::default().with(ServedStores::Current("DE".into()))
    }
}
