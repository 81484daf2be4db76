//! Serves one request: the stages, the handler, and what every answer carries.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::task::Poll;

use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderMap, ORIGIN};
use actix_web::{HttpMessage, HttpResponse};
use futures_util::FutureExt;

use super::admission::{Admission, Admitted};
use super::exchange::{Exchange, Reader, wire_of};
use super::render::render;
use super::routing::Caller;
use super::worker::Worker;
use super::{accept, body, lifetimes, preflight, routing};
use crate::error::{ApiError, codes};
use crate::profile::Languages;
use crate::request::{Application, RequestContext};
use crate::request_id::{self, RequestId};
use crate::route::RoutingTable;
use crate::telemetry::traces::RequestSpan;
use crate::telemetry::{self, RequestOutcome};

pub(crate) async fn serve(
    worker: Rc<Worker>,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, actix_web::Error> {
    let application = &worker.application;
    let request_id = RequestId::from_header(request.headers().get(request_id::HEADER));
    let started = telemetry::start();
    // Kept for the answer to a panic: the request itself may be lost with it.
    let http = request.request().clone();
    let unread = request.take_payload();
    let mut exchange = Exchange::new(&request, application, unread);
    let span = RequestSpan::of(http.head(), &request_id);
    let done = AssertUnwindSafe(span.around(run(&mut exchange, &worker, request, &request_id))).catch_unwind().await;
    let mut response = match done {
        Ok(response) => response,
        Err(_) => {
            let error = ApiError::internal("a handler panicked");
            let response = ServiceResponse::new(http.clone(), render(&error, application.rules(), exchange.reader));
            exchange.error = Some(error);
            response
        }
    };
    if let Some((_, route)) = exchange.route {
        let status = response.status();
        lifetimes::add(route, http.headers(), status, response.headers_mut());
    }
    add_headers(application, http.head(), exchange.reader, &request_id, response.headers_mut());
    preflight::close_pages(http.head(), &worker.table, application, response.headers_mut());
    for hook in &application.hooks.headers {
        hook.add(http.head(), response.headers_mut());
    }
    let status = response.status();
    let outcome = RequestOutcome {
        operation: exchange.route.map(|(_, route)| route.operation_id),
        error: exchange.error.as_ref(),
    };
    span.finish(outcome.operation, status);
    worker.meters.record(exchange.route.map(|(row, _)| row), status.as_u16(), started.elapsed());
    telemetry::finish(started, &request_id, http.method().as_str(), &outcome, status);
    Ok(body::held(response, exchange.unread))
}

/// The answer to a request that no stage looks at.
pub(crate) fn refuse(
    request: &ServiceRequest,
    table: &RoutingTable,
    application: &Application,
    error: &ApiError,
) -> HttpResponse {
    let started = telemetry::start();
    let request_id = RequestId::from_header(request.headers().get(request_id::HEADER));
    let reader = Reader::of(request, application);
    let mut response = render(error, application.rules(), reader);
    add_headers(application, request.head(), reader, &request_id, response.headers_mut());
    preflight::close_pages(request.head(), table, application, response.headers_mut());
    let outcome = RequestOutcome { operation: None, error: Some(error) };
    telemetry::finish(started, &request_id, request.method().as_str(), &outcome, response.status());
    response
}

/// Whether the body of a request will be read, as far as its head says: `Expect: 100-continue` asks for that.
pub(crate) fn reads_body(table: &RoutingTable, application: &Application, request: &RequestHead) -> bool {
    let declared = body::declared(&request.headers);
    let wire = wire_of(request, application.rules().conventions);
    let matched = routing::matched(table, application, request, wire, Caller::Perhaps);
    let known = matched.is_ok_and(|matched| matched.route.request.is_some());
    let spoken = accept::check(&request.headers, application.rules(), wire).is_ok();
    let plain = accept::check_coding(&request.headers).is_ok();
    known && spoken && plain && declared.is_none_or(|bytes| bytes <= application.limits.body_bytes)
}

/// The headers that say which request this answers, and in which language.
fn add_headers(
    application: &Application,
    request: &RequestHead,
    reader: Reader,
    request_id: &RequestId,
    headers: &mut HeaderMap,
) {
    headers.insert(request_id::HEADER, request_id.header());
    if application.rules().languages == Languages::Announced {
        headers.insert(CONTENT_LANGUAGE, application.environment.shop.header(reader.locale));
    }
    application.http.decorate(request.headers.get(ORIGIN), headers);
}

/// The stages in front of the handler, then the handler.
async fn run(
    exchange: &mut Exchange,
    worker: &Worker,
    request: ServiceRequest,
    request_id: &RequestId,
) -> ServiceResponse {
    let admission = Admission { application: &worker.application, table: &worker.table, request: &request, request_id };
    let admitted = admission.run(exchange).await;
    match admitted {
        Ok(Admitted::Handler(row, context)) => answer(exchange, worker, row, context, request).await,
        Ok(Admitted::Answer(response)) => request.into_response(response),
        Err(error) => {
            let error = match exchange.route {
                Some((_, route)) => route.tells(error),
                None => error,
            };
            let response = render(&error, worker.application.rules(), exchange.reader);
            exchange.error = Some(error);
            request.into_response(response)
        }
    }
}

async fn answer(
    exchange: &mut Exchange,
    worker: &Worker,
    row: usize,
    context: RequestContext,
    request: ServiceRequest,
) -> ServiceResponse {
    let application = &worker.application;
    let http = request.request().clone();
    request.extensions_mut().insert(context.clone());
    let mut call = std::pin::pin!(worker.call(row, request));
    // What answers at once needs no timer.
    let called = match futures_util::poll!(call.as_mut()) {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => tokio::time::timeout(application.limits.request_time, call).await,
    };
    let error = match called {
        Ok(Ok(response)) => match response.response().error().map(copy) {
            None => return after(application, &context, response),
            Some(error) => error,
        },
        Ok(Err(error)) => copy(&error),
        Err(_) => ApiError::from(&codes::TOO_SLOW).caused_by("the handler took longer than server.request_seconds"),
    };
    let error = context.route().tells(error);
    let response = ServiceResponse::new(http, render(&error, application.rules(), exchange.reader));
    exchange.error = Some(error);
    after(application, &context, response)
}

fn after(application: &Application, context: &RequestContext, mut response: ServiceResponse) -> ServiceResponse {
    for hook in &application.hooks.after {
        hook.after(context, response.response_mut());
    }
    response
}

/// actix keeps the error inside the response it made from it; what is rendered is our own.
fn copy(error: &actix_web::Error) -> ApiError {
    error.as_error::<ApiError>().map_or_else(|| ApiError::internal(error), ApiError::clone)
}
