//! Warehouses: how a login finds where a back-office user works. They have no route of their own yet.

pub mod assignments;
pub mod demo;
mod tables;
