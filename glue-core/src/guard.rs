//! Who is calling: the one question to the one authenticator, and its answer as a type.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest};
use time::OffsetDateTime;

use crate::context::RequestContext;
use crate::error::{ApiError, ErrorRow};
use crate::identity::{Identity, Owner, OwnerKind};
use crate::route::{OpenRoute, ProtectedRoute};

/// Turns a bearer credential into an identity. An application has exactly one.
pub trait Authenticator: Send + Sync + 'static {
    /// Judges `token`, the credential without its scheme.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] when it does not identify anybody, [`Rejection::Unavailable`] when it cannot be judged.
    fn authenticate(&self, token: &str, now: OffsetDateTime) -> Result<Identity, Rejection>;

    /// Whether it can judge tokens yet: until then the application is not ready for requests.
    fn is_ready(&self) -> bool {
        true
    }

    /// Judges an API key (contract/authentication.md §1.10). An application without keys knows none.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    fn api_key<'a>(&'a self, _key: &'a str, _now: OffsetDateTime) -> Judging<'a> {
        Box::pin(ready(Err(Rejection::Invalid("this application has no API keys"))))
    }
}

/// A credential that is being judged.
pub type Judging<'a> = Pin<Box<dyn Future<Output = Result<Identity, Rejection>> + 'a>>;

/// A second credential that may come with a request, in a header of its own: who acts through the caller.
pub struct Second {
    /// The header; its value has the form of `Authorization`.
    pub header: HeaderName,
    /// What is answered when it is there and not accepted.
    pub refused: &'static ErrorRow,
    /// Whether an identity may stand there.
    pub accepts: fn(&Identity) -> bool,
}

/// Why a credential was not accepted. The reason is for the log; the client reads the same answer for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// Malformed, expired, forged, meant for another application.
    Invalid(&'static str),
    /// Valid, and about nobody whom this application knows.
    Stranger(&'static str),
    /// Valid, and ended before its time.
    Ended(&'static str),
    /// It cannot be judged now.
    Unavailable(&'static str),
}

/// The context of a protected verb: there is always a caller.
///
/// There is no other way to get an identity, and no way to get this one without passing the guard. A public verb's
/// handler cannot take it:
///
/// ```compile_fail
/// use glue_core::guard::Authed;
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
/// use glue_core::guard::Authed;
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
/// use glue_core::guard::Anyone;
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
