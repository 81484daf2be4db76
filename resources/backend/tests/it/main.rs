//! The tests of this crate: one binary, through its public surface.

#[cfg(test)]
mod application;
