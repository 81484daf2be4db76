//! Stores with their currencies, locales and countries.

#[rustfmt::skip]
pub mod generated;
pub mod stores;
