//! Stores with their currencies, locales and countries.

pub mod generated;
pub mod stores;
