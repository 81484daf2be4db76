//! Ends of sessions inside a transaction of the application's own: what somebody logs in with changes together with what
//! was begun with it.

use oauth_extension::UserIdentifier;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::{Engine, stored};
use crate::conventions::Revocation;
use crate::port::{Connection, StorageError};
use crate::store::{self, Whose};

/// The end of every session about a person, still to come. A shop ends access tokens only, and refreshes what it has
/// (contract/authentication.md §1.9).
#[derive(Clone, Debug)]
pub struct SessionsEnd {
    whose: Option<Whose>,
    at: PrimitiveDateTime,
    revocation: Revocation,
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
            Some(whose) => match self.revocation {
                Revocation::Session => store::revoke(conn, whose, self.at).map(EndedTokens),
                Revocation::RefreshTokens => store::revoke_access_tokens(conn, whose, self.at).map(EndedTokens),
            },
            None => Ok(EndedTokens(Vec::new())),
        }
    }
}

impl Engine {
    /// The end of every session about a person, whoever that is: what they prove themselves by has changed.
    #[must_use]
    pub fn sessions_end(&self, user: &UserIdentifier, now: OffsetDateTime) -> SessionsEnd {
        let whose = self.subject_key(user).map(Whose::Subject);
        SessionsEnd { whose, at: stored(now), revocation: self.conventions.revocation }
    }

    /// Refuses these access tokens from now on; other instances learn of them within two seconds.
    pub fn ended(&self, tokens: EndedTokens) {
        self.revoked.add(tokens.0);
    }
}
