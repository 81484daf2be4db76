//! Wishlists, and what no shipped resource uses.

#[rustfmt::skip]
pub mod generated;
pub mod palettes_v2_0;
