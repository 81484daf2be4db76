#![doc = include_str!("../README.md")]

pub mod accounts;
pub mod addresses;
pub mod agent_customer_search;
pub mod credentials;
pub mod customer_forgotten_password;
pub mod customer_password;
pub mod customer_restore_password;
pub mod demo;
pub mod generated;
pub mod names;
mod passwords;
mod tables;
