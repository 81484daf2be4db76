//! The storefront as a library: its program, for its binary, its tests and its benches.

mod credentials;
pub mod generated;
pub mod wiring;
