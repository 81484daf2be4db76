//! Why the engine gave no token: facts, without a status or a text for clients.

use oauth_extension::Unavailable;

use crate::passwords::Busy;
use crate::port::StorageError;

/// Why a grant was refused.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// Unknown user, wrong password, no password, disabled user. Alike on purpose: nothing may tell them apart.
    #[error("the credentials are not those of an active user")]
    InvalidCredentials,
    /// Unknown client, or a confidential one without its secret.
    #[error("the client did not authenticate")]
    InvalidClient,
    /// A client that may not use the grant (RFC 6749 §5.2, `unauthorized_client`).
    #[error("the client may not use this grant")]
    UnauthorizedClient,
    /// Too many failed attempts; nothing was compared.
    #[error("too many failed attempts, {seconds} s to go")]
    Blocked {
        /// Seconds until another attempt is looked at.
        seconds: i64,
    },
    /// An authorization code that yields nothing. The reason is for the log.
    #[error("the authorization code is dead: {0}")]
    DeadCode(Dead),
    /// A code verifier that does not fit the challenge (RFC 7636 §4.6).
    #[error("the code verifier does not fit the challenge")]
    WrongVerifier,
    /// A refresh token that yields nothing any more. The reason is for the log.
    #[error("the refresh token is dead: {0}")]
    DeadRefreshToken(Dead),
    /// A scope that the grant does not cover.
    #[error("the scope exceeds the grant")]
    InvalidScope,
    /// The password pool is full.
    #[error("too many credential checks at once")]
    Busy,
    /// Something that an operator asked for cannot be.
    #[error("{0}")]
    Unfit(String),
    /// The storage cannot answer. Nothing was decided about the credentials.
    #[error("the storage is unavailable: {0}")]
    Unavailable(String),
    /// A defect of ours.
    #[error("defect: {0}")]
    Defect(String),
}

/// Why a refresh token is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Dead {
    /// Never issued here, or deleted since.
    #[error("unknown")]
    Unknown,
    /// Issued to another client.
    #[error("issued to another client")]
    OtherClient,
    /// Past its lifetime.
    #[error("expired")]
    Expired,
    /// Revoked.
    #[error("revoked")]
    Revoked,
    /// Exchanged before, longer ago than an honest retry: its family was revoked.
    #[error("used again, its family was revoked")]
    Reused,
    /// Exchanged before, and what it was exchanged for was used since.
    #[error("its successor was used")]
    SuccessorUsed,
    /// The redirection differs from the one that it was issued for.
    #[error("issued for another redirection")]
    OtherRedirection,
    /// Its user is another kind of person now, or who answered for it may not do so any more: its session was ended.
    #[error("the right that it came from is gone")]
    LostRight,
    /// Its user may not hold tokens any more.
    #[error("the user is not active")]
    InactiveUser,
}

impl From<StorageError> for GrantError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Unavailable(reason) => GrantError::Unavailable(reason),
            StorageError::Duplicate | StorageError::Defect(_) => GrantError::Defect(error.to_string()),
        }
    }
}

impl From<Unavailable> for GrantError {
    fn from(error: Unavailable) -> Self {
        GrantError::Unavailable(error.to_string())
    }
}

impl From<Busy> for GrantError {
    fn from(_: Busy) -> Self {
        GrantError::Busy
    }
}
