//! Where a project adds its own checks and headers to the pipeline (reference/framework.md §1.1.4). The composition root
//! registers them; each list runs in the order of registration.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::header::HeaderMap;
use futures_util::future::LocalBoxFuture;
use time::OffsetDateTime;

use super::context::RequestContext;
use crate::error::{ErrorObject, Outcome};
use crate::input::breaches::BreachedPasswords;
use crate::language::Language;
use crate::route::RouteDef;

/// Looks at the raw request before it is routed (`ValidateHttpRequestPlugin`). The first refusal ends the walk.
pub trait RequestValidator: Send + Sync {
    /// Refuses the request, or lets it pass.
    ///
    /// # Errors
    /// What the client reads.
    fn validate(&self, request: &RequestHead) -> Outcome<()>;
}

/// A request whose route is known and whose body was read; nobody has looked at its credentials yet.
pub struct ReceivedRequest<'a> {
    /// Where it goes.
    pub route: &'static RouteDef,
    /// The attributes of its body as JSON text; another format's body as it came.
    pub attributes: &'a [u8],
    /// Where it comes from, as far as guesses are counted.
    pub source: String,
    /// The language that its answer is read in.
    pub language: Language,
    /// When it came.
    pub now: OffsetDateTime,
}

/// Looks at a request before its caller is judged (`RestRequestValidatorPlugin`). The first refusal ends the walk.
pub trait BodyValidator: Send + Sync {
    /// Refuses the request, or lets it pass.
    ///
    /// # Errors
    /// What the client reads.
    fn validate<'a>(&'a self, arrived: ReceivedRequest<'a>) -> LocalBoxFuture<'a, Outcome<()>>;
}

/// Looks at a request whose caller, body and query are known (`RestUserValidatorPlugin`). All of them run; their errors
/// accumulate.
pub trait UserValidator: Send + Sync {
    /// The errors found; none lets the request pass.
    fn validate<'a>(&'a self, cx: &'a RequestContext) -> LocalBoxFuture<'a, Vec<ErrorObject>>;
}

/// Runs right before the handler (`ControllerBeforeActionPlugin`), to attach what handlers will ask for.
pub trait BeforeAction: Send + Sync {
    /// Prepares the request, or refuses it.
    ///
    /// # Errors
    /// What the client reads.
    fn before<'a>(&'a self, cx: &'a RequestContext) -> LocalBoxFuture<'a, Outcome<()>>;
}

/// Runs right after the handler (`ControllerAfterActionPlugin`), also when it refused.
pub trait AfterAction: Send + Sync {
    /// Looks at the answer and may change its headers.
    fn after(&self, cx: &RequestContext, response: &mut HttpResponse);
}

/// Adds headers to every answer of the application (`FormatResponseHeadersPlugin`).
pub trait ResponseHeaders: Send + Sync {
    /// Adds headers; what stands there already may be replaced.
    fn add(&self, request: &RequestHead, headers: &mut HeaderMap);
}

/// The hooks of one application.
#[derive(Clone, Default)]
pub struct Hooks {
    /// Before routing.
    pub request: Vec<Arc<dyn RequestValidator>>,
    /// Between the body and the caller.
    pub body: Vec<Arc<dyn BodyValidator>>,
    /// After the framework's own checks.
    pub user: Vec<Arc<dyn UserValidator>>,
    /// Before the handler.
    pub before: Vec<Arc<dyn BeforeAction>>,
    /// After the handler.
    pub after: Vec<Arc<dyn AfterAction>>,
    /// The passwords that nobody may choose.
    pub breaches: Option<Arc<dyn BreachedPasswords>>,
    /// On every answer.
    pub headers: Vec<Arc<dyn ResponseHeaders>>,
}
