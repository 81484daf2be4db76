//! Who is calling: the one question, to the one authenticator.

use std::future::ready;
use std::pin::Pin;

use time::OffsetDateTime;

use crate::error::{ErrorRow, codes};
use crate::identity::Identity;

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

    /// Judges an API key (reference/authentication.md §1.10). An application without keys knows none.
    ///
    /// # Errors
    /// As [`authenticate`](Self::authenticate).
    fn api_key<'a>(&'a self, _key: &'a str, _now: OffsetDateTime) -> AuthenticationFuture<'a> {
        Box::pin(ready(Err(Rejection::Invalid("this application has no API keys"))))
    }
}

/// A credential that is being judged.
pub type AuthenticationFuture<'a> = Pin<Box<dyn Future<Output = Result<Identity, Rejection>> + 'a>>;

/// Whether agents act in an application, for themselves or through a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agents {
    /// They do: a token in `X-Agent-Authorization` is judged with every request.
    Accepted,
    /// There are none; nobody looks at that header.
    Unknown,
}

impl Agents {
    /// What every request may be refused with because of them.
    pub fn refusals(self) -> impl Iterator<Item = &'static ErrorRow> {
        (self == Self::Accepted).then_some(&codes::INVALID_AGENT_TOKEN).into_iter()
    }
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
