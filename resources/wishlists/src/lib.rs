//! Wishlists: a resource without a line of hand-written behaviour. Everything is in its definition.

#[rustfmt::skip]
pub mod generated;
