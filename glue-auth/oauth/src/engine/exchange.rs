//! The refresh grant: one winner, one successor, honest retries, and an end for stolen families.

use oauth_extension::UserIdentifier;
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use super::{Engine, RefreshRequest, TokenPair, stored};
use crate::error::{Dead, GrantError};
use crate::port::{Access, run};
use crate::refresh::RefreshToken;
use crate::store::{self, Client, Exchange, RefreshRow};

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
        let client = self.client(request.client).await?;
        let token = RefreshToken::received(request.token.expose_secret());
        let row = self.live(&token, &client, now).await?;
        let user: UserIdentifier =
            serde_json::from_str(&row.user_identifier).map_err(|error| GrantError::Defect(error.to_string()))?;
        let granted: Vec<String> =
            serde_json::from_str(&row.scopes).map_err(|error| GrantError::Defect(error.to_string()))?;
        // The access token may shrink; the successor keeps the whole grant (RFC 6749 §6).
        let scopes = if request.scopes.is_empty() { granted.clone() } else { request.scopes };
        if scopes.iter().any(|scope| !granted.contains(scope)) {
            return Err(GrantError::InvalidScope);
        }
        if !self.is_active(&user).await? {
            return Err(GrantError::DeadRefreshToken(Dead::InactiveUser));
        }
        let successor = token.successor(self.keys.refresh_secret());
        let (access_token, access_row) = self.sign(&client.identifier, &user, &scopes, now)?;
        if row.used_at.is_none() {
            let (identifier, next) = (row.identifier.clone(), self.next(&row, &successor, now));
            let exchange = {
                let access_row = access_row.clone();
                run(&*self.database, Access::Write, move |conn| {
                    store::exchange(conn, &identifier, stored(now), &access_row, &next)
                })
                .await?
            };
            if exchange == Exchange::Won {
                return Ok(self.pair(access_token, successor, user, scopes));
            }
            // Somebody was faster: what they did decides whether this is an honest parallel request.
            self.live(&token, &client, now).await?;
        }
        // A retry yields the successor only while nobody used that one: otherwise two holders would share a family.
        let identifier = successor.identifier();
        let retry = run(&*self.database, Access::Write, move |conn| {
            store::record_retry(conn, &identifier, stored(now), &access_row)
        });
        if retry.await? == Exchange::Lost {
            return Err(GrantError::DeadRefreshToken(Dead::Revoked));
        }
        Ok(self.pair(access_token, successor, user, scopes))
    }

    /// The token's row, when it may be exchanged: unused, or used a moment ago.
    async fn live(&self, token: &RefreshToken, client: &Client, now: OffsetDateTime) -> Result<RefreshRow, GrantError> {
        let identifier = token.identifier();
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
        if row.expires_at <= stored(now) {
            return dead(Dead::Expired);
        }
        if row.used_at.is_some_and(|used| stored(now) - used > self.settings.retry()) {
            let family = row.family;
            tracing::warn!(target: "audit", event = "refresh_token_reused", %family);
            run(&*self.database, Access::Write, move |conn| store::revoke_family(conn, &family, stored(now))).await?;
            return dead(Dead::Reused);
        }
        Ok(row)
    }

    async fn is_active(&self, user: &UserIdentifier) -> Result<bool, GrantError> {
        match self.plugins.users.iter().find(|provider| provider.subject(user).is_some()) {
            Some(provider) => Ok(provider.is_active(user).await?),
            None => Ok(false),
        }
    }

    fn next(&self, row: &RefreshRow, successor: &RefreshToken, now: OffsetDateTime) -> RefreshRow {
        RefreshRow {
            identifier: successor.identifier(),
            expires_at: stored(now + self.settings.refresh()),
            created_at: stored(now),
            updated_at: stored(now),
            ..row.clone()
        }
    }
}
