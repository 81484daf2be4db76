//! Layered configuration: defaults in code, the application's own file, the file named by `GLUE_CONFIG`, the environment.
//!
//! An unknown key or a bad value stops the start with a message that names the key.

mod database;
mod load;
mod log;
mod server;
mod validate;

pub use database::{DatabaseSettings, DatabaseUrl};
pub use load::{defaults, load};
pub use log::{LogFormat, LogSettings, MetricsSettings, TraceSettings};
pub use server::{CorsSettings, Limits, ProtectSettings, ServerSettings};
pub use validate::{ConfigError, Validate, within};
