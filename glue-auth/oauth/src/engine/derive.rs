//! Derived sessions: about a person for whom somebody else answers, who has a session of their own.
//!
//! A derived session is a child of the session that answers for it: it has the same client, was authenticated when that was,
//! ends no later, ends with it, and is only exchanged while whoever answers may still do so.

use oauth_extension::{GrantRequest, Proof};
use time::{Duration, OffsetDateTime};

use super::halt::{Halt, decided};
use super::issue::{Grant, Issued, Issuer, begun};
use super::policy::{Claimed, Standing};
use super::requests::TokenPair;
use super::shared::Engine;
use crate::error::GrantError;
use crate::port::{Unit, settle};
use crate::session::SessionId;
use crate::store::{self, Progress, SessionRow};

/// A session to be derived.
#[derive(Clone)]
struct Derivation {
    issuer: Issuer,
    from: SessionId,
    request: GrantRequest,
    lifetime: Duration,
}

impl Engine {
    /// Issues tokens about a person for whom the person of another session answers: nobody proves anything here, so a request
    /// from outside may only get here with a token of that session. `lifetime` is that of the first access token; none for
    /// the usual one.
    ///
    /// # Errors
    /// [`GrantError`]; an unknown or disabled person is [`GrantError::InvalidCredentials`], and so is a session that ended.
    pub async fn derive(
        &self,
        from: Option<SessionId>,
        request: GrantRequest,
        lifetime: Option<Duration>,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let from = from.ok_or(GrantError::InvalidCredentials)?;
        let issuer = self.fresh_issuer(now)?;
        let lifetime = lifetime.unwrap_or(self.settings().access());
        let derivation = Derivation { issuer: issuer.clone(), from, request, lifetime };
        let issued = settle(&*self.database, derivation, |unit, derivation| decided(derivation.write(unit))).await??;
        self.current_pair(&issuer, issued).await
    }
}

impl Derivation {
    fn write(&self, unit: &mut dyn Unit) -> Result<Issued, Halt> {
        let (policy, now) = (&self.issuer.policy, self.issuer.at());
        let refused = || Halt::Refused(GrantError::InvalidCredentials);
        let parent = self.parent(unit)?.ok_or_else(refused)?;
        if policy.cap(&parent) <= now {
            return Err(refused());
        }
        let client =
            policy.client(unit, &Claimed::Authenticated(parent.fk_oauth_client.clone()), &self.request.grant)?;
        let Standing::Here(answers) = policy.standing(unit, &parent)? else { return Err(refused()) };
        let request = GrantRequest { answers: Some(answers.subject), ..self.request.clone() };
        let found = policy.find(&mut unit.storage(), &request, Proof::Caller)?;
        let found = found.map(|(_, candidate)| candidate).filter(|candidate| candidate.is_active);
        let person = policy.expanded(&mut unit.storage(), found.ok_or_else(refused)?)?;
        let scopes = policy.grantable(&person, &client, None)?;
        // The parent's row is locked from here on: an ending waits, and then finds its child.
        let (exchanges, exchanges_since) = policy.one_more(&parent, now)?;
        let counted = Progress {
            user_identifier: &parent.user_identifier,
            issued_scopes: &parent.issued_scopes,
            refreshed_at: parent.refreshed_at.unwrap_or(now),
            expires_at: parent.expires_at,
            access_until: parent.access_until,
            exchanges,
            exchanges_since,
        };
        if !store::proceed(unit.connection(), &parent.identifier, &counted)? {
            return Err(refused());
        }
        let mut session = begun(policy, &person, &client.identifier, &scopes, now)?;
        store::admit_answered_session(unit.connection(), &session.subject)?;
        session.parent = Some(parent.identifier.clone());
        session.authenticated_at = parent.authenticated_at;
        session.capped_at = parent.capped_at;
        session.refreshed_at = Some(now);
        let cap = policy.cap(&session);
        session.expires_at = policy.refreshable_until(cap, self.issuer.now);
        session.access_until = (now + self.lifetime).min(cap);
        store::insert_session(unit.connection(), &session)?;
        let grant = Grant {
            user: &person.identifier,
            scopes: &scopes,
            held: &scopes,
            granted: &scopes,
            lifetime: self.lifetime,
        };
        self.issuer.write(unit, &session, &grant)
    }

    /// The session that answers: this one, or the one before it where both are about the same person, so that deriving from
    /// what was derived makes siblings instead of a chain.
    fn parent(&self, unit: &mut dyn Unit) -> Result<Option<SessionRow>, Halt> {
        let open = |row: &SessionRow| row.closed_at.is_none() && row.ended_at.is_none();
        let Some(from) = store::find_session(unit.connection(), &self.from.to_string())?.filter(open) else {
            return Ok(None);
        };
        let Some(named) = &from.parent else { return Ok(Some(from)) };
        let before = store::find_session(unit.connection(), named)?;
        Ok(match before {
            Some(before) if before.subject == from.subject => Some(before).filter(open),
            _ => Some(from),
        })
    }
}
