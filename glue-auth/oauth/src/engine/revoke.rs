//! Revocations: a person's own, and a client's (RFC 7009). Done means durable, here and, within a moment, on every other
//! instance.

use oauth_extension::UserIdentifier;
use time::OffsetDateTime;

use super::columns::stored;
use super::halt::{Halt, decided};
use super::requests::Caller;
use super::rows::session_of;
use super::sessions::{Answering, answering, answers_for};
use super::shared::Engine;
use crate::conventions::Revocation;
use crate::error::GrantError;
use crate::port::{Access, Unit, run};
use crate::session::SessionId;
use crate::store::{self, EndedSession, Extent, SessionSelector};

impl Engine {
    /// Ends the session of a refresh token, if it is one that the caller answers for. Unknown and foreign tokens change
    /// nothing, and the caller is not told (reference/authentication.md §1.4).
    ///
    /// # Errors
    /// [`GrantError::Unavailable`], [`GrantError::Busy`] or a defect.
    pub async fn revoke(
        &self,
        token: &str,
        caller: RevocationCaller<'_>,
        now: OffsetDateTime,
    ) -> Result<(), GrantError> {
        let Some(received) = self.received(token, caller.source, now).await? else { return Ok(()) };
        let (subject, from) = (self.subject_key(caller.user), caller.session);
        let (extent, at) = (self.extent(), stored(now));
        let revoke = move |unit: &mut dyn Unit| -> Result<Vec<EndedSession>, Halt> {
            let Some(row) = store::find_refresh(unit.connection(), &received.identifier)? else {
                return Ok(Vec::new());
            };
            let Some(session) = session_of(unit, row.session.as_deref())? else { return Ok(Vec::new()) };
            let about = subject.is_some_and(|subject| subject == session.subject);
            let own = match from {
                Some(from) => about || answers_for(unit, from, &session)?,
                None => about,
            };
            match own {
                true => Ok(store::end(
                    unit.connection(),
                    &SessionSelector::Session(session.identifier),
                    extent,
                    "revoked",
                    at,
                )?),
                false => Ok(Vec::new()),
            }
        };
        let ended = run(&*self.database, Access::Write, move |unit| decided(revoke(unit))).await??;
        self.ended.add(ended);
        Ok(())
    }

    /// Ends everything that the caller answers for: all of a person's sessions, those of all clients and those that an agent
    /// began for them among them, or, for a token that is about somebody else, its session.
    ///
    /// # Errors
    /// As [`Engine::revoke`].
    pub async fn revoke_all(&self, caller: RevocationCaller<'_>, now: OffsetDateTime) -> Result<(), GrantError> {
        let from = caller.session;
        let answers = match from {
            Some(from) => run(&*self.database, Access::Read, move |unit| answering(unit, from)).await?,
            None => None,
        };
        let whose = match (answers, self.conventions().revocation, self.subject_key(caller.user)) {
            // A shop compares customer references and nothing else (reference/authentication.md §2.5).
            (Some(Answering::Session(own)), Revocation::Session, _) => SessionSelector::Session(own.identifier),
            (Some(Answering::Person(subject)), ..) => SessionSelector::Subject(subject),
            (_, _, Some(subject)) => SessionSelector::Subject(subject),
            (_, _, None) => return Ok(()),
        };
        Ok(self.end(whose, self.extent(), "revoked", now).await?)
    }

    /// Revokes a token of this client (RFC 7009): a refresh token with its session, an access token with those that its
    /// session has, so that the next exchange yields another. Unknown tokens and those of other clients change nothing, and
    /// the caller is not told.
    ///
    /// # Errors
    /// [`GrantError`]; [`GrantError::InvalidClient`] when the client does not authenticate.
    pub async fn revoke_token(&self, caller: &Caller, token: &str, now: OffsetDateTime) -> Result<(), GrantError> {
        let credentials = caller.client.as_ref().ok_or(GrantError::InvalidClient)?;
        let client = self.authenticated(credentials, &caller.source, now).await?;
        if let Ok(verified) = self.tokens().verify(token, now) {
            let own = verified.session.filter(|_| verified.client == client.identifier);
            let Some(session) = own else { return Ok(()) };
            return Ok(self
                .end(SessionSelector::Session(session.to_string()), Extent::AccessTokens, "revoked", now)
                .await?);
        }
        let Some(received) = self.received(token, &caller.source, now).await? else { return Ok(()) };
        let found = run(&*self.database, Access::Read, move |unit| {
            store::find_refresh(unit.connection(), &received.identifier)
        });
        match found.await?.filter(|row| row.fk_oauth_client == client.identifier).and_then(|row| row.session) {
            Some(session) => {
                Ok(self.end(SessionSelector::Session(session), Extent::Everything, "revoked", now).await?)
            }
            None => Ok(()),
        }
    }

    /// How much of a session its owner's revocation ends.
    fn extent(&self) -> Extent {
        match self.conventions().revocation {
            Revocation::Session => Extent::Everything,
            Revocation::RefreshTokens => Extent::Exchanges,
        }
    }
}

/// Who revokes, as a verified token says.
#[derive(Clone, Copy, Debug)]
pub struct RevocationCaller<'a> {
    /// The session of the token.
    pub session: Option<SessionId>,
    /// Whom the token is about.
    pub user: &'a UserIdentifier,
    /// Where the request comes from.
    pub source: &'a str,
}
