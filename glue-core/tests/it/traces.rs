//! One span per request, a child of the caller's (W3C Trace Context). Needs the feature `opentelemetry`.

use std::sync::LazyLock;

use glue_core::settings::{LogSettings, TraceSettings};
use glue_core::telemetry::{self, traces};
use opentelemetry::Value;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::layer::SubscriberExt;

use crate::fixture::app;

/// What this process has sent; a subscriber is for all threads.
static SENT: LazyLock<InMemorySpanExporter> = LazyLock::new(|| {
    let sent = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(sent.clone()).build();
    let subscriber = tracing_subscriber::registry().with(traces::sent_to(provider));
    tracing::subscriber::set_global_default(subscriber).expect("nobody else installs one");
    sent
});

fn attribute(span: &SpanData, key: &str) -> Option<Value> {
    span.attributes.iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.clone())
}

/// The span of a request with a name and a parent of its own.
async fn span(request_id: &'static str, traceparent: &str, path: &str) -> SpanData {
    let sent = &*SENT;
    let app = app().await;
    app.anonymous().header("x-request-id", request_id).header("traceparent", traceparent).get(path).await;
    let spans = sent.get_finished_spans().expect("the exporter is in memory");
    let named = |span: &SpanData| attribute(span, "request_id") == Some(Value::String(request_id.into()));
    spans.into_iter().find(named).expect("a span for the request")
}

#[actix_web::test]
async fn a_request_is_a_span_below_the_callers() {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let span = span("traced-1", parent, "/things").await;
    assert_eq!(span.name, "get-collection-of-things-v2");
    assert_eq!(span.span_kind, SpanKind::Server);
    assert_eq!(span.span_context.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(span.parent_span_id.to_string(), "00f067aa0ba902b7");
    assert_eq!(attribute(&span, "http.response.status_code"), Some(Value::I64(200)));
    assert_eq!(attribute(&span, "http.request.method"), Some(Value::String("GET".into())));
}

#[actix_web::test]
async fn a_parent_that_is_none_begins_a_trace() {
    let span = span("traced-2", "00-zzz", "/nothing").await;
    assert_eq!(span.name, "unknown route");
    assert_eq!(span.parent_span_id.to_string(), "0000000000000000");
    assert_eq!(span.status, Status::Unset);
}

#[test]
fn a_collector_that_is_no_address_is_refused_at_the_start() {
    let traces = TraceSettings { endpoint: "not an address".into() };
    let refused = telemetry::install("storefront", &LogSettings::default(), &traces).expect_err("no address");
    assert!(refused.to_string().contains("traces.endpoint"), "{refused}");
}
