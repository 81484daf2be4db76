#![doc = include_str!("../README.md")]

pub mod demo;
pub mod members;
mod tables;
