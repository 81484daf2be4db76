#![doc = include_str!("../README.md")]

pub mod actions;
pub mod against;
pub mod check;
mod cores;
pub mod definition;
pub mod diagnostic;
pub mod documents;
pub mod family;
pub mod layers;
pub mod load;
mod loosening;
pub mod manifest;
pub mod names;
pub mod output;
pub mod ownership;
pub mod render;
pub mod revision;
pub mod rows;
pub mod rustfmt;
pub mod source;
pub mod tokens;
pub mod workspace;
pub mod yaml;
