//! Back-office users: how a login finds one. They have no route of their own yet.

pub mod accounts;
pub mod demo;
mod tables;
