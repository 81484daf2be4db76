//! Ends of sessions inside a transaction of the application's own: what somebody logs in with changes together with what
//! was begun with it.

use oauth_extension::UserIdentifier;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::columns::stored;
use super::shared::Engine;
use crate::conventions::Revocation;
use crate::port::{Connection, StorageError};
use crate::store::{self, EndedSession, Extent, SessionSelector};

/// The end of every session about a person, still to come. A shop ends access tokens only, and refreshes what it has
/// (reference/authentication.md §1.9).
#[derive(Clone, Debug)]
pub struct SessionsEnd {
    subject: Option<String>,
    at: PrimitiveDateTime,
    extent: Extent,
}

/// Sessions that ended with a transaction, for [`Engine::ended`] once it is committed.
#[derive(Debug)]
#[must_use = "until the engine is told, this instance takes the tokens for live for up to two seconds"]
pub struct EndedTokens(Vec<EndedSession>);

impl SessionsEnd {
    /// Ends them on the connection of a write transaction; a login that is under way does not finish after it.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the person's first login came between: the whole transaction is worth another
    /// try.
    pub fn carry_out(&self, mut conn: Connection<'_>) -> Result<EndedTokens, StorageError> {
        let Some(subject) = &self.subject else { return Ok(EndedTokens(Vec::new())) };
        store::count_ending(conn.again(), subject)?;
        let whose = SessionSelector::Subject(subject.clone());
        store::end(conn, &whose, self.extent, "credential_changed", self.at).map(EndedTokens)
    }
}

impl Engine {
    /// The end of every session about a person, whoever that is: what they prove themselves by has changed.
    #[must_use]
    pub fn sessions_end(&self, user: &UserIdentifier, now: OffsetDateTime) -> SessionsEnd {
        let extent = match self.conventions().revocation {
            Revocation::Session => Extent::Everything,
            Revocation::RefreshTokens => Extent::AccessTokens,
        };
        SessionsEnd { subject: self.subject_key(user), at: stored(now), extent }
    }

    /// Refuses these access tokens from now on; other instances learn of them within two seconds.
    pub fn ended(&self, tokens: EndedTokens) {
        self.ended.add(tokens.0);
    }
}
