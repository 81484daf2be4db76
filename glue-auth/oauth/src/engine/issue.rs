//! What a grant ends with: the rows of an access token and of a refresh token, and both of them signed.

use std::sync::Arc;

use oauth_extension::UserIdentifier;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::columns::{json, parsed, stored};
use super::halt::Halt;
use super::policy::{Policy, Present};
use super::requests::TokenPair;
use super::shared::Engine;
use crate::error::GrantError;
use crate::format::{Derived, Facts};
use crate::jwt::{self, About, Tokens};
use crate::port::Unit;
use crate::session::SessionId;
use crate::store::{self, AccessRow, RefreshRow, SessionRow};

/// The rows of a pair.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) access: AccessRow,
    /// None for a client on its own behalf (RFC 6749 §4.4.3).
    pub(super) refresh: Option<RefreshRow>,
}

/// What issues a pair: the signer of the moment, and what it is derived from.
#[derive(Clone)]
pub(super) struct Issuer {
    pub(super) policy: Arc<Policy>,
    pub(super) tokens: Arc<Tokens>,
    /// The pair under each secret, the current one first.
    pub(super) derived: Arc<Vec<Derived>>,
    pub(super) now: OffsetDateTime,
}

/// What the tokens of a pair are about.
pub(super) struct Grant<'a> {
    pub(super) user: &'a UserIdentifier,
    /// What the access token allows.
    pub(super) scopes: &'a [String],
    /// What of the grant the person and the client have now.
    pub(super) held: &'a [String],
    /// What was granted to the session.
    pub(super) granted: &'a [String],
    /// How long the access token lives.
    pub(super) lifetime: Duration,
}

impl Issuer {
    /// The moment, as it is stored.
    pub(super) fn at(&self) -> PrimitiveDateTime {
        stored(self.now)
    }

    /// What the pair is derived from now.
    pub(super) fn current(&self) -> Result<&Derived, GrantError> {
        self.derived.first().ok_or_else(|| GrantError::Defect("no secret to derive tokens from".into()))
    }

    /// The row of an access token of a session.
    pub(super) fn access(&self, session: &SessionRow, grant: &Grant<'_>) -> Result<AccessRow, GrantError> {
        let derived = self.current()?;
        let ends = (self.at() + grant.lifetime).min(self.policy.cap(session));
        let mut row = AccessRow {
            identifier: jwt::id(self.policy.conventions.access, named(session)?, session.generation, &derived.tag),
            scopes: Some(json(grant.scopes)?),
            user_identifier: json(grant.user)?,
            fk_oauth_client: session.fk_oauth_client.clone(),
            expirity_date: ends,
            session: Some(session.identifier.clone()),
            generation: session.generation,
            sealed: None,
            created_at: self.at(),
            updated_at: self.at(),
        };
        if !self.tokens.repeats() {
            let sealed = derived.seal(&signed(&self.tokens, &row)?);
            row.sealed = Some(sealed.ok_or_else(|| GrantError::Defect("a token cannot be sealed".into()))?);
        }
        Ok(row)
    }

    /// Both rows of a pair, written.
    pub(super) fn write(&self, unit: &mut dyn Unit, session: &SessionRow, grant: &Grant<'_>) -> Result<Issued, Halt> {
        let access = self.access(session, grant)?;
        let subject = self.policy.subject(grant.user);
        let refresh = RefreshRow {
            identifier: self.current()?.refresh.identifier.clone(),
            session: access.session.clone(),
            scopes: json(grant.granted)?,
            customer_reference: subject.filter(|subject| subject.kind.is_customer()).map(|subject| subject.natural),
            user_identifier: access.user_identifier.clone(),
            fk_oauth_client: access.fk_oauth_client.clone(),
            expires_at: session.expires_at,
            used_at: None,
            revoked_at: None,
            created_at: self.at(),
            updated_at: self.at(),
        };
        store::insert_access(unit.connection(), &access)?;
        store::insert_refresh(unit.connection(), &refresh)?;
        Ok(Issued { access, refresh: Some(refresh) })
    }
}

impl Engine {
    /// What issues the pair for a credential that somebody sent, or for a new one.
    pub(super) fn issuer(&self, credential: &crate::format::Seed, now: OffsetDateTime) -> Issuer {
        let tokens = self.tokens();
        let format = &self.policy.conventions.refresh;
        let secrets = tokens.keys().refresh_secrets();
        let derived = secrets.iter().map(|secret| Derived::from(credential, secret, format)).collect();
        Issuer { policy: self.policy.clone(), tokens, derived: Arc::new(derived), now }
    }

    /// The same for a session that begins.
    pub(super) fn fresh_issuer(&self, now: OffsetDateTime) -> Result<Issuer, GrantError> {
        let fresh = self.policy.conventions.refresh.fresh();
        let fresh = fresh.ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        Ok(self.issuer(&fresh, now))
    }

    /// The pair as its client gets it, from its rows and what it was derived from. The same rows always give the same pair.
    pub(super) async fn pair(
        &self,
        issuer: &Issuer,
        derived: &Derived,
        issued: Issued,
    ) -> Result<TokenPair, GrantError> {
        let Issued { access, refresh } = issued;
        let broken = || GrantError::Defect("a sealed token does not open".into());
        let access_token = match &access.sealed {
            Some(sealed) => derived.open(sealed).ok_or_else(broken)?,
            None => signed(&issuer.tokens, &access)?,
        };
        let refresh_token = match refresh {
            None => None,
            Some(row) => {
                let facts = Facts {
                    client: row.fk_oauth_client,
                    access: access.identifier.clone(),
                    scopes: row.scopes,
                    user: row.user_identifier,
                    expires: row.expires_at.assume_utc().unix_timestamp(),
                };
                Some(
                    self.policy
                        .conventions
                        .refresh
                        .finished(&derived.refresh, &derived.envelope, facts, &self.passwords)
                        .await?,
                )
            }
        };
        Ok(TokenPair {
            access_token,
            expires_in: (access.expirity_date - access.created_at).whole_seconds(),
            refresh_token,
            user: parsed(&access.user_identifier)?,
            scopes: parsed(access.scopes.as_deref().unwrap_or("[]"))?,
        })
    }

    /// The pair under the current secret.
    pub(super) async fn current_pair(&self, issuer: &Issuer, issued: Issued) -> Result<TokenPair, GrantError> {
        self.pair(issuer, issuer.current()?, issued).await
    }
}

/// A session that begins, with nothing issued in it yet.
pub(super) fn begun(
    policy: &Policy,
    person: &Present,
    client: &str,
    granted: &[String],
    now: PrimitiveDateTime,
) -> Result<SessionRow, GrantError> {
    Ok(SessionRow {
        identifier: SessionId::fresh().to_string(),
        kind: person.subject.kind.name().to_owned(),
        subject: store::subject_key(&person.subject.natural),
        fk_oauth_client: client.to_owned(),
        parent: None,
        user_identifier: json(&person.identifier)?,
        scopes: json(granted)?,
        issued_scopes: json(granted)?,
        generation: 0,
        authenticated_at: now,
        begun_at: now,
        capped_at: now + policy.settings.session(),
        refreshed_at: None,
        expires_at: now,
        access_until: now,
        exchanges: 1,
        exchanges_since: now,
        closed_at: None,
        ended_at: None,
    })
}

fn named(session: &SessionRow) -> Result<SessionId, GrantError> {
    SessionId::parse(&session.identifier).ok_or_else(|| GrantError::Defect("a session without a proper name".into()))
}

fn signed(tokens: &Tokens, row: &AccessRow) -> Result<String, GrantError> {
    let session = row.session.as_deref().and_then(SessionId::parse);
    let about = About {
        id: &row.identifier,
        session: session.ok_or_else(|| GrantError::Defect("a token without a session".into()))?,
        generation: row.generation,
        client: &row.fk_oauth_client,
        user: &parsed(&row.user_identifier)?,
        scopes: &parsed::<Vec<String>>(row.scopes.as_deref().unwrap_or("[]"))?,
        issued: row.created_at.assume_utc(),
        expires: row.expirity_date.assume_utc(),
    };
    tokens.sign(&about).map_err(|reason| GrantError::Defect(reason.into()))
}
