//! The applications and the callers of this crate's tests.

use glue_core::testing::Caller;
use glue_core::testing::contract::{self, Mounted};

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = &[
        ("storefront", auth_rest_api::generated::storefront, Caller::customer),
        ("backend", auth_rest_api::generated::backend, Caller::user),
    ];
}
