//! The backend as a library: its program, for its binary, its tests and its benches.

pub mod generated;
pub mod wiring;
