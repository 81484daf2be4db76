//! What operators see: logs, traces, metrics.

use serde::{Deserialize, Serialize};

/// Where operators scrape metrics.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsSettings {
    /// The address to bind; anybody who reaches it may read.
    pub host: String,
    /// The port of `/metrics`; 0 serves none.
    pub port: u16,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: 0 }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// A filter of `tracing-subscriber`, `info` say.
    pub filter: String,
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
}

/// Where traces go (OTLP over HTTP). They need a build with the feature `opentelemetry`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceSettings {
    /// The collector, `http://127.0.0.1:4318/v1/traces` say; empty for no traces.
    pub endpoint: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { filter: "info".into(), format: LogFormat::Text }
    }
}
