//! What operators watch: requests, their durations and the database's queues, as Prometheus reads them.
//!
//! They are served on a port of their own, so that the port of the application has nothing to guard.

use std::time::Duration;

use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::db::Db;
use crate::route::RouteDef;
use crate::settings::ConfigError;

/// The upper bounds of the buckets of request durations, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Installs the recorder of this process.
///
/// # Errors
/// [`ConfigError`] when one is installed already.
pub fn install() -> Result<PrometheusHandle, ConfigError> {
    let failed = |error: &dyn std::fmt::Display| ConfigError::bad_value("metrics.port", &error.to_string());
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("http_request_duration_seconds".into()), &BUCKETS)
        .map_err(|error| failed(&error))?;
    builder.install_recorder().map_err(|error| failed(&error))
}

/// The text of one scrape.
#[must_use]
pub fn scrape(handle: &PrometheusHandle, db: &Db) -> String {
    let queued = db.queued();
    metrics::gauge!("db_queue_length", "queue" => "reads").set(queued.reads as f64);
    metrics::gauge!("db_queue_length", "queue" => "writes").set(queued.writes as f64);
    handle.run_upkeep();
    handle.render()
}

/// The meters of one worker, made once for every row of its table.
pub(crate) struct Meters {
    rows: Vec<Meter>,
    unrouted: Meter,
}

struct Meter {
    duration: Histogram,
    /// By the first digit of the status, 2xx first.
    statuses: [Counter; 4],
}

impl Meters {
    pub(crate) fn new<'a>(application: &'static str, rows: impl Iterator<Item = &'a RouteDef>) -> Self {
        Self {
            rows: rows.map(|row| Meter::new(application, row.operation_id)).collect(),
            unrouted: Meter::new(application, "-"),
        }
    }

    /// Counts one answered request.
    pub(crate) fn record(&self, row: Option<usize>, status: u16, took: Duration) {
        let meter = row.and_then(|row| self.rows.get(row)).unwrap_or(&self.unrouted);
        meter.duration.record(took.as_secs_f64());
        if let Some(counter) = meter.statuses.get(usize::from(status / 100).saturating_sub(2)) {
            counter.increment(1);
        }
    }
}

impl Meter {
    fn new(application: &'static str, operation: &str) -> Self {
        let operation = operation.to_owned();
        let counter = |status: &'static str| metrics::counter!("http_requests_total", "application" => application, "operation" => operation.clone(), "status" => status);
        let statuses = ["2xx", "3xx", "4xx", "5xx"].map(counter);
        let duration = metrics::histogram!("http_request_duration_seconds", "application" => application, "operation" => operation);
        Self { duration, statuses }
    }
}
