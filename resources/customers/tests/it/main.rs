//! The tests of this crate: one binary, through its public surface.

#[cfg(test)]
mod accounts;
#[cfg(test)]
#[path = "../generated/contract.rs"]
#[rustfmt::skip]
mod contract;
#[cfg(test)]
mod fixture;
