//! What `/token` says when it says no: one set of rows per profile.

use glue_core::error::{ApiError, ErrorRow};
use glue_core::language::Language;
use glue_core::profile::{Dialect, Profile, Rules};
use oauth::GrantError;

use crate::generated::token::errors;

/// The rows of one profile.
#[derive(Clone, Copy)]
pub(super) struct TokenErrors {
    no_grant: &'static ErrorRow,
    unknown_grant: &'static ErrorRow,
    pub(super) malformed: &'static ErrorRow,
    dead_refresh: &'static ErrorRow,
    dead_code: &'static ErrorRow,
    wrong_verifier: &'static ErrorRow,
    pub(super) client: &'static ErrorRow,
}

impl TokenErrors {
    pub(super) fn of(rules: &Rules) -> Self {
        let grant_not_found = Self {
            no_grant: &errors::GRANT_NOT_FOUND,
            unknown_grant: &errors::GRANT_NOT_FOUND,
            ..Self::of_profile(rules.profile)
        };
        match rules.dialect {
            Dialect::Rest => Self::of_profile(rules.profile),
            // reference/authentication.md §1.10.
            Dialect::Decoupled => grant_not_found,
        }
    }

    /// What is answered to a grant that is not served.
    pub(super) fn no_such_grant(self, grant: Option<&str>) -> ApiError {
        let row = if grant.is_some() { self.unknown_grant } else { self.no_grant };
        let named: String = grant.unwrap_or_default().chars().take(64).collect();
        row.filled(&[("grant", &named)]).into()
    }

    fn of_profile(profile: Profile) -> Self {
        match profile {
            // RFC 6749 §5.2.
            Profile::Documented => Self {
                no_grant: &errors::INVALID_REQUEST,
                unknown_grant: &errors::UNSUPPORTED_GRANT,
                malformed: &errors::INVALID_REQUEST,
                dead_refresh: &errors::INVALID_REFRESH,
                dead_code: &errors::INVALID_CODE,
                wrong_verifier: &errors::INVALID_CODE,
                client: &errors::INVALID_CLIENT,
            },
            // reference/authentication.md §1.5.
            Profile::Spryker => Self {
                no_grant: &errors::INVALID_GRANT,
                unknown_grant: &errors::INVALID_GRANT,
                malformed: &errors::INVALID_REQUEST,
                dead_refresh: &errors::INVALID_REFRESH_COMPAT,
                dead_code: &errors::INVALID_REQUEST,
                // §1.10.
                wrong_verifier: &errors::WRONG_VERIFIER_COMPAT,
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
            GrantError::DeadCode(_) => self.dead_code,
            GrantError::WrongVerifier => self.wrong_verifier,
            GrantError::Blocked { seconds } => {
                return ApiError::too_many(&errors::BLOCKED, *seconds, Language::English).caused_by(error);
            }
            GrantError::Busy | GrantError::Unavailable(_) => &errors::UNAVAILABLE,
            GrantError::Unfit(_) | GrantError::Defect(_) => return ApiError::internal(error),
        };
        ApiError::from(row).caused_by(error)
    }
}
