//! Exchanges: of a refresh token, and of a code. One winner, one successor, honest retries, and an end for what was stolen.

use super::columns::{json, parsed};
use super::halt::{Halt, decided};
use super::issue::{Grant, Issued, Issuer};
use super::policy::{Claimed, Standing};
use super::requests::{RefreshRequest, TokenPair};
use super::rows::session_of;
use super::shared::Engine;
use crate::error::{Dead, GrantError};
use crate::format::Seed;
use crate::jwt;
use crate::port::{Access, Unit, run};
use crate::store::{self, EndedSession, Extent, Progress, SessionRow, SessionSelector};
use secrecy::ExposeSecret;
use time::OffsetDateTime;

/// What an exchange came to.
pub(super) enum Outcome {
    /// A pair, derived under the secret of this number.
    Pair { secret: usize, issued: Box<Issued> },
    /// Nothing, and a session ended.
    Ended { refused: GrantError, event: &'static str, session: String, ended: Vec<EndedSession> },
}

impl Engine {
    /// Exchanges a refresh token for a new pair.
    ///
    /// The present decides: who the person is, of what kind, whether they may hold tokens, and what they may have, as at a
    /// login without its credential; and nothing beyond what was granted then. The token that was sent can no longer be
    /// exchanged afterwards, except within the retry window: there it yields the same pair again, so that a lost answer or a
    /// second tab does not end the session. Sent later, it was stolen from somebody, and its session ends. A refused request
    /// changes nothing.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn refresh(&self, request: RefreshRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let claimed = self.claimed(&request.caller, now).await?;
        let received = self.received(request.token.expose_secret(), &request.caller.source, now).await?;
        let token = received.ok_or(GrantError::DeadRefreshToken(Dead::Unknown))?;
        let issuer = self.issuer(&token, now);
        let exchange = RefreshExchange { issuer: issuer.clone(), claimed, token, asked: request.scopes };
        let outcome = run(&*self.database, Access::Write, move |unit| decided(exchange.run(unit))).await?;
        self.carried_out(&issuer, outcome?).await
    }

    /// What a refresh token from outside is known by; none when it is none of ours.
    pub(super) async fn received(
        &self,
        token: &str,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Seed>, GrantError> {
        let format = &self.conventions().refresh;
        if !format.has_a_price() {
            return format.received(token, &self.passwords).await;
        }
        // Garbage that shows it is refused at once; other garbage takes a derivation of keys to find out, and is counted.
        if !format.may_be_ours(token) {
            return Ok(None);
        }
        let guesses = self.refresh_guesses(source);
        self.admit(&guesses, now).await?;
        match format.received(token, &self.passwords).await? {
            Some(token) => Ok(Some(token)),
            None => {
                let counted = self.failed(&guesses, now, GrantError::InvalidCredentials).await?;
                if matches!(counted, GrantError::Blocked { .. }) { Err(counted) } else { Ok(None) }
            }
        }
    }

    /// Makes a pair of what an exchange came to, or tells this instance and the log what ended.
    pub(super) async fn carried_out(&self, issuer: &Issuer, outcome: Outcome) -> Result<TokenPair, GrantError> {
        match outcome {
            Outcome::Pair { secret, issued } => {
                let missing = || GrantError::Defect("a pair of no secret".into());
                self.pair(issuer, issuer.derived.get(secret).ok_or_else(missing)?, *issued).await
            }
            Outcome::Ended { refused, event, session, ended } => {
                tracing::warn!(target: "audit", event, %session);
                self.ended.add(ended);
                Err(refused)
            }
        }
    }
}

/// One exchange of a refresh token, inside its transaction.
struct RefreshExchange {
    issuer: Issuer,
    claimed: Claimed,
    token: Seed,
    asked: Vec<String>,
}

impl RefreshExchange {
    fn run(self, unit: &mut dyn Unit) -> Result<Outcome, Halt> {
        let (policy, now) = (&self.issuer.policy, self.issuer.at());
        let dead = |why| Err(Halt::Refused(GrantError::DeadRefreshToken(why)));
        let client = policy.client(unit, &self.claimed, "refresh_token")?;
        // Once more when somebody else was faster: then this is the retry of an honest client, or it is not.
        for _ in 0..2 {
            let Some(row) = store::find_refresh(unit.connection(), &self.token.identifier)? else {
                return dead(Dead::Unknown);
            };
            // Before anything can happen to the session: a stranger's client must not be able to end it.
            if row.fk_oauth_client != client.identifier {
                return dead(Dead::OtherClient);
            }
            let session = session_of(unit, row.session.as_deref())?;
            let Some(session) = session.filter(|session| session.closed_at.is_none() && row.revoked_at.is_none())
            else {
                return dead(Dead::Revoked);
            };
            if row.expires_at.min(policy.cap(&session)) <= now {
                return dead(Dead::Expired);
            }
            if row.used_at.is_some_and(|used| now - used > policy.settings.retry()) {
                let refused = GrantError::DeadRefreshToken(Dead::Reused);
                return ended(unit, &self.issuer, session, refused, "refresh_token_reused");
            }
            let granted: Vec<String> = parsed(&session.scopes)?;
            if self.asked.iter().any(|scope| !granted.contains(scope)) {
                return Err(Halt::Refused(GrantError::InvalidScope));
            }
            let person = match policy.standing(unit, &session)? {
                Standing::Here(person) => person,
                Standing::Gone => return dead(Dead::InactiveUser),
                Standing::Lost => {
                    let refused = GrantError::DeadRefreshToken(Dead::LostRight);
                    return ended(unit, &self.issuer, session, refused, "right_lost");
                }
            };
            if row.used_at.is_some() {
                return again(unit, &self.issuer, &session)?
                    .ok_or(Halt::Refused(GrantError::DeadRefreshToken(Dead::SuccessorUsed)));
            }
            // What the client or the person lost since is lost here too; the session keeps the whole grant (RFC 6749 §6).
            let own = policy.grantable(&person, &client, Some(&granted))?;
            let scopes = policy.requested(&own, person.marks(), &self.asked)?;
            if scopes.is_empty() && !granted.is_empty() {
                return Err(Halt::Refused(GrantError::InvalidScope));
            }
            let user = &person.identifier;
            let lifetime = policy.settings.access();
            let grant = Grant { user, scopes: &scopes, held: &own, granted: &granted, lifetime };
            let Some(session) = proceed(unit, &self.issuer, session, &grant)? else {
                return dead(Dead::Revoked);
            };
            if store::use_refresh(unit.connection(), &row.identifier, now)? {
                let issued = self.issuer.write(unit, &session, &grant)?;
                return Ok(Outcome::Pair { secret: 0, issued: Box::new(issued) });
            }
        }
        dead(Dead::SuccessorUsed)
    }
}

/// Takes a session on to its next pair, unless it was closed a moment ago; its row is locked from here on.
pub(super) fn proceed(
    unit: &mut dyn Unit,
    issuer: &Issuer,
    mut session: SessionRow,
    grant: &Grant<'_>,
) -> Result<Option<SessionRow>, Halt> {
    let (policy, now) = (&issuer.policy, issuer.at());
    let (exchanges, exchanges_since) = policy.one_more(&session, now)?;
    let cap = policy.cap(&session);
    session.expires_at = policy.refreshable_until(cap, issuer.now);
    let progress = Progress {
        user_identifier: &json(grant.user)?,
        issued_scopes: &json(grant.held)?,
        refreshed_at: now,
        expires_at: session.expires_at,
        access_until: session.access_until.max((now + grant.lifetime).min(cap)),
        exchanges,
        exchanges_since,
    };
    Ok(store::proceed(unit.connection(), &session.identifier, &progress)?.then_some(session))
}

/// The pair that the same credential yielded a moment ago, while nobody used its refresh token: otherwise two holders would
/// share a session. A key that was exchanged meanwhile made other pairs: a retry may still want one of those.
pub(super) fn again(unit: &mut dyn Unit, issuer: &Issuer, session: &SessionRow) -> Result<Option<Outcome>, Halt> {
    let format = issuer.policy.conventions.access;
    let name = super::rows::name(session)?;
    for (secret, derived) in issuer.derived.iter().enumerate() {
        // The access token's id may say its generation, and access tokens may have ended since.
        for generation in (0..=session.generation).rev().take(16) {
            let id = jwt::id(format, name, generation, &derived.tag);
            let found = store::access_token_of(unit.connection(), &derived.refresh.identifier, &id)?;
            if let Some((refresh, access)) = found {
                return Ok(Some(Outcome::Pair { secret, issued: Box::new(Issued { access, refresh: Some(refresh) }) }));
            }
        }
    }
    Ok(None)
}

/// Ends a session beside a refusal.
pub(super) fn ended(
    unit: &mut dyn Unit,
    issuer: &Issuer,
    session: SessionRow,
    refused: GrantError,
    event: &'static str,
) -> Result<Outcome, Halt> {
    let session = session.identifier;
    let whose = SessionSelector::Session(session.clone());
    let ended = store::end(unit.connection(), &whose, Extent::Everything, event, issuer.at())?;
    Ok(Outcome::Ended { refused, event, session, ended })
}
