//! What customers ask of whoever checks their logins: the OAuth engine of the application, which this crate does not know.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use glue_core::db::{Conn, DbError};
use glue_core::error::{ApiError, ErrorRow};
use glue_core::language::Language;
use glue_core::request::RequestContext;

/// What a port answers with.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The port as a service of the application.
pub type SharedCredentials = Arc<dyn Credentials>;

/// Checks passwords and counts guesses where logins do, and knows the sessions that began with a password.
pub trait Credentials: Send + Sync + 'static {
    /// Compares a password as a login does: guesses count together.
    ///
    /// # Errors
    /// [`CredentialError::Wrong`] when it is another one, and every other case.
    fn compare<'a>(
        &'a self,
        cx: &'a RequestContext,
        email: &'a str,
        password: String,
    ) -> Answer<'a, Result<Compared, CredentialError>>;

    /// The hash of a password as it is stored.
    ///
    /// # Errors
    /// [`CredentialError::Busy`] when too many wait for one.
    fn hash(&self, password: String) -> Answer<'_, Result<String, CredentialError>>;

    /// The sessions of the account with this address; none when nobody logs in with it.
    ///
    /// # Errors
    /// [`CredentialError::Unavailable`].
    fn sessions<'a>(
        &'a self,
        cx: &'a RequestContext,
        email: &'a str,
    ) -> Answer<'a, Result<Option<Arc<dyn Sessions>>, CredentialError>>;

    /// Whether another attempt would be admitted; nothing is counted.
    ///
    /// # Errors
    /// [`CredentialError::Blocked`] when not, [`CredentialError::Unavailable`].
    fn admits<'a>(&'a self, cx: &'a RequestContext, attempt: Attempt<'a>) -> Answer<'a, Result<(), CredentialError>>;

    /// Counts an attempt.
    ///
    /// # Errors
    /// As [`admits`](Self::admits).
    fn count<'a>(&'a self, cx: &'a RequestContext, attempt: Attempt<'a>) -> Answer<'a, Result<(), CredentialError>>;

    /// A key that nobody guesses; none when the system gives no randomness.
    fn key(&self) -> Option<String>;

    /// The hash of a key as it is stored.
    fn key_hash(&self, key: &str) -> String;

    /// How mail leaves; where there is none, nobody is sent a key.
    fn mail(&self) -> Option<Arc<dyn Mail>>;
}

/// Sends mail.
pub trait Mail: Send + Sync {
    /// Whether mail stays on this machine, where it is written at once.
    fn is_local(&self) -> bool;

    /// Sends a plain text.
    ///
    /// # Errors
    /// The reason for the log, without the address.
    fn send<'a>(&'a self, to: &'a str, subject: &'a str, text: String) -> Answer<'a, Result<(), String>>;
}

/// What is counted beside logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt<'a> {
    /// A key was asked for, for this address.
    Reset(&'a str),
    /// A key was sent that is none.
    Restore,
}

/// A password that was right. It prints nothing.
pub struct Compared {
    /// The hash that is stored of it: what a change replaces, so that it does not undo another one that came meanwhile.
    pub hash: String,
    /// What began with it.
    pub sessions: Arc<dyn Sessions>,
}

/// The sessions of an account.
pub trait Sessions: Send + Sync {
    /// Ends them as far as the profile does that, in the transaction that sets a new password. What is returned is to be
    /// called once that is committed.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer.
    fn end(&self, conn: &mut Conn) -> Result<AfterCommit, DbError>;
}

/// What is left to do when a transaction is committed.
pub type AfterCommit = Box<dyn FnOnce() + Send>;

/// Why a password was not looked at, or not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum CredentialError {
    /// It is another one.
    Wrong,
    /// There were too many attempts.
    Blocked {
        /// How long that lasts.
        seconds: i64,
    },
    /// Too many are looked at now.
    Busy,
    /// The storage cannot answer, for this reason.
    Unavailable(String),
    /// A defect, for the log.
    Failed(String),
}

/// The error rows of a resource that takes passwords.
pub(crate) struct CredentialErrors {
    pub(crate) wrong: &'static ErrorRow,
    pub(crate) blocked: &'static ErrorRow,
    pub(crate) busy: &'static ErrorRow,
    pub(crate) failed: &'static ErrorRow,
}

impl CredentialErrors {
    pub(crate) fn of(&self, error: CredentialError) -> ApiError {
        match error {
            CredentialError::Wrong => self.wrong.into(),
            CredentialError::Blocked { seconds } => ApiError::too_many(self.blocked, seconds, Language::English),
            CredentialError::Busy => self.busy.into(),
            CredentialError::Unavailable(reason) => ApiError::unavailable(reason),
            CredentialError::Failed(reason) => ApiError::from(self.failed).caused_by(reason),
        }
    }
}
