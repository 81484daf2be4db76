//! One request's way: route, media type, body, ids, identity, guard, handler (contract/authentication.md §1.1).
//!
//! The order decides which error wins. Each stage is one file; a stage returns facts or the error that ends the walk.

mod accept;
mod body;
mod credential;
mod envelope;
mod render;

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::task::Poll;

use actix_web::HttpMessage;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use futures_util::FutureExt;

use crate::codes;
use crate::context::{Inner, RequestContext};
use crate::error::{ApiError, Outcome};
use crate::path::{self, Step};
use crate::query::Query;
use crate::request_id::{self, RequestId};
use crate::route::{RouteDef, Verb, Wire};
use crate::table::Worker;
use crate::telemetry;

pub use render::render;
pub(crate) use render::{oauth_word, security_headers};

pub(crate) async fn serve(worker: Rc<Worker>, request: ServiceRequest) -> Result<ServiceResponse, actix_web::Error> {
    let application = worker.managed.application.clone();
    let request_id = RequestId::from_header(request.headers().get(request_id::HEADER));
    let started = telemetry::start();
    // Kept for the answer to a panic: the request itself may be lost with it.
    let http = request.request().clone();
    let walked = AssertUnwindSafe(walk(&worker, request, &request_id)).catch_unwind().await;
    let (mut response, seen) = match walked {
        Ok(answered) => answered,
        Err(_) => {
            let error = ApiError::internal("a handler panicked");
            (ServiceResponse::new(http.clone(), render(&error, &application.rules, Wire::JsonApi)), Seen::failed(error))
        }
    };
    response.headers_mut().insert(request_id::HEADER, request_id.header());
    security_headers(response.headers_mut());
    telemetry::finish(
        started,
        &request_id,
        http.method().as_str(),
        seen.operation,
        response.status(),
        seen.error.as_ref(),
    );
    Ok(response)
}

/// What the log wants to know about a request.
struct Seen {
    operation: Option<&'static str>,
    error: Option<ApiError>,
}

impl Seen {
    fn failed(error: ApiError) -> Self {
        Self { operation: None, error: Some(error) }
    }
}

async fn walk(worker: &Worker, mut request: ServiceRequest, request_id: &RequestId) -> (ServiceResponse, Seen) {
    let rules = worker.managed.application.rules;
    let Matched { row, route, ids, parents } = match matched(worker, &request) {
        Ok(found) => found,
        Err(error) => return refuse(request, error, &rules, None),
    };
    match admit(worker, &mut request, route, ids, parents, request_id).await {
        Ok(context) => {
            request.extensions_mut().insert(context);
            answer(worker, row, route, request).await
        }
        Err(error) => refuse(request, error, &rules, Some(route)),
    }
}

/// What the path and the method say.
struct Matched {
    row: usize,
    route: &'static RouteDef,
    ids: Vec<String>,
    parents: String,
}

fn matched(worker: &Worker, request: &ServiceRequest) -> Outcome<Matched> {
    let steps = path::steps(request.path()).ok_or(&codes::NOT_FOUND)?;
    let found = worker.managed.table.find(request.method().as_str(), &steps);
    let (row, route) = found.ok_or(&codes::NOT_FOUND)?;
    let parents = parents(&steps);
    let ids = steps.into_iter().map(|step| step.id.map(Cow::into_owned).unwrap_or_default()).collect();
    Ok(Matched { row, route, ids, parents })
}

/// Every stage in front of the handler.
async fn admit(
    worker: &Worker,
    request: &mut ServiceRequest,
    route: &'static RouteDef,
    ids: Vec<String>,
    parents: String,
    request_id: &RequestId,
) -> Outcome<RequestContext> {
    let application = worker.managed.application.clone();
    accept::check(request, route)?;
    let body = match route.request {
        Some(_) => body::read(request, &application.limits).await?,
        None => actix_web::web::Bytes::new(),
    };
    let body = match (route.wire, route.verb) {
        (Wire::JsonApi, Verb::Post | Verb::Patch) => envelope::attributes(&body, route.resource)?,
        _ => body,
    };
    // PATCH and DELETE need every id of the path.
    if matches!(route.verb, Verb::Patch | Verb::Delete) && ids.iter().any(String::is_empty) {
        return Err((&codes::NO_ID).into());
    }
    let identity = credential::judge(request.headers(), route, &application)?;
    let query = Query::parse(request.query_string());
    if route.verb == Verb::List {
        query.page(1, 1)?;
    }
    Ok(RequestContext::new(Inner {
        application,
        route,
        ids,
        parents,
        query,
        identity,
        body,
        request_id: request_id.clone(),
    }))
}

fn parents(steps: &[Step<'_>]) -> String {
    let above = steps.split_last().map_or(&[][..], |(_, above)| above);
    let mut text = String::new();
    for step in above {
        text.push('/');
        text.push_str(step.kind);
        text.push('/');
        text.push_str(step.id.as_deref().unwrap_or_default());
    }
    text
}

async fn answer(
    worker: &Worker,
    row: usize,
    route: &'static RouteDef,
    request: ServiceRequest,
) -> (ServiceResponse, Seen) {
    let application = &worker.managed.application;
    let http = request.request().clone();
    let mut call = std::pin::pin!(worker.call(row, request));
    // What answers at once needs no timer.
    let called = match futures_util::poll!(call.as_mut()) {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => tokio::time::timeout(application.limits.request_time, call).await,
    };
    let error = match called {
        Ok(Ok(response)) => match response.response().error() {
            None => {
                return (response, Seen { operation: Some(route.operation_id), error: None });
            }
            Some(error) => copy(error),
        },
        Ok(Err(error)) => copy(&error),
        Err(_) => ApiError::from(&codes::TOO_SLOW).because("the handler took longer than server.request_time"),
    };
    let response = render(&error, &application.rules, route.wire);
    (ServiceResponse::new(http, response), Seen { operation: Some(route.operation_id), error: Some(error) })
}

/// actix keeps the error inside the response it made from it; what is rendered is our own.
fn copy(error: &actix_web::Error) -> ApiError {
    error.as_error::<ApiError>().map_or_else(|| ApiError::internal(error), ApiError::clone)
}

fn refuse(
    request: ServiceRequest,
    error: ApiError,
    rules: &crate::profile::Rules,
    route: Option<&'static RouteDef>,
) -> (ServiceResponse, Seen) {
    let response = render(&error, rules, route.map_or(Wire::JsonApi, |route| route.wire));
    let seen = Seen { operation: route.map(|route| route.operation_id), error: Some(error) };
    (request.into_response(response), seen)
}
