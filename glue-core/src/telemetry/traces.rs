//! Traces: one span per request, a child of the caller's when `traceparent` names one (W3C Trace Context), sent by OTLP.

use std::future::Future;

use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Status, TraceContextExt, TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Instrument, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::request_id::RequestId;
use crate::settings::ConfigError;

/// The target of the spans that are sent; nothing else is.
const TARGET: &str = "trace";

pub(crate) fn layer<S>(service: &'static str, endpoint: &str) -> Result<Option<impl Layer<S> + use<S>>, ConfigError>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    if endpoint.is_empty() {
        return Ok(None);
    }
    let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(endpoint);
    let exporter = exporter.build().map_err(|error| ConfigError::bad_value("traces.endpoint", &error.to_string()))?;
    let resource = Resource::builder().with_service_name(service).build();
    Ok(Some(sent_to(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())))
}

/// A layer of a subscriber that hands the spans of requests to a provider of one's own.
pub fn sent_to<S>(provider: SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("glue-core"));
    layer.with_filter(Targets::new().with_target(TARGET, tracing::Level::INFO))
}

/// The span of one request.
pub(crate) struct RequestSpan(Span);

impl RequestSpan {
    pub(crate) fn of(request: &RequestHead, request_id: &RequestId) -> Self {
        let span = tracing::info_span!(
            target: TARGET,
            "request",
            otel.kind = "server",
            http.request.method = request.method.as_str(),
            http.response.status_code = field::Empty,
            request_id = %request_id,
        );
        // A parent can only be given to a span that somebody takes.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(&request.headers)));
        Self(span)
    }

    pub(crate) fn around<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
        work.instrument(self.0.clone())
    }

    pub(crate) fn finish(&self, operation: Option<&'static str>, status: StatusCode) {
        self.0.context().span().update_name(operation.unwrap_or("unknown route"));
        self.0.record("http.response.status_code", i64::from(status.as_u16()));
        if status.is_server_error() {
            self.0.set_status(Status::error(""));
        }
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}
