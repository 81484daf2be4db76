//! Where a project adds its own checks and headers to the pipeline (contract/framework.md §1.1.4). The composition root
//! registers them; each list runs in the order of registration.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::header::HeaderMap;
use futures_util::future::LocalBoxFuture;

use crate::breaches::BreachedPasswords;
use crate::context::RequestContext;
use crate::error::{ErrorObject, Outcome};

/// Looks at the raw request before it is routed (`ValidateHttpRequestPlugin`). The first refusal ends the walk.
pub trait RequestValidator: Send + Sync {
    /// Refuses the request, or lets it pass.
    ///
    /// # Errors
    /// What the client reads.
    fn validate(&self, request: &RequestHead) -> Outcome<()>;
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
