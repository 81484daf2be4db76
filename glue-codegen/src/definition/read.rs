//! From the YAML tree to a definition. Every problem is reported; what is unclear gets the strict reading.

mod actions;
mod attributes;
mod errors;
mod owners;
mod query;
mod resource;
mod shared;
mod verbs;

pub use resource::{read, read_tree};
