//! Who is calling: the one question to the one authenticator, and its answer as a type.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::context::RequestContext;
use crate::error::{ApiError, codes};
use crate::identity::{Identity, Owner, OwnerKind};
use crate::route::{AgentRoute, OpenRoute, ProtectedRoute};

/// The context of a protected verb: there is always a caller.
///
/// There is no other way to get an identity, and no way to get this one without passing the guard. A public verb's
/// handler cannot take it:
///
/// ```compile_fail
/// use glue_core::request::Authed;
/// use glue_core::route::{OpenRoute, Route};
///
/// enum Read {}
/// impl Route for Read {}
/// impl OpenRoute for Read {}
///
/// async fn read(_: Authed<Read>) -> &'static str { "" }
/// let _ = actix_web::web::to(read);
/// ```
///
/// A protected one's can:
///
/// ```
/// use glue_core::request::Authed;
/// use glue_core::route::{ProtectedRoute, Route};
///
/// enum Read {}
/// impl Route for Read {}
/// impl ProtectedRoute for Read {}
///
/// async fn read(_: Authed<Read>) -> &'static str { "" }
/// let _ = actix_web::web::to(read);
/// ```
pub struct Authed<R> {
    context: RequestContext,
    identity: Identity,
    route: PhantomData<R>,
}

/// The context of a public or optional verb: there may be a caller. A protected verb's handler cannot take it:
///
/// ```compile_fail
/// use glue_core::request::Anyone;
/// use glue_core::route::{ProtectedRoute, Route};
///
/// enum Read {}
/// impl Route for Read {}
/// impl ProtectedRoute for Read {}
///
/// async fn read(_: Anyone<Read>) -> &'static str { "" }
/// let _ = actix_web::web::to(read);
/// ```
pub struct Anyone<R> {
    context: RequestContext,
    route: PhantomData<R>,
}

impl<R> Authed<R> {
    /// Who made the request.
    #[must_use]
    pub fn user(&self) -> &Identity {
        &self.identity
    }

    /// Whose rows this request may reach, where they belong to callers of this kind.
    #[must_use]
    pub fn owner<K: OwnerKind>(&self) -> Owner<K> {
        Owner::of(Some(&self.identity))
    }
}

impl<R> Anyone<R> {
    /// Who made the request, when a valid token came with it.
    #[must_use]
    pub fn user(&self) -> Option<&Identity> {
        self.context.identity()
    }

    /// Whose rows this request may reach, where they belong to callers of this kind: nobody's without a token.
    #[must_use]
    pub fn owner<K: OwnerKind>(&self) -> Owner<K> {
        Owner::of(self.user())
    }
}

impl<R> Deref for Authed<R> {
    type Target = RequestContext;

    fn deref(&self) -> &RequestContext {
        &self.context
    }
}

impl<R> Deref for Anyone<R> {
    type Target = RequestContext;

    fn deref(&self) -> &RequestContext {
        &self.context
    }
}

impl<R: ProtectedRoute> FromRequest for Authed<R> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(RequestContext::of(request).and_then(|context| {
            // The guard refused the request long before this when it carried no identity.
            let identity = context.identity().cloned().ok_or_else(|| ApiError::from(context.rules().missing_token))?;
            Ok(Self { context, identity, route: PhantomData })
        }))
    }
}

impl<R: OpenRoute> FromRequest for Anyone<R> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(RequestContext::of(request).map(|context| Self { context, route: PhantomData }))
    }
}

/// The context of a verb of agents: there is always one. They act for themselves, or through the caller.
pub struct ByAgent<R> {
    context: RequestContext,
    agent: Identity,
    route: PhantomData<R>,
}

impl<R> ByAgent<R> {
    /// The agent.
    #[must_use]
    pub fn agent(&self) -> &Identity {
        &self.agent
    }

    /// Whose rows this request may reach, where they belong to callers of this kind: those of whom the agent acts through.
    #[must_use]
    pub fn owner<K: OwnerKind>(&self) -> Owner<K> {
        Owner::of(self.context.identity())
    }
}

impl<R> Deref for ByAgent<R> {
    type Target = RequestContext;

    fn deref(&self) -> &RequestContext {
        &self.context
    }
}

impl<R: AgentRoute> FromRequest for ByAgent<R> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(RequestContext::of(request).and_then(|context| {
            // The guard refused the request long before this when no agent sent it.
            let agent = context.agent().cloned().ok_or_else(|| ApiError::from(&codes::NO_AGENT))?;
            Ok(Self { context, agent, route: PhantomData })
        }))
    }
}
