//! The tests of this crate: one binary, through its public surface.

#[cfg(test)]
#[path = "../generated/contract.rs"]
mod contract;
#[cfg(test)]
mod features;
#[cfg(test)]
mod fixture;
