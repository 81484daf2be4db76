//! The tests of this crate: one binary, through its public surface.

#[path = "../generated/contract.rs"]
mod contract;
mod fixture;
