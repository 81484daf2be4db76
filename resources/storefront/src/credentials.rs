//! The credentials of customers, kept by the OAuth engine.

use std::sync::Arc;

use auth_rest_api::{SharedEngine, end_sessions};
use customers::credentials::{AfterCommit, Answer, Attempt, Compared, CredentialError, Credentials, Mail, Sessions};
use glue_core::db::{Conn, DbError};
use glue_core::request::RequestContext;
use multi_factor_auth::Mailer;
use oauth::{GrantError, SessionsEnd};

/// Compares passwords where logins do, so that the same guesses count.
pub(crate) struct EngineCredentials {
    pub(crate) engine: SharedEngine,
    pub(crate) mailer: Option<Arc<Mailer>>,
}

impl Credentials for EngineCredentials {
    fn compare<'a>(
        &'a self,
        cx: &'a RequestContext,
        email: &'a str,
        password: String,
    ) -> Answer<'a, Result<Compared, CredentialError>> {
        Box::pin(async move {
            let compared = self.engine.compare_password(email, password.into(), cx.source(), cx.now()).await;
            let compared = compared.map_err(refused)?;
            let end = self.engine.sessions_end(&compared.user, cx.now());
            Ok(Compared { hash: compared.hash, sessions: self.sessions_of(end) })
        })
    }

    fn hash(&self, password: String) -> Answer<'_, Result<String, CredentialError>> {
        Box::pin(async move { self.engine.hash(password.into()).await.map_err(refused) })
    }

    fn sessions<'a>(
        &'a self,
        cx: &'a RequestContext,
        email: &'a str,
    ) -> Answer<'a, Result<Option<Arc<dyn Sessions>>, CredentialError>> {
        Box::pin(async move {
            let user = self.engine.user(email).await.map_err(refused)?;
            Ok(user.map(|user| self.sessions_of(self.engine.sessions_end(&user, cx.now()))))
        })
    }

    fn admits<'a>(&'a self, cx: &'a RequestContext, attempt: Attempt<'a>) -> Answer<'a, Result<(), CredentialError>> {
        let (what, account) = counted(cx, attempt);
        Box::pin(async move { self.engine.admits_attempt(what, account, cx.source(), cx.now()).await.map_err(refused) })
    }

    fn count<'a>(&'a self, cx: &'a RequestContext, attempt: Attempt<'a>) -> Answer<'a, Result<(), CredentialError>> {
        let (what, account) = counted(cx, attempt);
        Box::pin(async move { self.engine.count_attempt(what, account, cx.source(), cx.now()).await.map_err(refused) })
    }

    fn key(&self) -> Option<String> {
        oauth::random_key()
    }

    fn key_hash(&self, key: &str) -> String {
        oauth::digest(key)
    }

    fn mail(&self) -> Option<Arc<dyn Mail>> {
        self.mailer.clone().map(|mailer| Arc::new(Letters(mailer)) as Arc<dyn Mail>)
    }
}

impl EngineCredentials {
    fn sessions_of(&self, end: SessionsEnd) -> Arc<dyn Sessions> {
        Arc::new(EngineSessions { engine: self.engine.clone(), end })
    }
}

/// Under what name an attempt counts, and whose it is. A key that is none belongs to nobody: its source is counted.
fn counted<'a>(cx: &'a RequestContext, attempt: Attempt<'a>) -> (&'static str, &'a str) {
    match attempt {
        Attempt::Reset(email) => ("password_reset", email),
        Attempt::Restore => ("password_restore", cx.source()),
    }
}

struct EngineSessions {
    engine: SharedEngine,
    end: SessionsEnd,
}

impl Sessions for EngineSessions {
    fn end(&self, conn: &mut Conn) -> Result<AfterCommit, DbError> {
        let ended = end_sessions(conn, &self.end)?;
        let engine = self.engine.clone();
        Ok(Box::new(move || engine.ended(ended)))
    }
}

struct Letters(Arc<Mailer>);

impl Mail for Letters {
    fn is_local(&self) -> bool {
        self.0.is_local()
    }

    fn send<'a>(&'a self, to: &'a str, subject: &'a str, text: String) -> Answer<'a, Result<(), String>> {
        Box::pin(async move { self.0.send(to, subject, text).await.map_err(|error| error.to_string()) })
    }
}

fn refused(error: GrantError) -> CredentialError {
    match error {
        GrantError::InvalidCredentials => CredentialError::Wrong,
        GrantError::Blocked { seconds } => CredentialError::Blocked { seconds },
        GrantError::Busy => CredentialError::Busy,
        GrantError::Unavailable(reason) => CredentialError::Unavailable(reason),
        GrantError::InvalidClient
        | GrantError::UnauthorizedClient
        | GrantError::DeadCode(_)
        | GrantError::WrongVerifier
        | GrantError::DeadRefreshToken(_)
        | GrantError::InvalidScope
        | GrantError::Unfit(_)
        | GrantError::Defect(_) => CredentialError::Failed(error.to_string()),
    }
}
