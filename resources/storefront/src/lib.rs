//! The storefront as a library: its program, for its binary, its tests and its benches.

#[rustfmt::skip]
pub mod generated;
mod passwords;
pub mod wiring;
