//! Stores with their currencies, locales and countries.

pub mod demo;
pub mod generated;
pub mod stores;
mod tables;
