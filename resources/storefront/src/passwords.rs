//! Passwords of customers, kept by the OAuth engine.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use auth_rest_api::{SharedEngine, end_sessions, too_many};
use customers::accounts::{Account, Accounts, By, NewPassword};
use customers::customer_password::{Change, PasswordKeeper};
use customers::generated::customer_password::errors;
use customers::generated::customer_restore_password::errors as reset;
use glue_core::clock::stored;
use glue_core::db::DbError;
use glue_core::error::{ApiError, Outcome};
use glue_core::profile::Profile;
use glue_core::request::RequestContext;
use glue_core::request_id::RequestId;
use multi_factor_auth::Mailer;
use oauth::{GrantError, SessionsEnd};
use time::Duration;

/// Compares passwords where logins do, so that the same guesses count.
pub(crate) struct EnginePasswords {
    /// How keys for new passwords leave; where it is none, nobody gets one.
    pub(crate) mailer: Option<Arc<Mailer>>,
}

/// How long a key for a new password is worth something (contract/resources.md §1.5).
const KEY_LIFE: Duration = Duration::hours(2);

impl PasswordKeeper for EnginePasswords {
    fn change<'a>(
        &'a self,
        cx: &'a RequestContext,
        account: &'a Account,
        change: Change,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>> {
        Box::pin(async move {
            let engine = cx.service::<SharedEngine>()?;
            let changed = async {
                let current = change.current.into();
                let compared = engine.compare_password(&account.email, current, cx.source(), cx.now()).await?;
                if breaks_policy(cx, &change.new) {
                    return Ok(false);
                }
                let hash = engine.hash(change.new.into()).await?;
                let new = NewPassword { hash, by: By::Password { hash: compared.hash } };
                match set(cx, account.id, new, Some(engine.sessions_end(&compared.user, cx.now()))).await? {
                    true => Ok(true),
                    false => Err(GrantError::InvalidCredentials),
                }
            };
            let changed = changed.await;
            let customer = &account.reference;
            let event = if matches!(changed, Ok(true)) { "password_changed" } else { "password_not_changed" };
            tracing::info!(target: "audit", event, %customer, request_id = %cx.request_id());
            match changed {
                Ok(true) => Ok(()),
                Ok(false) => Err((&errors::SEQUENCE).into()),
                Err(error) => Err(refused(error)),
            }
        })
    }

    fn forgotten<'a>(
        &'a self,
        cx: &'a RequestContext,
        email: String,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>> {
        Box::pin(async move {
            let engine = cx.service::<SharedEngine>()?;
            match engine.ration("password_reset", &email, cx.source(), cx.now()).await {
                Ok(()) => {}
                // Nobody is told, for that would tell something.
                Err(GrantError::Blocked { .. }) => return Ok(()),
                Err(error) => return Err(ApiError::unavailable(error)),
            }
            let key = oauth::random_key().ok_or_else(|| ApiError::unavailable("no randomness"))?;
            let begun = Forgotten {
                accounts: Accounts::new(cx.db().clone()),
                mailer: self.mailer.clone(),
                email,
                key,
                german: cx.locale().0.starts_with("de"),
                now: stored(cx.now()),
                request_id: cx.request_id().clone(),
            };
            // A search, a write and a letter take their time, which would tell who is found: nobody waits for them, except
            // on one's own machine.
            match self.mailer.as_ref().is_some_and(|mailer| mailer.is_local()) {
                true => begun.carry_out().await,
                false => drop(actix_web::rt::spawn(begun.carry_out())),
            }
            Ok(())
        })
    }

    fn restore<'a>(
        &'a self,
        cx: &'a RequestContext,
        key: String,
        new: String,
    ) -> Pin<Box<dyn Future<Output = Outcome<()>> + 'a>> {
        Box::pin(async move {
            let (engine, accounts) = (cx.service::<SharedEngine>()?, Accounts::new(cx.db().clone()));
            let source = cx.source();
            engine.has_ration(RESTORE, source, source, cx.now()).await.map_err(|error| unrestored(error, cx))?;
            let key = oauth::digest(&key);
            let found = accounts.by_restore_key(key.clone()).await?.filter(|(account, _)| account.is_active());
            let Some((account, since)) = found else {
                engine.ration(RESTORE, source, source, cx.now()).await.map_err(|error| unrestored(error, cx))?;
                return Err((&reset::BAD_KEY).into());
            };
            if since.is_none_or(|since| since + KEY_LIFE <= stored(cx.now())) {
                return Err((&reset::FAILED).into());
            }
            if breaks_policy(cx, &new) {
                return Err((&reset::SEQUENCE).into());
            }
            let set = async {
                let hash = engine.hash(new.into()).await?;
                let end = engine.user(&account.email).await?.map(|user| engine.sessions_end(&user, cx.now()));
                set(cx, account.id, NewPassword { hash, by: By::Key { hash: key } }, end).await
            };
            if !set.await.map_err(|error| unrestored(error, cx))? {
                return Err((&reset::BAD_KEY).into());
            }
            tracing::info!(target: "audit", event = "password_reset", customer = %account.reference, request_id = %cx.request_id());
            Ok(())
        })
    }
}

/// A request for a new password, on its way to a letter.
struct Forgotten {
    accounts: Accounts,
    mailer: Option<Arc<Mailer>>,
    email: String,
    key: String,
    german: bool,
    now: time::PrimitiveDateTime,
    request_id: RequestId,
}

impl Forgotten {
    async fn carry_out(self) {
        let request_id = self.request_id.clone();
        if let Err(reason) = self.sent().await {
            tracing::error!(%reason, %request_id, "a key for a new password was not sent");
        }
    }

    async fn sent(self) -> Result<(), String> {
        let failed = |error: DbError| error.to_string();
        let account = self.accounts.by_email(&self.email).await.map_err(failed)?.filter(Account::is_active);
        let (Some(account), Some(mailer)) = (account, self.mailer) else { return Ok(()) };
        self.accounts.begin_restore(account.id, oauth::digest(&self.key), self.now).await.map_err(failed)?;
        let (customer, request_id) = (&account.reference, &self.request_id);
        tracing::info!(target: "audit", event = "password_reset_begun", %customer, %request_id);
        let (subject, text) = letter(&self.key, self.german);
        mailer.send(&account.email, subject, text).await.map_err(|error| error.to_string())
    }
}

/// Sets a password and ends what was begun with the one before, both or neither; returns whether nobody was faster.
async fn set(
    cx: &RequestContext,
    customer: i64,
    new: NewPassword,
    end: Option<SessionsEnd>,
) -> Result<bool, GrantError> {
    let engine = cx.service::<SharedEngine>().map_err(|error| GrantError::Defect(error.to_string()))?;
    let accounts = Accounts::new(cx.db().clone());
    let set = || {
        let end = end.clone();
        accounts.set_password(customer, new.clone(), move |conn| end.map(|end| end_sessions(conn, &end)).transpose())
    };
    let done = match set().await {
        // A first login came between.
        Err(DbError::Duplicate) => set().await,
        done => done,
    };
    let ended = done.map_err(|error| GrantError::Unavailable(error.to_string()))?;
    let was_first = ended.is_some();
    if let Some(Some(tokens)) = ended {
        engine.ended(tokens);
    }
    Ok(was_first)
}

/// A shop takes no password with three equal characters in a row (contract/resources.md §1.1); of its policy this is the
/// one part that validation leaves over. Rules of composition are of little use elsewhere (NIST SP 800-63B §3.1.1.2).
fn breaks_policy(cx: &RequestContext, new: &str) -> bool {
    let characters: Vec<char> = new.chars().collect();
    let repeats = |three: &[char]| three.iter().all(|c| Some(c) == three.first());
    cx.rules().profile == Profile::Spryker && characters.windows(3).any(repeats)
}

/// Under what name wrong keys are counted.
const RESTORE: &str = "password_restore";

fn letter(key: &str, german: bool) -> (&'static str, String) {
    if german {
        (
            "Neues Passwort",
            format!("Der Schlüssel für ein neues Passwort ist {key}. Er gilt zwei Stunden und nur einmal.\n"),
        )
    } else {
        ("A new password", format!("The key for a new password is {key}. It is valid for two hours, and once.\n"))
    }
}

fn unrestored(error: GrantError, cx: &RequestContext) -> ApiError {
    match error {
        GrantError::Blocked { seconds } => too_many(&reset::BLOCKED, seconds).caused_by(error),
        GrantError::Busy => ApiError::from(&reset::BUSY).caused_by(error),
        GrantError::Unavailable(_) => ApiError::unavailable(error),
        GrantError::InvalidCredentials
        | GrantError::InvalidClient
        | GrantError::UnauthorizedClient
        | GrantError::DeadCode(_)
        | GrantError::WrongVerifier
        | GrantError::DeadRefreshToken(_)
        | GrantError::InvalidScope
        | GrantError::Unfit(_)
        | GrantError::Defect(_) => {
            tracing::error!(%error, request_id = %cx.request_id(), "a password was not reset");
            (&reset::FAILED).into()
        }
    }
}

fn refused(error: GrantError) -> ApiError {
    match error {
        GrantError::InvalidCredentials => ApiError::from(&errors::WRONG_PASSWORD).caused_by(error),
        GrantError::Blocked { seconds } => too_many(&errors::BLOCKED, seconds).caused_by(error),
        GrantError::Busy => ApiError::from(&errors::BUSY).caused_by(error),
        GrantError::Unavailable(_) => ApiError::unavailable(error),
        GrantError::InvalidClient
        | GrantError::UnauthorizedClient
        | GrantError::DeadCode(_)
        | GrantError::WrongVerifier
        | GrantError::DeadRefreshToken(_)
        | GrantError::InvalidScope
        | GrantError::Unfit(_)
        | GrantError::Defect(_) => ApiError::from(&errors::FAILED).caused_by(error),
    }
}
