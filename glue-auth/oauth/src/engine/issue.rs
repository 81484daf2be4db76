//! What a grant ends with: a signed access token, a refresh token, and a row of each.

use oauth_extension::UserIdentifier;
use time::{Duration, OffsetDateTime};

use super::{Engine, TokenPair, stored};
use crate::error::GrantError;
use crate::format::{Facts, Seed};
use crate::jwt;
use crate::port::{Connection, settle};
use crate::random;
use crate::store::{self, AccessRow, Client, RefreshRow};

/// The rows of a new session, and what the client gets.
pub(super) struct Begun {
    pub(super) pair: TokenPair,
    pub(super) access: AccessRow,
    pub(super) refresh: RefreshRow,
}

impl Engine {
    /// Begins a session.
    pub(super) async fn issue(
        &self,
        client: &Client,
        user: &UserIdentifier,
        scopes: Vec<String>,
        lifetime: Duration,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let begun = self.begin(client, user, scopes, lifetime, random::identifier(), now).await?;
        self.store(begun).await
    }

    /// Stores a session that begins, unless all of the person's ended meanwhile.
    pub(super) async fn store(&self, begun: Begun) -> Result<TokenPair, GrantError> {
        let Begun { pair, access, refresh } = begun;
        let write = |conn: Connection<'_>, (access, refresh): &(AccessRow, RefreshRow)| {
            store::begin_session(conn, access, refresh)
        };
        let began = settle(&*self.database, (access, refresh), write).await?;
        if began { Ok(pair) } else { Err(GrantError::InvalidCredentials) }
    }

    /// Makes everything that a session begins with, and stores nothing.
    pub(super) async fn begin(
        &self,
        client: &Client,
        user: &UserIdentifier,
        scopes: Vec<String>,
        lifetime: Duration,
        family: String,
        now: OffsetDateTime,
    ) -> Result<Begun, GrantError> {
        let seed = self.conventions.refresh.fresh().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        let (access_token, access) = self.sign(&client.identifier, user, &scopes, lifetime, &family, now)?;
        let refresh = RefreshRow {
            identifier: seed.identifier.clone(),
            family,
            scopes: access.scopes.clone().unwrap_or_default(),
            customer_reference: user.text("customer_reference").map(str::to_owned),
            subject: self.subject_key(user),
            answered_by: None,
            authenticated_at: Some(stored(now)),
            user_identifier: access.user_identifier.clone(),
            fk_oauth_client: client.identifier.clone(),
            expires_at: self.refreshable_until(stored(now), now),
            used_at: None,
            revoked_at: None,
            created_at: stored(now),
            updated_at: stored(now),
        };
        let refresh_token = self.refresh_token(seed, &refresh, &access).await?;
        let pair = self.pair(access_token, lifetime, refresh_token, user.clone(), scopes);
        Ok(Begun { pair, access, refresh })
    }

    /// When the successor of a session that began at `since` ends: refreshing does not prolong a session for ever.
    pub(super) fn refreshable_until(
        &self,
        since: time::PrimitiveDateTime,
        now: OffsetDateTime,
    ) -> time::PrimitiveDateTime {
        let next = match self.conventions.refresh.ends_by_the_calendar() && self.settings.refresh_seconds == 2_628_000 {
            true => next_month(now),
            false => stored(now + self.settings.refresh()),
        };
        next.min(since + self.settings.session())
    }

    pub(super) async fn refresh_token(
        &self,
        seed: Seed,
        row: &RefreshRow,
        access: &AccessRow,
    ) -> Result<String, GrantError> {
        let facts = Facts {
            client: row.fk_oauth_client.clone(),
            access: access.identifier.clone(),
            scopes: row.scopes.clone(),
            user: row.user_identifier.clone(),
            expires: row.expires_at.assume_utc().unix_timestamp(),
        };
        self.conventions.refresh.finished(seed, facts, &self.passwords).await
    }

    pub(super) fn pair(
        &self,
        access_token: String,
        lifetime: Duration,
        refresh_token: String,
        user: UserIdentifier,
        scopes: Vec<String>,
    ) -> TokenPair {
        let (expires_in, refresh_token) = (lifetime.whole_seconds(), Some(refresh_token));
        TokenPair { access_token, expires_in, refresh_token, user, scopes }
    }

    /// An access token, and the row that the audit keeps of it.
    pub(super) fn sign(
        &self,
        client: &str,
        user: &UserIdentifier,
        scopes: &[String],
        lifetime: Duration,
        family: &str,
        now: OffsetDateTime,
    ) -> Result<(String, AccessRow), GrantError> {
        let id = self.conventions.access.fresh_id().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        let about = jwt::About { id: &id, client, user, scopes };
        let token = self.tokens().sign(&about, now, lifetime).map_err(|reason| GrantError::Defect(reason.into()))?;
        let json = |error: serde_json::Error| GrantError::Defect(error.to_string());
        let row = AccessRow {
            identifier: id,
            scopes: Some(serde_json::to_string(scopes).map_err(json)?),
            user_identifier: serde_json::to_string(user).map_err(json)?,
            fk_oauth_client: client.to_owned(),
            expirity_date: stored(now + lifetime),
            family: Some(family.to_owned()),
            revoked_at: None,
            created_at: stored(now),
            updated_at: stored(now),
        };
        Ok((token, row))
    }
}

/// The same day and time of the next month; PHP's `P1M` runs over the end of a shorter month.
fn next_month(now: OffsetDateTime) -> time::PrimitiveDateTime {
    let days = now.month().length(now.year());
    stored(now + Duration::days(i64::from(days)))
}
