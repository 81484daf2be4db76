//! Structured logs: one line per request, with its id and never with a secret.

use std::io::IsTerminal;
use std::time::Instant;

use actix_web::http::StatusCode;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use super::traces;
use crate::error::ApiError;
use crate::request_id::RequestId;
use crate::settings::{ConfigError, LogFormat, LogSettings, TraceSettings};

/// Installs the subscriber of this process, which `service` names in traces. Lines go to standard error; standard output
/// belongs to commands.
///
/// # Errors
/// [`ConfigError`] when `log.filter` does not parse, or when traces are asked for and cannot be sent. A second call
/// changes nothing.
pub fn install(service: &'static str, log: &LogSettings, traces: &TraceSettings) -> Result<(), ConfigError> {
    let filter =
        EnvFilter::try_new(&log.filter).map_err(|error| ConfigError::bad_value("log.filter", &error.to_string()))?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let traced = traces::layer(service, &traces.endpoint)?;
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).with(traced).try_init();
    Ok(())
}

pub(crate) fn start() -> Instant {
    Instant::now()
}

/// What the log and the metrics want to know about a request.
pub(crate) struct RequestOutcome<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) error: Option<&'a ApiError>,
}

pub(crate) fn finish(
    started: Instant,
    request_id: &RequestId,
    method: &str,
    seen: &RequestOutcome<'_>,
    status: StatusCode,
) {
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
