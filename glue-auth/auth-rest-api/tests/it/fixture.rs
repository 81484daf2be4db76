//! The applications and the callers of this crate's tests.

use glue_core::testing::contract::{self, Mounted};

use crate::contract::APPLICATIONS;

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = APPLICATIONS;
}
