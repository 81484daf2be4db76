//! `PATCH /customer-restore-password/{id}` (reference/resources.md §1.5): the key says whose password it is.

use glue_core::clock::stored;
use glue_core::error::Outcome;
use glue_core::request::{Anyone, RequestContext};
use time::Duration;

use crate::accounts::{Accounts, By, NewPassword};
use crate::credentials::{Attempt, CredentialErrors, SharedCredentials};
use crate::generated::customer_restore_password::api::CustomerRestorePasswordApi;
use crate::generated::customer_restore_password::attributes::{
    CustomerRestorePasswordId, UpdateCustomerRestorePassword,
};
use crate::generated::customer_restore_password::errors;
use crate::generated::customer_restore_password::routes::Update;
use crate::passwords;

/// The behaviour of `customer-restore-password`.
#[derive(Debug)]
pub enum RestoredPasswords {}

impl CustomerRestorePasswordApi for RestoredPasswords {
    async fn update(
        cx: &Anyone<Update>,
        _: CustomerRestorePasswordId,
        input: UpdateCustomerRestorePassword,
    ) -> Outcome<()> {
        if input.password != input.confirm_password {
            return Err((&errors::UNEQUAL).into());
        }
        restored(cx, &input.restore_password_key, input.password).await
    }
}

/// How long a key for a new password is worth something.
const KEY_LIFE: Duration = Duration::hours(2);

async fn restored(cx: &RequestContext, key: &str, new: String) -> Outcome<()> {
    let refused = |error| ERRORS.of(error);
    let (credentials, accounts) = (cx.service::<SharedCredentials>()?, Accounts::new(cx.db().clone()));
    credentials.admits(cx, Attempt::Restore).await.map_err(refused)?;
    let key = credentials.key_hash(key);
    let found = accounts.by_restore_key(key.clone()).await?.filter(|(account, _)| account.is_active());
    let Some((account, since)) = found else {
        credentials.count(cx, Attempt::Restore).await.map_err(refused)?;
        return Err((&errors::BAD_KEY).into());
    };
    if since.is_none_or(|since| since + KEY_LIFE <= stored(cx.now())) {
        return Err((&errors::FAILED).into());
    }
    if passwords::breaks_policy(cx, &new) {
        return Err((&errors::SEQUENCE).into());
    }
    let hash = credentials.hash(new).await.map_err(refused)?;
    let sessions = credentials.sessions(cx, &account.email).await.map_err(refused)?;
    if !passwords::set(cx, account.id, NewPassword { hash, by: By::Key { hash: key } }, sessions).await? {
        return Err((&errors::BAD_KEY).into());
    }
    tracing::info!(target: "audit", event = "password_reset", customer = %account.reference, request_id = %cx.request_id());
    Ok(())
}

const ERRORS: CredentialErrors = CredentialErrors {
    wrong: &errors::BAD_KEY,
    blocked: &errors::BLOCKED,
    busy: &errors::BUSY,
    failed: &errors::FAILED,
};
