//! `POST /customer-forgotten-password` (reference/resources.md §1.4): the answer is the same for everybody.

use std::sync::Arc;

use glue_core::clock::stored;
use glue_core::db::DbError;
use glue_core::error::{ApiError, Outcome};
use glue_core::language::Language;
use glue_core::request::Anyone;
use glue_core::request_id::RequestId;
use time::PrimitiveDateTime;

use crate::accounts::{Account, Accounts};
use crate::credentials::{Attempt, CredentialError, Mail, SharedCredentials};
use crate::generated::customer_forgotten_password::api::CustomerForgottenPasswordApi;
use crate::generated::customer_forgotten_password::attributes::CreateCustomerForgottenPassword;
use crate::generated::customer_forgotten_password::routes::Create;

/// The behaviour of `customer-forgotten-password`.
#[derive(Debug)]
pub enum ForgottenPasswords {}

impl CustomerForgottenPasswordApi for ForgottenPasswords {
    async fn create(cx: &Anyone<Create>, input: CreateCustomerForgottenPassword) -> Outcome<()> {
        let credentials = cx.service::<SharedCredentials>()?;
        match credentials.count(cx, Attempt::Reset(&input.email)).await {
            Ok(()) => {}
            // Nobody is told, for that would tell something.
            Err(CredentialError::Blocked { .. }) => return Ok(()),
            Err(error) => return Err(ApiError::unavailable(format!("{error:?}"))),
        }
        let key = credentials.key().ok_or_else(|| ApiError::unavailable("no randomness"))?;
        let mail = credentials.mail();
        let is_local = mail.as_ref().is_some_and(|mail| mail.is_local());
        let reset = Reset {
            accounts: Accounts::new(cx.db().clone()),
            mail,
            email: input.email,
            hash: credentials.key_hash(&key),
            key,
            language: cx.language(),
            now: stored(cx.now()),
            request_id: cx.request_id().clone(),
        };
        // A search, a write and a letter take their time, which would tell who is found: nobody waits for them, except on
        // one's own machine.
        match is_local {
            true => reset.carry_out().await,
            false => drop(actix_web::rt::spawn(reset.carry_out())),
        }
        Ok(())
    }
}

/// A request for a new password, on its way to a letter.
struct Reset {
    accounts: Accounts,
    mail: Option<Arc<dyn Mail>>,
    email: String,
    key: String,
    /// What is stored of the key.
    hash: String,
    language: Language,
    now: PrimitiveDateTime,
    request_id: RequestId,
}

impl Reset {
    async fn carry_out(self) {
        let request_id = self.request_id.clone();
        if let Err(reason) = self.sent().await {
            tracing::error!(%reason, %request_id, "a key for a new password was not sent");
        }
    }

    async fn sent(self) -> Result<(), String> {
        let failed = |error: DbError| error.to_string();
        let account = self.accounts.by_email(&self.email).await.map_err(failed)?.filter(Account::is_active);
        let (Some(account), Some(mail)) = (account, self.mail) else { return Ok(()) };
        self.accounts.begin_restore(account.id, self.hash, self.now).await.map_err(failed)?;
        let (customer, request_id) = (&account.reference, &self.request_id);
        tracing::info!(target: "audit", event = "password_reset_begun", %customer, %request_id);
        let (subject, text) = letter(&self.key, self.language);
        mail.send(&account.email, subject, text).await
    }
}

fn letter(key: &str, language: Language) -> (&'static str, String) {
    match language {
        Language::German => (
            "Neues Passwort",
            format!("Der Schlüssel für ein neues Passwort ist {key}. Er gilt zwei Stunden und nur einmal.\n"),
        ),
        Language::English => {
            ("A new password", format!("The key for a new password is {key}. It is valid for two hours, and once.\n"))
        }
    }
}
