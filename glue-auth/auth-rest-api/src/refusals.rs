//! What the engine's refusals come to at an endpoint that answers all wrong credentials alike.

use glue_core::error::{ApiError, ErrorKind, ErrorRow, codes};
use glue_core::language::Language;
use oauth::GrantError;

/// What an endpoint answers to credentials that it does not take.
pub(crate) struct CredentialErrors {
    /// Whatever is wrong with the credentials.
    pub(crate) failed: &'static ErrorRow,
    /// Too many attempts.
    pub(crate) blocked: &'static ErrorRow,
    /// Too many credential checks at once.
    pub(crate) busy: &'static ErrorRow,
}

impl CredentialErrors {
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
            GrantError::Blocked { seconds } => ApiError::too_many(self.blocked, seconds, language).caused_by(error),
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
