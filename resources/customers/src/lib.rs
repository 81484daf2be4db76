//! Customers: what clients read of them, and how a login finds one.

pub mod accounts;
pub mod addresses;
#[rustfmt::skip]
pub mod generated;
