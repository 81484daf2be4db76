#![doc = include_str!("../README.md")]

mod chores;
mod commands;
mod demo;
mod engine;
mod factors;
mod process;
mod program;
pub mod schema;
mod settings;
mod start_error;
#[cfg(feature = "testing")]
pub mod testing;

pub use commands::run;
pub use demo::{DemoData, DemoSecrets, NamedHash, PASSWORD as DEMO_PASSWORD};
pub use factors::{mailer, with_second_factors};
pub use program::Program;
pub use settings::{Deployment, Settings};
pub use start_error::StartError;
