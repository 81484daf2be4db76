//! The applications and the callers of this crate's tests.

use glue_core::testing::Caller;
use glue_core::testing::contract::{self, Mounted};

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = &[
        ("storefront", multi_factor_auth::generated::storefront, Caller::customer),
        ("backend", multi_factor_auth::generated::backend, Caller::user),
    ];
}
