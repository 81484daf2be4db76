//! What a token is worth now (RFC 7662).

use oauth_extension::UserIdentifier;
use time::OffsetDateTime;

use super::{Caller, Engine, stored};
use crate::error::GrantError;
use crate::jwt;
use crate::port::{Access, run};
use crate::store;

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
            let id = verified.id.clone();
            // The list in memory may be a second old; the row is not.
            let row = run(&*self.database, Access::Read, move |conn| store::find_access(conn, &id)).await?;
            let dead = row.is_none_or(|row| row.revoked_at.is_some())
                || (verified.user.text("client_id").is_none() && self.active(&verified.user).await?.is_none());
            if dead || !sees(&verified.client) {
                return Ok(None);
            }
            return Ok(Some(Introspection {
                is_access: true,
                client: verified.client.clone(),
                subject: jwt::subject(&verified.user),
                natural: Some(judged.subject.natural.clone()),
                scopes: verified.scopes.clone(),
                expires: verified.expires,
                issued: verified.issued,
                id: Some(verified.id.clone()),
            }));
        }
        let Some(received) = self.conventions.refresh.received(token, &self.passwords).await? else {
            return Ok(None);
        };
        let found =
            run(&*self.database, Access::Read, move |conn| store::find_refresh(conn, &received.identifier)).await?;
        let live =
            found.filter(|row| row.used_at.is_none() && row.revoked_at.is_none() && row.expires_at > stored(now));
        let Some(row) = live.filter(|row| sees(&row.fk_oauth_client)) else { return Ok(None) };
        let defect = |error: serde_json::Error| GrantError::Defect(error.to_string());
        let user: UserIdentifier = serde_json::from_str(&row.user_identifier).map_err(defect)?;
        let Some(subject) = self.subject(&user) else { return Ok(None) };
        if self.active(&user).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(Introspection {
            is_access: false,
            client: row.fk_oauth_client,
            subject: jwt::subject(&user),
            natural: Some(subject.natural),
            scopes: serde_json::from_str(&row.scopes).map_err(defect)?,
            expires: row.expires_at.assume_utc().unix_timestamp(),
            issued: row.created_at.assume_utc().unix_timestamp(),
            id: None,
        }))
    }
}
