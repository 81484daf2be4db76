//! Ends of sessions. Done means durable, here and, within a moment, on every other instance.

use oauth_extension::UserIdentifier;
use time::OffsetDateTime;

use super::{Caller, Engine, Session, stored};
use crate::conventions::Revocation;
use crate::error::GrantError;
use crate::jwt;
use crate::port::{Access, Connection, StorageError, run, settle};
use crate::store::{self, Whose};

impl Engine {
    /// Ends the family of a refresh token, if it is one of this customer's. Unknown and foreign tokens change nothing,
    /// and the caller is not told (contract/authentication.md §1.4).
    ///
    /// # Errors
    /// [`GrantError::Unavailable`], [`GrantError::Busy`] or a defect.
    pub async fn revoke(&self, token: &str, customer_reference: &str, now: OffsetDateTime) -> Result<(), GrantError> {
        let Some(received) = self.conventions.refresh.received(token, &self.passwords).await? else {
            return Ok(());
        };
        let found =
            run(&*self.database, Access::Read, move |conn| store::find_refresh(conn, &received.identifier)).await?;
        match found.filter(|row| row.customer_reference.as_deref() == Some(customer_reference)) {
            Some(row) => Ok(self.give_up(Whose::Family(row.family), now).await?),
            None => Ok(()),
        }
    }

    /// Ends every session of a customer.
    ///
    /// # Errors
    /// As [`Engine::revoke`].
    pub async fn revoke_all(&self, customer_reference: &str, now: OffsetDateTime) -> Result<(), GrantError> {
        Ok(self.give_up(Whose::Customer(customer_reference.to_owned()), now).await?)
    }

    /// Ends every session about a person, whoever that is.
    ///
    /// # Errors
    /// As [`Engine::revoke`].
    pub async fn end_sessions(&self, user: &UserIdentifier, now: OffsetDateTime) -> Result<(), GrantError> {
        match self.subject_key(user) {
            Some(subject) => Ok(self.end(Whose::Subject(subject), now).await?),
            None => Ok(()),
        }
    }

    /// Ends one session about a person; a foreign or unknown one changes nothing.
    ///
    /// # Errors
    /// As [`Engine::revoke`].
    pub async fn end_session(
        &self,
        user: &UserIdentifier,
        family: &str,
        now: OffsetDateTime,
    ) -> Result<bool, GrantError> {
        let own = self.sessions(user, now).await?.into_iter().any(|session| session.family == family);
        if own {
            self.end(Whose::Family(family.to_owned()), now).await?;
        }
        Ok(own)
    }

    /// The sessions about a person that can still be refreshed, the youngest first.
    ///
    /// # Errors
    /// As [`Engine::revoke`].
    pub async fn sessions(&self, user: &UserIdentifier, now: OffsetDateTime) -> Result<Vec<Session>, GrantError> {
        let Some(subject) = self.subject_key(user) else { return Ok(Vec::new()) };
        Ok(run(&*self.database, Access::Read, move |conn| store::sessions(conn, &subject, stored(now))).await?)
    }

    /// Revokes a token of this client (RFC 7009): a refresh token with its session, an access token alone. Unknown tokens
    /// and those of other clients change nothing, and the caller is not told.
    ///
    /// # Errors
    /// [`GrantError`]; [`GrantError::InvalidClient`] when the client does not authenticate.
    pub async fn revoke_token(&self, caller: &Caller, token: &str, now: OffsetDateTime) -> Result<(), GrantError> {
        let credentials = caller.client.as_ref().ok_or(GrantError::InvalidClient)?;
        let client = self.authenticated(credentials, &caller.source, now).await?;
        if let Ok(verified) = self.tokens().verify(token, now) {
            if verified.client == client.identifier {
                let id = verified.id.clone();
                let until =
                    run(&*self.database, Access::Write, move |conn| store::revoke_access(conn, &id, stored(now)))
                        .await?;
                self.revoked.add(until.map(|until| (verified.id, until)));
            }
            return Ok(());
        }
        let Some(received) = self.conventions.refresh.received(token, &self.passwords).await? else {
            return Ok(());
        };
        let found =
            run(&*self.database, Access::Read, move |conn| store::find_refresh(conn, &received.identifier)).await?;
        match found.filter(|row| row.fk_oauth_client == client.identifier) {
            Some(row) => Ok(self.end(Whose::Family(row.family), now).await?),
            None => Ok(()),
        }
    }

    /// Ends sessions as far as their owner's revocation does.
    async fn give_up(&self, whose: Whose, now: OffsetDateTime) -> Result<(), StorageError> {
        match self.conventions.revocation {
            Revocation::Session => self.end(whose, now).await,
            Revocation::RefreshTokens => {
                let end =
                    move |conn: Connection<'_>, whose: &Whose| store::revoke_refresh_tokens(conn, whose, stored(now));
                settle(&*self.database, whose, end).await
            }
        }
    }

    /// Ends sessions in the database, then here.
    pub(super) async fn end(&self, whose: Whose, now: OffsetDateTime) -> Result<(), StorageError> {
        let end = move |conn: Connection<'_>, whose: &Whose| store::revoke(conn, whose, stored(now));
        let ended = settle(&*self.database, whose, end).await?;
        self.revoked.add(ended);
        Ok(())
    }

    /// Ends the sessions of people who may hold no tokens any more, whoever disabled them. Called every second.
    ///
    /// # Errors
    /// [`GrantError`]; whoever was not reached is reached the next time.
    pub async fn end_inactive(&self, now: OffsetDateTime) -> Result<(), GrantError> {
        // Nobody who was disabled before that has a token that lives.
        let since = stored(now - self.settings.access().max(jwt::WEEK));
        let mut keys = Vec::new();
        for provider in &self.plugins.users {
            let gone = provider.inactive(since).await?;
            keys.extend(gone.into_iter().map(|subject| store::subject_key(&subject.natural)));
        }
        if keys.is_empty() {
            return Ok(());
        }
        let at = stored(now);
        let live = run(&*self.database, Access::Read, move |conn| store::live_among(conn, &keys, at)).await?;
        for subject in live {
            tracing::info!(target: "audit", event = "inactive_person_ended", %subject);
            self.end(Whose::Subject(subject), now).await?;
        }
        Ok(())
    }

    /// Learns which access tokens other instances ended. Called every second, so that an ended token dies within two.
    ///
    /// # Errors
    /// [`StorageError`]; what is known already stays known.
    pub async fn learn_revocations(&self, now: OffsetDateTime) -> Result<(), StorageError> {
        let (leeway, at) = (self.settings.leeway(), stored(now));
        let since = self.revoked.since(at, leeway);
        let ended = run(&*self.database, Access::Read, move |conn| store::revoked_since(conn, since, at - leeway));
        self.revoked.learn(ended.await?, since.is_none(), at, leeway);
        Ok(())
    }
}
