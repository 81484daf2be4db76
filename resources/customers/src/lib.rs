//! Customers: what clients read of them, and how a login finds one.

pub mod accounts;
#[rustfmt::skip]
pub mod generated;
