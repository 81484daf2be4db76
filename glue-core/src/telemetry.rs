//! Structured logs: one line per request, with its id and never with a secret.

use std::io::IsTerminal;
use std::time::Instant;

use actix_web::http::StatusCode;
use tracing_subscriber::EnvFilter;

use crate::error::ApiError;
use crate::request_id::RequestId;
use crate::settings::{ConfigError, LogFormat, LogSettings};

/// Installs the subscriber of this process. Lines go to standard error; standard output belongs to commands.
///
/// # Errors
/// [`ConfigError`] when `log.filter` does not parse. A second call changes nothing.
pub fn install(settings: &LogSettings) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|error| ConfigError::bad_value("log.filter", &error.to_string()))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let _ = match settings.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    Ok(())
}

pub(crate) fn start() -> Instant {
    Instant::now()
}

/// What the log and the metrics want to know about a request.
pub(crate) struct Seen<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) error: Option<&'a ApiError>,
}

pub(crate) fn finish(started: Instant, request_id: &RequestId, method: &str, seen: &Seen<'_>, status: StatusCode) {
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = status.as_u16();
    let operation = seen.operation.unwrap_or("-");
    let code = seen.error.and_then(|error| error.errors().first()).and_then(|error| error.code).unwrap_or("-");
    let cause = seen.error.and_then(ApiError::cause).unwrap_or("-");
    if status >= 500 {
        tracing::error!(target: "access", %request_id, method, operation, status, code, cause, micros);
    } else {
        tracing::info!(target: "access", %request_id, method, operation, status, code, cause, micros);
    }
}
