//! Ends of sessions inside a transaction of the application's own: what somebody logs in with changes together with what
//! was begun with it.

use oauth_extension::UserIdentifier;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::{Engine, stored};
use crate::port::{Connection, StorageError};
use crate::store::{self, Whose};

/// The end of every session about a person, still to come.
#[derive(Clone, Debug)]
pub struct SessionsEnd {
    whose: Option<Whose>,
    at: PrimitiveDateTime,
}

/// Access tokens that ended with a transaction, for [`Engine::ended`] once it is committed.
#[derive(Debug)]
#[must_use = "until the engine is told, this instance takes the tokens for live for up to two seconds"]
pub struct EndedTokens(Vec<(String, PrimitiveDateTime)>);

impl SessionsEnd {
    /// Ends them on the connection of a write transaction.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the person's first login came between: the whole transaction is worth another
    /// try.
    pub fn happen(&self, conn: Connection<'_>) -> Result<EndedTokens, StorageError> {
        match &self.whose {
            Some(whose) => store::revoke(conn, whose, self.at).map(EndedTokens),
            None => Ok(EndedTokens(Vec::new())),
        }
    }
}

impl Engine {
    /// The end of every session about a person, whoever that is.
    #[must_use]
    pub fn sessions_end(&self, user: &UserIdentifier, now: OffsetDateTime) -> SessionsEnd {
        SessionsEnd { whose: self.subject_key(user).map(Whose::Subject), at: stored(now) }
    }

    /// Refuses these access tokens from now on; other instances learn of them within two seconds.
    pub fn ended(&self, tokens: EndedTokens) {
        self.revoked.add(tokens.0);
    }
}
