//! Grants in, token pairs out.

mod exchange;
mod revoke;

use std::sync::Arc;

use oauth_extension::{ScopeProvider, Subject, UserIdentifier, UserProvider};
use secrecy::SecretString;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::error::GrantError;
use crate::jwt::{NotOurs, Tokens, Verified};
use crate::keys::Keys;
use crate::passwords::{PasswordPool, Verdict};
use crate::port::{Access, Database, run};
use crate::random;
use crate::refresh::RefreshToken;
use crate::settings::AuthSettings;
use crate::store::{self, AccessRow, Client, RefreshRow};

/// The people and scopes that one application's tokens are about.
#[derive(Default)]
pub struct Plugins {
    /// Asked in order; the first that knows a name decides.
    pub users: Vec<Arc<dyn UserProvider>>,
    /// All are asked and their answers merged.
    pub scopes: Vec<Arc<dyn ScopeProvider>>,
}

/// How a client said who it is.
#[derive(Clone)]
pub struct ClientCredentials {
    /// Its identifier.
    pub id: String,
    /// Its secret.
    pub secret: Option<SecretString>,
}

/// The password grant (RFC 6749 §4.3).
pub struct PasswordRequest {
    /// The client; the default client when it named none.
    pub client: Option<ClientCredentials>,
    /// The login name.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The scopes asked for; none means all that the user has.
    pub scopes: Vec<String>,
}

/// The refresh grant (RFC 6749 §6).
pub struct RefreshRequest {
    /// The client; the default client when it named none.
    pub client: Option<ClientCredentials>,
    /// The refresh token.
    pub token: SecretString,
    /// The scopes asked for; none means all of the grant.
    pub scopes: Vec<String>,
}

/// What a grant yields.
pub struct TokenPair {
    /// The access token.
    pub access_token: String,
    /// Seconds that it lives.
    pub expires_in: i64,
    /// The refresh token.
    pub refresh_token: String,
    /// What both are about.
    pub user: UserIdentifier,
    /// What the access token allows.
    pub scopes: Vec<String>,
}

/// The engine of one application.
pub struct Engine {
    database: Arc<dyn Database>,
    tokens: Tokens,
    keys: Keys,
    passwords: PasswordPool,
    plugins: Plugins,
    settings: AuthSettings,
}

impl Engine {
    /// An engine that issues as `issuer` for `audience`.
    #[must_use]
    pub fn new(
        database: Arc<dyn Database>,
        keys: Keys,
        passwords: PasswordPool,
        plugins: Plugins,
        settings: AuthSettings,
        (issuer, audience): (String, String),
    ) -> Self {
        let leeway = time::Duration::seconds(settings.leeway_seconds);
        let tokens = Tokens::new(keys.clone(), issuer, audience, leeway, settings.access());
        Self { database, tokens, keys, passwords, plugins, settings }
    }

    /// Logs a user in.
    ///
    /// # Errors
    /// [`GrantError`]; unknown, wrong, empty and disabled are one case and cost the same.
    pub async fn password(&self, request: PasswordRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let client = self.client(request.client).await?;
        let mut found = None;
        for provider in &self.plugins.users {
            if let Some(candidate) = provider.find(&request.username).await? {
                found = Some((provider, candidate));
                break;
            }
        }
        let hash = found.as_ref().and_then(|(_, candidate)| candidate.password_hash.clone());
        let verdict = self.passwords.verify(request.password, hash.clone()).await?;
        let (Verdict::Right { stronger }, Some((provider, candidate))) = (verdict, found) else {
            return Err(GrantError::InvalidCredentials);
        };
        if !candidate.is_active {
            return Err(GrantError::InvalidCredentials);
        }
        let scopes = self.granted(&candidate.subject, &request.scopes);
        let pair = self.issue(&client, &candidate.identifier, scopes, now).await?;
        if let (Some(stronger), Some(old)) = (stronger, hash)
            && let Err(error) = provider.rehash(&candidate.subject, old, stronger).await
        {
            // The login stands; the next one tries again.
            tracing::warn!(%error, "a password hash could not be renewed");
        }
        Ok(pair)
    }

    /// Judges an access token without asking the database.
    ///
    /// # Errors
    /// [`NotOurs`] for everything that is not a live access token of this application.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Result<(Verified, Subject), NotOurs> {
        let verified = self.tokens.verify(token, now)?;
        let subject = self.plugins.users.iter().find_map(|provider| provider.subject(&verified.user));
        Ok((verified, subject.ok_or(NotOurs("nobody here knows its user"))?))
    }

    /// The scopes of a person, cut down to those asked for. Asking never adds: a scope that the person does not have is
    /// dropped (contract/authentication.md §8.2, scope escalation).
    fn granted(&self, subject: &Subject, asked: &[String]) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        for scope in self.plugins.scopes.iter().flat_map(|provider| provider.scopes(subject)) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let cut: Vec<String> = scopes.iter().filter(|scope| asked.contains(scope)).cloned().collect();
        if cut.is_empty() { scopes } else { cut }
    }

    async fn client(&self, credentials: Option<ClientCredentials>) -> Result<Client, GrantError> {
        // The default client is the application's own: it needs no secret because nobody sent its name.
        let (id, secret, trusted) = match credentials {
            Some(credentials) => (credentials.id, credentials.secret, false),
            None => (self.settings.default_client.clone(), None, true),
        };
        let found = run(&*self.database, Access::Read, move |conn| store::find_client(conn, &id)).await?;
        let needs_secret = found.as_ref().is_none_or(|client| client.is_confidential);
        if trusted {
            return found
                .ok_or_else(|| GrantError::Defect("auth.default_client names no client of the database".into()));
        }
        if !needs_secret && secret.is_none() {
            return found.ok_or(GrantError::InvalidClient);
        }
        let Some(secret) = secret else {
            return Err(GrantError::InvalidClient);
        };
        let hash = found.as_ref().and_then(|client| client.secret.clone());
        match (self.passwords.verify(secret, hash).await?, found) {
            (Verdict::Right { .. }, Some(client)) => Ok(client),
            _ => Err(GrantError::InvalidClient),
        }
    }

    async fn issue(
        &self,
        client: &Client,
        user: &UserIdentifier,
        scopes: Vec<String>,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let refresh = RefreshToken::random().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        let (access_token, access_row) = self.sign(&client.identifier, user, &scopes, now)?;
        let refresh_row = RefreshRow {
            identifier: refresh.identifier(),
            family: random::identifier(),
            scopes: access_row.scopes.clone(),
            customer_reference: user.text("customer_reference").map(str::to_owned),
            user_identifier: access_row.user_identifier.clone(),
            fk_oauth_client: client.identifier.clone(),
            expires_at: stored(now + self.settings.refresh()),
            used_at: None,
            revoked_at: None,
            created_at: stored(now),
            updated_at: stored(now),
        };
        run(&*self.database, Access::Write, move |conn| store::insert_pair(conn, &access_row, &refresh_row)).await?;
        Ok(self.pair(access_token, refresh, user.clone(), scopes))
    }

    fn pair(
        &self,
        access_token: String,
        refresh: RefreshToken,
        user: UserIdentifier,
        scopes: Vec<String>,
    ) -> TokenPair {
        TokenPair {
            access_token,
            expires_in: self.settings.access_seconds,
            refresh_token: refresh.into_string(),
            user,
            scopes,
        }
    }

    /// An access token, and the row that the audit keeps of it.
    fn sign(
        &self,
        client: &str,
        user: &UserIdentifier,
        scopes: &[String],
        now: OffsetDateTime,
    ) -> Result<(String, AccessRow), GrantError> {
        let claims = self.tokens.claims(random::identifier(), client, user, scopes, now, self.settings.access());
        let token = self.tokens.sign(&claims).map_err(|reason| GrantError::Defect(reason.into()))?;
        let json = |error: serde_json::Error| GrantError::Defect(error.to_string());
        let row = AccessRow {
            identifier: claims.jti.clone(),
            scopes: serde_json::to_string(scopes).map_err(json)?,
            user_identifier: serde_json::to_string(user).map_err(json)?,
            fk_oauth_client: client.to_owned(),
            expirity_date: stored(now + self.settings.access()),
            created_at: stored(now),
            updated_at: stored(now),
        };
        Ok((token, row))
    }
}

fn stored(time: OffsetDateTime) -> PrimitiveDateTime {
    PrimitiveDateTime::new(time.date(), time.time())
}
