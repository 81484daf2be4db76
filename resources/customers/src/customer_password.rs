//! `PATCH /customer-password/{customerReference}`: customers change their own passwords (reference/authentication.md §1.9).

use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};

use crate::accounts::{Account, Accounts, By, NewPassword};
use crate::credentials::{CredentialErrors, SharedCredentials};
use crate::generated::customer_password::api::CustomerPasswordApi;
use crate::generated::customer_password::attributes::{CustomerPasswordId, UpdateCustomerPassword};
use crate::generated::customer_password::errors;
use crate::generated::customer_password::routes::Update;
use crate::passwords;

/// The behaviour of `customer-password`.
#[derive(Debug)]
pub enum CustomerPasswords {}

impl CustomerPasswordApi for CustomerPasswords {
    async fn update(cx: &Authed<Update>, id: CustomerPasswordId, input: UpdateCustomerPassword) -> Outcome<()> {
        let account = Accounts::new(cx.db().clone()).by_reference(&cx.user().natural).await?;
        let account = account.ok_or(&errors::NOT_FOUND)?;
        if id.as_str() != account.reference {
            return Err((&errors::FOREIGN).into());
        }
        if input.new_password != input.confirm_password {
            return Err((&errors::UNEQUAL).into());
        }
        let changed = changed(cx, &account, input.password, input.new_password).await;
        let (event, customer) =
            (if changed.is_ok() { "password_changed" } else { "password_not_changed" }, &account.reference);
        tracing::info!(target: "audit", event, %customer, request_id = %cx.request_id());
        changed
    }
}

async fn changed(cx: &RequestContext, account: &Account, current: String, new: String) -> Outcome<()> {
    let credentials = cx.service::<SharedCredentials>()?;
    let compared = credentials.compare(cx, &account.email, current).await.map_err(|error| ERRORS.of(error))?;
    if passwords::breaks_policy(cx, &new) {
        return Err((&errors::SEQUENCE).into());
    }
    let hash = credentials.hash(new).await.map_err(|error| ERRORS.of(error))?;
    let new = NewPassword { hash, by: By::Password { hash: compared.hash } };
    let was_first = passwords::set(cx, account.id, new, Some(compared.sessions)).await?;
    if was_first { Ok(()) } else { Err((&errors::WRONG_PASSWORD).into()) }
}

const ERRORS: CredentialErrors = CredentialErrors {
    wrong: &errors::WRONG_PASSWORD,
    blocked: &errors::BLOCKED,
    busy: &errors::BUSY,
    failed: &errors::FAILED,
};
