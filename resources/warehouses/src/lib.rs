#![doc = include_str!("../README.md")]

pub mod assignments;
pub mod demo;
mod tables;
