//! The storefront as a library: its program, for its binary, its tests and its benches.

pub mod generated;
mod passwords;
pub mod wiring;
