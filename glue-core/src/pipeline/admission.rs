//! The stages in front of the handler, in the order in which the contract lets errors win (reference/framework.md §1).

use std::any::Any;
use std::cell::RefCell;

use actix_web::HttpResponse;
use actix_web::dev::{RequestHead, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;

use super::credential::{SentCredentials, Token};
use super::exchange::{Exchange, Reader};
use super::routing::Matched;
use super::{accept, body, credential, envelope, origin, preflight, routing};
use crate::error::{ApiError, ErrorObject, Outcome, codes};
use crate::input::Violations;
use crate::input::query::Query;
use crate::profile::{MarketParameters, Order, ReadOnlyChange};
use crate::request::hooks::ReceivedRequest;
use crate::request::shop::Market;
use crate::request::{Application, Preconditions, RequestContext, RequestParts};
use crate::request_id::RequestId;
use crate::route::{EntityTags, Protection, RouteDef, RoutingTable, Verb, Wire};

/// Where the stages lead.
pub(super) enum Admitted {
    /// To the handler of a row.
    Handler(usize, RequestContext),
    /// To an answer without a handler.
    Answer(HttpResponse),
}

/// One request in front of the handlers.
#[derive(Clone, Copy)]
pub(super) struct Admission<'a> {
    pub(super) application: &'a Application,
    pub(super) table: &'a RoutingTable,
    pub(super) request: &'a ServiceRequest,
    pub(super) request_id: &'a RequestId,
}

impl Admission<'_> {
    /// Every stage, in order.
    pub(super) async fn run(self, exchange: &mut Exchange) -> Outcome<Admitted> {
        let (application, head, wire) = (self.application, self.head(), exchange.reader.wire);
        self.request_validators()?;
        preflight::complete(head, application)?;
        let query = self.query()?;
        preflight::check(head, self.table, application, wire)?;
        accept::check(self.headers(), application.rules(), wire)?;
        let token = self.early_token(&query, wire)?;
        let store = application.environment.shop.choose(&query, self.headers())?;
        if let Some(answer) = self.answer_without_resource(wire)? {
            return Ok(Admitted::Answer(answer));
        }
        let Matched { row, route, ids, parents } =
            routing::matched(self.table, application, head, wire, token.caller())?;
        exchange.routed(row, route);
        query.filters()?;
        let token = token.admitted(route, self.credentials(&query), application).await?;
        accept::check_content(self.headers(), route, application.rules())?;
        let body = self.body(route, exchange).await?;
        let body = self.attributes(route, body)?;
        ids_are_there(route, &ids)?;
        self.body_validators(route, &body, exchange.reader).await?;
        let agent = credential::agent(self.headers(), application)?;
        let identity = token.identity(route, self.credentials(&query), application).await?;
        let input = RefCell::new(self.input(route, &body)?);
        let market = self.market(route, store, exchange.reader, &query)?;
        let preconditions = self.preconditions(route)?;
        let context = RequestContext::new(RequestParts {
            environment: application.environment.clone(),
            factor_code: self.on_writes(route, || credential::factor_code(self.headers())).flatten(),
            source: self.on_writes(route, || self.source()).unwrap_or_default(),
            guest: route.guest.then(|| credential::guest(self.headers())).flatten(),
            client: credential::client_credentials(self.headers(), route, application),
            cross_site: self.is_cross_site(route),
            reads: matches!(*self.request.method(), Method::GET | Method::HEAD),
            request_id: self.request_id.clone(),
            attached: RefCell::default(),
            route,
            ids,
            parents,
            query,
            identity,
            agent,
            body,
            input,
            preconditions,
            market,
        });
        self.user_validators(&context).await?;
        self.before_actions(&context).await?;
        Ok(Admitted::Handler(row, context))
    }

    fn head(&self) -> &RequestHead {
        self.request.head()
    }

    fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    fn source(&self) -> String {
        self.application.http.proxies.source(self.head())
    }

    fn credentials<'q>(&'q self, query: &'q Query) -> SentCredentials<'q> {
        SentCredentials { headers: self.headers(), query, id: self.request_id }
    }

    /// What a read does not need: it asks for no code, and nobody counts it.
    fn on_writes<T>(&self, route: &RouteDef, value: impl FnOnce() -> T) -> Option<T> {
        match route.verb {
            Verb::List | Verb::Get => None,
            Verb::Post | Verb::Patch | Verb::Delete => Some(value()),
        }
    }

    fn request_validators(&self) -> Outcome<()> {
        self.application.hooks.request.iter().try_for_each(|hook| hook.validate(self.head()))
    }

    /// The query, whose window has to be one (§1.1.5).
    fn query(&self) -> Outcome<Query> {
        let query = Query::parse(self.request.query_string());
        query.page(1, 1, self.application.rules().pages)?;
        Ok(query)
    }

    /// The token, where it is judged before the route; filters come before it there (reference/backend.md §1.1).
    fn early_token(&self, query: &Query, wire: Wire) -> Outcome<Token> {
        if self.application.rules().order == Order::TokenFirst {
            query.filters()?;
        }
        Token::early(self.headers(), wire, self.application)
    }

    /// `OPTIONS`, and the methods that no resource has.
    fn answer_without_resource(&self, wire: Wire) -> Outcome<Option<HttpResponse>> {
        match *self.request.method() {
            Method::OPTIONS => preflight::answer(self.head(), self.table, self.application, wire).map(Some),
            // The contract answers 404 to every method but these two, which it leaves to the server (§7.5).
            Method::TRACE | Method::CONNECT => Err(preflight::refuse_method(self.head(), self.table, self.application)),
            _ => Ok(None),
        }
    }

    /// The body of a verb that takes one.
    async fn body(&self, route: &RouteDef, exchange: &mut Exchange) -> Outcome<Bytes> {
        if route.request.is_none() {
            return Ok(Bytes::new());
        }
        accept::check_coding(self.headers())?;
        body::read(&mut exchange.unread, self.headers(), &self.application.limits).await
    }

    /// What stands in the body's envelope; a form as it came.
    fn attributes(&self, route: &RouteDef, body: Bytes) -> Outcome<Bytes> {
        match (route.wire, route.verb) {
            _ if route.request.is_none() => Ok(body),
            (Wire::JsonApi, Verb::Post | Verb::Patch) => {
                envelope::attributes(&body, route.resource, self.application.rules().data_type)
            }
            (Wire::Json(_), Verb::Post | Verb::Patch) => envelope::plain(body, self.headers()),
            _ => Ok(body),
        }
    }

    async fn body_validators(&self, route: &'static RouteDef, body: &Bytes, reader: Reader) -> Outcome<()> {
        for hook in &self.application.hooks.body {
            let received = ReceivedRequest {
                route,
                attributes: body,
                source: self.source(),
                language: self.application.environment.shop.language(reader.locale),
                now: self.application.environment.clock.now(),
            };
            hook.validate(received).await?;
        }
        Ok(())
    }

    /// The body as the row's typed input; every violation at once.
    fn input(&self, route: &RouteDef, body: &Bytes) -> Outcome<Option<Box<dyn Any>>> {
        let Some(input) = route.input else { return Ok(None) };
        let text = std::str::from_utf8(body).map_err(|_| &codes::INVALID_BODY)?;
        let refuses = self.application.rules().read_only_change == ReadOnlyChange::Refused;
        let today = self.application.environment.clock.now().date();
        let violations = Violations::knowing(self.application.hooks.breaches.clone()).on(today);
        let violations = violations.sent_to(route.application).refusing_read_only(refuses);
        (input.read)(text, violations).map(Some)
    }

    fn market(&self, route: &RouteDef, store: usize, reader: Reader, query: &Query) -> Outcome<Market> {
        let of = self.application.environment.shop.known.get(store).ok_or(&codes::STORE_NOT_FOUND)?;
        let read = Market::read(store, reader.locale.locale, of, query);
        match (self.application.rules().market, route.wire) {
            (MarketParameters::Judged, Wire::JsonApi | Wire::Json(_)) => read,
            (MarketParameters::Judged, Wire::Form | Wire::Page) | (MarketParameters::Ignored, _) => {
                Ok(read.unwrap_or_else(|_| Market::of(store, reader.locale.locale, of)))
            }
        }
    }

    fn preconditions(&self, route: &RouteDef) -> Outcome<Preconditions> {
        if route.entity_tags == EntityTags::None {
            return Ok(Preconditions::default());
        }
        let preconditions = Preconditions::read(route.application, self.headers());
        if route.entity_tags == EntityTags::Required && route.verb == Verb::Patch && !preconditions.asks() {
            return Err((&codes::NO_IF_MATCH).into());
        }
        Ok(preconditions)
    }

    /// Whether another site's page sent this to a page.
    fn is_cross_site(&self, route: &RouteDef) -> bool {
        route.wire == Wire::Page && origin::is_cross_site(self.headers(), &self.application.environment.public_url)
    }

    /// Whether an agent calls what is theirs alone, and the project's checks; all of them run (§1.1.4).
    async fn user_validators(&self, context: &RequestContext) -> Outcome<()> {
        let mut errors: Vec<ErrorObject> = Vec::new();
        if context.route().protection == Protection::Agent && context.agent().is_none() {
            errors.push((&codes::NO_AGENT).into());
        }
        for hook in &self.application.hooks.user {
            errors.append(&mut hook.validate(context).await);
        }
        if errors.is_empty() { Ok(()) } else { Err(ApiError::many(errors)) }
    }

    async fn before_actions(&self, context: &RequestContext) -> Outcome<()> {
        for hook in &self.application.hooks.before {
            hook.before(context).await?;
        }
        Ok(())
    }
}

/// PATCH and DELETE need every id of the path.
fn ids_are_there(route: &RouteDef, ids: &[String]) -> Outcome<()> {
    if matches!(route.verb, Verb::Patch | Verb::Delete) && ids.iter().any(String::is_empty) {
        return Err((&codes::NO_ID).into());
    }
    Ok(())
}
