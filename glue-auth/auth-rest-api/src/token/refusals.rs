//! What `/token` says when it says no: one set of rows per profile.

use glue_core::error::{ApiError, ErrorRow};
use glue_core::profile::Profile;
use oauth::GrantError;

use crate::generated::token::errors;
use crate::refusals::blocked;

/// The rows of one profile.
#[derive(Clone, Copy)]
pub(super) struct Refusals {
    pub(super) no_grant: &'static ErrorRow,
    pub(super) unknown_grant: &'static ErrorRow,
    pub(super) malformed: &'static ErrorRow,
    dead_refresh: &'static ErrorRow,
    pub(super) client: &'static ErrorRow,
}

impl Refusals {
    pub(super) fn of(profile: Profile) -> Self {
        match profile {
            // RFC 6749 §5.2.
            Profile::Documented => Self {
                no_grant: &errors::INVALID_REQUEST,
                unknown_grant: &errors::UNSUPPORTED_GRANT,
                malformed: &errors::INVALID_REQUEST,
                dead_refresh: &errors::INVALID_REFRESH,
                client: &errors::INVALID_CLIENT,
            },
            // contract/authentication.md §1.5.
            Profile::Spryker => Self {
                no_grant: &errors::INVALID_GRANT,
                unknown_grant: &errors::INVALID_GRANT,
                malformed: &errors::INVALID_REQUEST,
                dead_refresh: &errors::INVALID_REFRESH_COMPAT,
                client: &errors::INVALID_CLIENT_COMPAT,
            },
        }
    }

    pub(super) fn refused(self, error: GrantError) -> ApiError {
        let row = match &error {
            GrantError::InvalidCredentials => &errors::INVALID_CREDENTIALS,
            GrantError::InvalidClient => self.client,
            GrantError::DeadRefreshToken(_) => self.dead_refresh,
            GrantError::InvalidScope => &errors::INVALID_SCOPE,
            GrantError::UnauthorizedClient => &errors::UNAUTHORIZED_CLIENT,
            GrantError::DeadCode(_) | GrantError::WrongVerifier => &errors::INVALID_CODE,
            GrantError::Blocked { seconds } => return blocked(&errors::BLOCKED, *seconds).because(error),
            GrantError::Busy | GrantError::Unavailable(_) => &errors::UNAVAILABLE,
            GrantError::Defect(_) => return ApiError::internal(error),
        };
        ApiError::from(row).because(error)
    }
}
