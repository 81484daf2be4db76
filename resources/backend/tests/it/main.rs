//! The tests of this crate: one binary, through its public surface.

#[cfg(test)]
mod application;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod links;
#[cfg(test)]
mod sessions;
