//! Wishlists, and what no shipped resource uses.

pub mod bookings;
pub mod generated;
pub mod palettes_v2_0;
pub mod wishlist_counts;
pub mod wishlist_mark_clear;
pub mod wishlist_mark_star;
