//! Passwords of customers, kept by the OAuth engine.

use std::future::Future;
use std::pin::Pin;

use auth_rest_api::{SharedEngine, too_many};
use customers::accounts::Account;
use customers::customer_password::{Change, PasswordKeeper};
use customers::generated::customer_password::errors;
use glue_core::context::RequestContext;
use glue_core::error::{ApiError, Outcome};
use glue_core::profile::Profile;
use oauth::GrantError;

/// Compares passwords where logins do, so that the same guesses count.
#[derive(Debug)]
pub(crate) struct EnginePasswords;

impl PasswordKeeper for EnginePasswords {
    fn change<'a>(
        &'a self,
        cx: &'a RequestContext,
        account: &'a Account,
        change: Change,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>> {
        Box::pin(async move {
            let engine = cx.service::<SharedEngine>()?;
            let (current, new) = (change.current.into(), change.new.into());
            let changed = engine.change_password(&account.email, current, new, cx.source(), cx.now()).await;
            let customer = &account.reference;
            let event = if changed.is_ok() { "password_changed" } else { "password_not_changed" };
            tracing::info!(target: "audit", event, %customer, request_id = %cx.request_id());
            let user = changed.map_err(refused)?;
            // A shop leaves sessions as they are (contract/authentication.md §1.9).
            if cx.rules().profile == Profile::Documented {
                engine.end_sessions(&user, cx.now()).await.map_err(refused)?;
            }
            Ok(())
        })
    }
}

fn refused(error: GrantError) -> ApiError {
    match error {
        GrantError::InvalidCredentials => ApiError::from(&errors::WRONG_PASSWORD).because(error),
        GrantError::Blocked { seconds } => too_many(&errors::BLOCKED, seconds).because(error),
        GrantError::Busy => ApiError::from(&errors::BUSY).because(error),
        GrantError::Unavailable(_) => ApiError::unavailable(error),
        GrantError::InvalidClient
        | GrantError::UnauthorizedClient
        | GrantError::DeadCode(_)
        | GrantError::WrongVerifier
        | GrantError::DeadRefreshToken(_)
        | GrantError::InvalidScope
        | GrantError::Unfit(_)
        | GrantError::Defect(_) => ApiError::from(&errors::FAILED).because(error),
    }
}
