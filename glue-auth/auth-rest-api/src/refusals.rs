//! What the engine's refusals come to at a door that answers all wrong credentials alike.

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use glue_core::error::{ApiError, ErrorKind, ErrorRow, codes};
use glue_core::language::Language;
use oauth::GrantError;

/// The rows of one door.
pub(crate) struct Refusals {
    /// Whatever is wrong with the credentials.
    pub(crate) failed: &'static ErrorRow,
    /// Too many attempts.
    pub(crate) blocked: &'static ErrorRow,
    /// Too many credential checks at once.
    pub(crate) busy: &'static ErrorRow,
}

impl Refusals {
    /// The answer to a refusal. The reason goes to the log.
    pub(crate) fn of(&self, error: GrantError) -> ApiError {
        self.read_in(Language::English, error)
    }

    /// The same for somebody who reads `language`: how long to wait is the one text that the storefront translates.
    pub(crate) fn read_in(&self, language: Language, error: GrantError) -> ApiError {
        match error {
            GrantError::InvalidCredentials
            | GrantError::InvalidClient
            | GrantError::UnauthorizedClient
            | GrantError::DeadRefreshToken(_)
            | GrantError::DeadCode(_)
            | GrantError::WrongVerifier
            | GrantError::InvalidScope => ApiError::from(self.failed).caused_by(error),
            GrantError::Blocked { seconds } => blocked_in(language, self.blocked, seconds).caused_by(error),
            GrantError::Busy => ApiError::from(self.busy).caused_by(error),
            GrantError::Unavailable(_) if self.busy.kind == ErrorKind::Oauth => {
                ApiError::from(self.busy).caused_by(error)
            }
            GrantError::Unavailable(_) => ApiError::unavailable(error),
            GrantError::Unfit(_) | GrantError::Defect(_) => ApiError::internal(error),
        }
    }
}

/// The rows of a door at which nobody is counted.
pub(crate) const UNCOUNTED: &ErrorRow = &codes::UNAVAILABLE;

/// The answer to one attempt too many: how long to wait, in the text where that says it, and as `Retry-After`.
#[must_use]
pub fn blocked(row: &'static ErrorRow, seconds: i64) -> ApiError {
    blocked_in(Language::English, row, seconds)
}

pub(crate) fn blocked_in(language: Language, row: &'static ErrorRow, seconds: i64) -> ApiError {
    let minutes = ((seconds + 59) / 60).to_string();
    let mut error = row.filled(&[("minutes", &minutes)]);
    error.detail = error.text(language).to_owned().into();
    ApiError::from(error).header(RETRY_AFTER, HeaderValue::from(seconds))
}
