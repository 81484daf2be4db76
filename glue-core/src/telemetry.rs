//! What operators see of requests: a line in the log, numbers to scrape, traces.

mod log;
pub mod metrics;
#[cfg(feature = "opentelemetry")]
pub mod traces;
#[cfg(not(feature = "opentelemetry"))]
#[path = "telemetry/no_traces.rs"]
pub(crate) mod traces;

pub use log::install;
pub(crate) use log::{RequestOutcome, finish, start};
