//! What a token is worth now (RFC 7662).

use oauth_extension::UserIdentifier;
use time::OffsetDateTime;

use super::columns::{parsed, stored};
use super::halt::{Halt, decided};
use super::requests::Caller;
use super::rows::session_of;
use super::shared::Engine;
use crate::error::GrantError;
use crate::jwt;
use crate::port::{Access, Unit, run};
use crate::store::{self, RefreshRow, SessionRow};

/// A live token as its client may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Whether it is an access token.
    pub is_access: bool,
    /// The client that it was issued to.
    pub client: String,
    /// Whom it is about, opaque.
    pub subject: String,
    /// The natural identifier of the person.
    pub natural: Option<String>,
    /// What it allows.
    pub scopes: Vec<String>,
    /// Its end, seconds since 1970.
    pub expires: i64,
    /// Its beginning, seconds since 1970.
    pub issued: i64,
    /// The id of an access token.
    pub id: Option<String>,
}

impl Engine {
    /// What a token is worth now, to the client that it was issued to. `None` for everything else: dead, unknown, issued
    /// to somebody else, or for another application (RFC 7662 §2.2).
    ///
    /// # Errors
    /// [`GrantError`]; [`GrantError::InvalidClient`] when the client does not authenticate with a secret.
    pub async fn introspect(
        &self,
        caller: &Caller,
        token: &str,
        now: OffsetDateTime,
    ) -> Result<Option<Introspection>, GrantError> {
        let credentials = caller.client.as_ref().filter(|client| client.secret.is_some());
        let credentials = credentials.ok_or(GrantError::InvalidClient)?;
        let client = self.authenticated(credentials, &caller.source, now).await?;
        if !client.is_confidential {
            return Err(GrantError::InvalidClient);
        }
        // A resource server of its own may look at what any client presents to it; others see what was issued to them.
        let sees = |owner: &str| owner == client.identifier || client.is_resource_server();
        if let Ok(judged) = self.verify(token, now) {
            let verified = &judged.verified;
            return Ok(match sees(&verified.client) && self.is_live(&verified.id).await? {
                false => None,
                true => Some(Introspection {
                    is_access: true,
                    client: verified.client.clone(),
                    subject: jwt::subject(&verified.user),
                    natural: Some(judged.subject.natural.clone()),
                    scopes: verified.scopes.clone(),
                    expires: verified.expires,
                    issued: verified.issued,
                    id: Some(verified.id.clone()),
                }),
            });
        }
        let Some(received) = self.received(token, &caller.source, now).await? else { return Ok(None) };
        let Some(row) = self.live_refresh(received.identifier, now).await?.filter(|row| sees(&row.fk_oauth_client))
        else {
            return Ok(None);
        };
        let user: UserIdentifier = parsed(&row.user_identifier)?;
        let Some(subject) = self.subject(&user) else { return Ok(None) };
        Ok(Some(Introspection {
            is_access: false,
            client: row.fk_oauth_client,
            subject: jwt::subject(&user),
            natural: Some(subject.natural),
            scopes: parsed(&row.scopes)?,
            expires: row.expires_at.assume_utc().unix_timestamp(),
            issued: row.created_at.assume_utc().unix_timestamp(),
            id: None,
        }))
    }

    /// Whether an access token counts by what the database says now: the list in memory may be a second old.
    async fn is_live(&self, id: &str) -> Result<bool, GrantError> {
        let (policy, id) = (self.policy.clone(), id.to_owned());
        let look = move |unit: &mut dyn Unit| -> Result<bool, Halt> {
            let Some(row) = store::find_access(unit.connection(), &id)? else { return Ok(false) };
            let Some(session) = session_of(unit, row.session.as_deref())? else { return Ok(false) };
            let counts = session.ended_at.is_none() && row.generation >= session.generation;
            Ok(counts && policy.holds(unit, &session)?)
        };
        run(&*self.database, Access::Read, move |unit| decided(look(unit))).await?
    }

    /// A refresh token that could be exchanged now.
    async fn live_refresh(&self, identifier: String, now: OffsetDateTime) -> Result<Option<RefreshRow>, GrantError> {
        let (policy, now) = (self.policy.clone(), stored(now));
        let look = move |unit: &mut dyn Unit| -> Result<Option<RefreshRow>, Halt> {
            let unused = |row: &RefreshRow| row.used_at.is_none() && row.revoked_at.is_none();
            let found = store::find_refresh(unit.connection(), &identifier)?.filter(unused);
            let Some(row) = found else { return Ok(None) };
            let session = session_of(unit, row.session.as_deref())?;
            let open =
                |session: &SessionRow| session.closed_at.is_none() && row.expires_at.min(policy.cap(session)) > now;
            let Some(session) = session.filter(open) else { return Ok(None) };
            Ok(policy.holds(unit, &session)?.then_some(row))
        };
        run(&*self.database, Access::Read, move |unit| decided(look(unit))).await?
    }
}
