#![doc = include_str!("../README.md")]

mod credentials;
pub mod generated;
pub mod wiring;
