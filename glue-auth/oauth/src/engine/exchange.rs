//! The refresh grant: one winner, one successor, honest retries, and an end for stolen families.

use oauth_extension::UserIdentifier;
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use super::{Engine, RefreshRequest, TokenPair, stored};
use crate::error::{Dead, GrantError};
use crate::format::Seed;
use crate::port::{Access, run};
use crate::store::{self, Client, Exchange, RefreshRow, Whose};

impl Engine {
    /// Exchanges a refresh token for a new pair.
    ///
    /// The token that was sent can no longer be exchanged afterwards, except within the retry window: there it yields
    /// the same refresh token again, so that a lost answer or a second tab does not end the session. Sent later, it was
    /// stolen from somebody, and its whole family ends. A refused request changes nothing.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn refresh(&self, request: RefreshRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let client = self.client(&request.caller, "refresh_token", now).await?;
        let received = self.conventions.refresh.received(request.token.expose_secret(), &self.passwords).await?;
        let token = received.ok_or(GrantError::DeadRefreshToken(Dead::Unknown))?;
        let mut row = self.live(&token, &client, now).await?;
        let user: UserIdentifier =
            serde_json::from_str(&row.user_identifier).map_err(|error| GrantError::Defect(error.to_string()))?;
        let granted: Vec<String> =
            serde_json::from_str(&row.scopes).map_err(|error| GrantError::Defect(error.to_string()))?;
        // The access token may shrink; the successor keeps the whole grant (RFC 6749 §6). What the client or the person
        // lost since is lost here too: every check of issue is repeated.
        let asked = if request.scopes.is_empty() { granted.clone() } else { request.scopes };
        if asked.iter().any(|scope| !granted.contains(scope)) {
            return Err(GrantError::InvalidScope);
        }
        let wanted = asked.len();
        let still = self.still(&user, &client, asked).await?;
        let scopes = still.ok_or(GrantError::DeadRefreshToken(Dead::InactiveUser))?;
        if scopes.is_empty() && wanted > 0 {
            return Err(GrantError::InvalidScope);
        }
        let tokens = self.tokens();
        // A key that was exchanged a moment ago made other successors: a retry may still want one of those.
        for secret in tokens.keys().refresh_secrets() {
            let successor = self.conventions.refresh.successor(&token, secret);
            let lifetime = self.settings.access();
            let (access_token, access_row) =
                self.sign(&client.identifier, &user, &scopes, lifetime, &row.family, now)?;
            let next = self.next(&row, &user, &successor, now);
            let identifier = successor.identifier.clone();
            let refresh_token = self.refresh_token(successor, &next, &access_row).await?;
            let pair = self.pair(access_token, lifetime, refresh_token, user.clone(), scopes.clone());
            if row.used_at.is_none() {
                let (own, access_row) = (row.identifier.clone(), access_row.clone());
                let exchange = run(&*self.database, Access::Write, move |conn| {
                    store::exchange(conn, &own, stored(now), &access_row, &next)
                });
                if exchange.await? == Exchange::Won {
                    return Ok(pair);
                }
                // Somebody was faster: what they did decides whether this is an honest parallel request.
                row = self.live(&token, &client, now).await?;
            }
            // A retry yields the successor only while nobody used that one: otherwise two holders would share a family.
            let retry = run(&*self.database, Access::Write, move |conn| {
                store::record_retry(conn, &identifier, stored(now), &access_row)
            });
            if retry.await? == Exchange::Won {
                return Ok(pair);
            }
        }
        Err(GrantError::DeadRefreshToken(Dead::SuccessorUsed))
    }

    /// The token's row, when it may be exchanged: unused, or used a moment ago.
    async fn live(&self, token: &Seed, client: &Client, now: OffsetDateTime) -> Result<RefreshRow, GrantError> {
        let identifier = token.identifier.clone();
        let found = run(&*self.database, Access::Read, move |conn| store::find_refresh(conn, &identifier)).await?;
        let dead = |why| Err(GrantError::DeadRefreshToken(why));
        let Some(row) = found else {
            return dead(Dead::Unknown);
        };
        // Before anything can happen to the family: a stranger's client must not be able to end it.
        if row.fk_oauth_client != client.identifier {
            return dead(Dead::OtherClient);
        }
        if row.revoked_at.is_some() {
            return dead(Dead::Revoked);
        }
        let session_ends = row.authenticated_at.unwrap_or(row.created_at) + self.settings.session();
        if row.expires_at.min(session_ends) <= stored(now) {
            return dead(Dead::Expired);
        }
        if row.used_at.is_some_and(|used| stored(now) - used > self.settings.retry()) {
            let family = row.family;
            tracing::warn!(target: "audit", event = "refresh_token_reused", %family);
            self.end(Whose::Family(family), now).await?;
            return dead(Dead::Reused);
        }
        Ok(row)
    }

    fn next(&self, row: &RefreshRow, user: &UserIdentifier, successor: &Seed, now: OffsetDateTime) -> RefreshRow {
        let since = row.authenticated_at.unwrap_or(row.created_at);
        RefreshRow {
            identifier: successor.identifier.clone(),
            subject: self.subject_key(user),
            authenticated_at: Some(since),
            expires_at: self.refreshable_until(since, now),
            created_at: stored(now),
            updated_at: stored(now),
            ..row.clone()
        }
    }
}
