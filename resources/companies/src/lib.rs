//! Companies: how a login finds the members behind a customer. They have no route of their own yet.

pub mod demo;
pub mod members;
mod tables;
