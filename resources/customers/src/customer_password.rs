//! `PATCH /customer-password/{customerReference}`: customers change their own passwords (contract/authentication.md §1.9).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};

use crate::accounts::{Account, Accounts};
use crate::generated::customer_password::api::CustomerPasswordApi;
use crate::generated::customer_password::attributes::{CustomerPasswordId, UpdateCustomerPassword};
use crate::generated::customer_password::errors;
use crate::generated::customer_password::routes::Update;

/// Compares and keeps passwords: the OAuth engine of the application, which this crate does not know.
pub trait PasswordKeeper: Send + Sync + 'static {
    /// Gives `account` the password `new` when `current` is the one that it has, and ends the account's sessions as far as
    /// the profile does that.
    ///
    /// # Errors
    /// The row of `errors` that says why not.
    fn change<'a>(
        &'a self,
        cx: &'a RequestContext,
        account: &'a Account,
        change: Change,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>>;

    /// Sends a key for a new password to whoever has this address; says nothing of whether anybody has.
    ///
    /// # Errors
    /// When the storage cannot answer.
    fn forgotten<'a>(
        &'a self,
        cx: &'a RequestContext,
        email: String,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>>;

    /// Gives whoever was sent `key` the password `new`, and ends their sessions where the profile does that.
    ///
    /// # Errors
    /// The row of `errors` of `customer-restore-password` that says why not.
    fn restore<'a>(
        &'a self,
        cx: &'a RequestContext,
        key: String,
        new: String,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>>;
}

/// A change of a password. It prints nothing.
pub struct Change {
    /// The password that counts now.
    pub current: String,
    /// The one that counts from now on.
    pub new: String,
}

/// The keeper as a service of the application.
pub type SharedPasswordKeeper = Arc<dyn PasswordKeeper>;

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
        let change = Change { current: input.password, new: input.new_password };
        cx.service::<SharedPasswordKeeper>()?.change(cx, &account, change).await
    }
}
