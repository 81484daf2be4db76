//! One request's way: route, media type, body, ids, identity, validation, market, entity tag, hooks, handler
//! (contract/authentication.md §1.1, contract/framework.md §1).
//!
//! The order decides which error wins. Each stage is one file; a stage returns facts or the error that ends the walk.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::task::Poll;

use actix_web::dev::{Payload, RequestHead, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderMap, ORIGIN};
use actix_web::{HttpMessage, HttpResponse};
use futures_util::FutureExt;

use super::accept;
use super::body;
use super::credential;
use super::envelope;
use super::origin;
use super::preflight;
use super::render::{Reader, render, wire_of};
use super::routing;
use super::worker::Worker;
use crate::error::{ApiError, Outcome, codes};
use crate::input::Violations;
use crate::input::query::Query;
use crate::profile::{Dialect, Order};
use crate::request::hooks::ReceivedRequest;
use crate::request::shop::Market;
use crate::request::{Application, Preconditions, RequestContext, RequestParts};
use crate::request_id::{self, RequestId};
use crate::route::{EntityTags, RouteDef, RoutingTable, Verb, Wire};
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
    let mut walk = Walk { reader: Reader::of(&request, application), route: None, error: None, unread };
    let span = RequestSpan::of(http.head(), &request_id);
    let walked = AssertUnwindSafe(span.around(walk.run(&worker, request, &request_id))).catch_unwind().await;
    let mut response = match walked {
        Ok(response) => response,
        Err(_) => {
            let error = ApiError::internal("a handler panicked");
            let response =
                ServiceResponse::new(http.clone(), render(&error, &application.environment.rules, walk.reader));
            walk.error = Some(error);
            response
        }
    };
    dress(application, http.head(), walk.reader, &request_id, response.headers_mut());
    preflight::close_pages(http.head(), &worker.table, application, response.headers_mut());
    for hook in &application.hooks.headers {
        hook.add(http.head(), response.headers_mut());
    }
    let status = response.status();
    let seen =
        RequestOutcome { operation: walk.route.map(|(_, route)| route.operation_id), error: walk.error.as_ref() };
    span.finish(seen.operation, status);
    worker.meters.record(walk.route.map(|(row, _)| row), status.as_u16(), started.elapsed());
    telemetry::finish(started, &request_id, http.method().as_str(), &seen, status);
    Ok(body::held(response, walk.unread))
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
    let mut response = render(error, &application.environment.rules, reader);
    dress(application, request.head(), reader, &request_id, response.headers_mut());
    preflight::close_pages(request.head(), table, application, response.headers_mut());
    let seen = RequestOutcome { operation: None, error: Some(error) };
    telemetry::finish(started, &request_id, request.method().as_str(), &seen, response.status());
    response
}

/// Whether the body of a request will be read, as far as its head says: `Expect: 100-continue` asks for that.
pub(crate) fn reads_body(table: &RoutingTable, application: &Application, request: &RequestHead) -> bool {
    let declared = body::declared(&request.headers);
    let wire = wire_of(request, application.environment.rules.dialect);
    let matched = routing::matched(table, application, request, wire, routing::Caller::Perhaps);
    let known = matched.is_ok_and(|matched| matched.route.request.is_some());
    let spoken = accept::check(&request.headers, &application.environment.rules, wire).is_ok();
    let plain = accept::check_coding(&request.headers).is_ok();
    known && spoken && plain && declared.is_none_or(|bytes| bytes <= application.limits.body_bytes)
}

/// The headers that say which request this answers, and in which language.
fn dress(
    application: &Application,
    request: &RequestHead,
    reader: Reader,
    request_id: &RequestId,
    headers: &mut HeaderMap,
) {
    headers.insert(request_id::HEADER, request_id.header());
    if application.environment.rules.dialect == Dialect::Rest {
        headers.insert(CONTENT_LANGUAGE, application.environment.shop.header(reader.language));
    }
    application.http.decorate(request.headers.get(ORIGIN), headers);
}

/// One request on its way, and what the log wants to know about it.
struct Walk {
    reader: Reader,
    route: Option<(usize, &'static RouteDef)>,
    error: Option<ApiError>,
    /// What was not read of the body.
    unread: Payload,
}

/// Where the stages in front of the handler lead.
enum Admitted {
    /// To the handler of a row.
    Handler(usize, RequestContext),
    /// To an answer without a handler.
    Answer(HttpResponse),
}

impl Walk {
    async fn run(&mut self, worker: &Worker, mut request: ServiceRequest, request_id: &RequestId) -> ServiceResponse {
        let application = &worker.application;
        match self.admit(worker, &mut request, request_id).await {
            Ok(Admitted::Handler(row, context)) => self.answer(worker, row, context, request).await,
            Ok(Admitted::Answer(response)) => request.into_response(response),
            Err(error) => {
                let response = render(&error, &application.environment.rules, self.reader);
                self.error = Some(error);
                request.into_response(response)
            }
        }
    }

    /// Every stage in front of the handler, in the order of the contract.
    async fn admit(
        &mut self,
        worker: &Worker,
        request: &mut ServiceRequest,
        request_id: &RequestId,
    ) -> Outcome<Admitted> {
        let (application, table) = (&worker.application, &worker.table);
        let rules = &application.environment.rules;
        for hook in &application.hooks.request {
            hook.validate(request.head())?;
        }
        preflight::complete(request.head(), application)?;
        let query = Query::parse(request.query_string());
        query.page(1, 1, rules.pages)?;
        preflight::check(request.head(), table, application, self.reader.wire)?;
        accept::check(request.headers(), rules, self.reader.wire)?;
        let early = match rules.order {
            Order::TokenFirst => {
                query.filters()?;
                Some(credential::identify(request.headers(), self.reader.wire, application)?)
            }
            Order::RouteFirst => None,
        };
        let store = application.environment.shop.choose(&query, request.headers())?;
        if request.method() == Method::OPTIONS {
            return preflight::answer(request.head(), table, application, self.reader.wire).map(Admitted::Answer);
        }
        if matches!(*request.method(), Method::TRACE | Method::CONNECT) {
            // The contract answers 404 to every method but these two, which it leaves to the server (§7.5).
            return Err(preflight::refuse_method(request.head(), table, application));
        }
        let caller = if let Some(None) = early { routing::Caller::Nobody } else { routing::Caller::Perhaps };
        let routing::Matched { row, route, ids, parents } =
            routing::matched(table, application, request.head(), self.reader.wire, caller)?;
        self.route = Some((row, route));
        self.reader.wire = route.wire;
        query.filters()?;
        let early = match early {
            Some(identity) => {
                let sent = credential::SentCredentials { headers: request.headers(), query: &query, id: request_id };
                Some(credential::admit(identity, route, sent, application).await?)
            }
            None => None,
        };
        accept::check_content(request.headers(), route, rules)?;
        let body = match route.request {
            Some(_) => {
                accept::check_coding(request.headers())?;
                body::read(&mut self.unread, request.headers(), &application.limits).await?
            }
            None => actix_web::web::Bytes::new(),
        };
        let body = match (route.wire, route.verb) {
            (Wire::JsonApi, Verb::Post | Verb::Patch) => envelope::attributes(&body, route.resource, rules.dialect)?,
            (Wire::Json(_), Verb::Post | Verb::Patch) => envelope::plain(body, request.headers())?,
            _ => body,
        };
        // PATCH and DELETE need every id of the path.
        if matches!(route.verb, Verb::Patch | Verb::Delete) && ids.iter().any(String::is_empty) {
            return Err((&codes::NO_ID).into());
        }
        for hook in &application.hooks.body {
            let arrived = ReceivedRequest {
                route,
                attributes: &body,
                source: application.http.proxies.source(request.head()),
                language: if application.environment.shop.speaks(self.reader.language, "de") { "de" } else { "en" },
                now: application.environment.clock.now(),
            };
            hook.validate(arrived).await?;
        }
        let second = credential::second(request.headers(), application)?;
        let identity = match early {
            Some(identity) => identity,
            None => {
                let identity = credential::identify_for(request.headers(), route, application)?;
                let sent = credential::SentCredentials { headers: request.headers(), query: &query, id: request_id };
                credential::admit(identity, route, sent, application).await?
            }
        };
        let input = match route.input {
            Some(input) => {
                let text = std::str::from_utf8(&body).map_err(|_| &codes::INVALID_BODY)?;
                Some((input.read)(text, Violations::knowing(application.hooks.breaches.clone()))?)
            }
            None => None,
        };
        let of = application.environment.shop.known.get(store).ok_or(&codes::STORE_NOT_FOUND)?;
        let market = match (rules.dialect, route.wire) {
            (Dialect::Rest, Wire::JsonApi | Wire::Json(_)) => Market::read(store, self.reader.language.1, of, &query)?,
            // Nobody judges these there (contract/framework.md §10.3, V8).
            (Dialect::Decoupled, _) | (Dialect::Rest, Wire::Form | Wire::Page) => {
                Market::read(store, self.reader.language.1, of, &query)
                    .unwrap_or_else(|_| Market::of(store, self.reader.language.1, of))
            }
        };
        let preconditions = match route.entity_tags {
            EntityTags::None => Preconditions::default(),
            EntityTags::Offered | EntityTags::Required => Preconditions::read(request.headers()),
        };
        if route.entity_tags == EntityTags::Required && route.verb == Verb::Patch && !preconditions.asks() {
            return Err((&codes::NO_IF_MATCH).into());
        }
        let context = RequestContext::new(RequestParts {
            environment: application.environment.clone(),
            // Reads ask for no code.
            factor_code: match route.verb {
                Verb::List | Verb::Get => None,
                Verb::Post | Verb::Patch | Verb::Delete => credential::factor_code(request.headers()),
            },
            route,
            ids,
            parents,
            query,
            identity,
            second,
            body,
            input: RefCell::new(input),
            preconditions,
            source: match route.verb {
                Verb::List | Verb::Get => String::new(),
                Verb::Post | Verb::Patch | Verb::Delete => application.http.proxies.source(request.head()),
            },
            client: credential::client_credentials(request.headers(), route, application),
            cross_site: route.wire == Wire::Page
                && origin::is_cross_site(request.headers(), &application.environment.public_url),
            market,
            reads: matches!(*request.method(), Method::GET | Method::HEAD),
            request_id: request_id.clone(),
            attached: RefCell::default(),
        });
        hooked(application, &context).await?;
        Ok(Admitted::Handler(row, context))
    }

    async fn answer(
        &mut self,
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
        let response = ServiceResponse::new(http, render(&error, &application.environment.rules, self.reader));
        self.error = Some(error);
        after(application, &context, response)
    }
}

/// The project's checks and preparations between the framework's own and the handler.
async fn hooked(application: &Application, context: &RequestContext) -> Outcome<()> {
    let mut errors = Vec::new();
    for hook in &application.hooks.user {
        errors.append(&mut hook.validate(context).await);
    }
    if !errors.is_empty() {
        return Err(ApiError::many(errors));
    }
    for hook in &application.hooks.before {
        hook.before(context).await?;
    }
    Ok(())
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
