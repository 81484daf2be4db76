//! Wishlists: a resource without a line of hand-written behaviour. Everything is in its definition.

pub mod demo;
pub mod generated;
