#![doc = include_str!("../README.md")]

pub mod generated;
pub mod wiring;
