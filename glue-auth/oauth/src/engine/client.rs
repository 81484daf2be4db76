//! Clients: who they are, what they may ask for, and the grant on their own behalf.

use super::columns::{stored, words};
use super::halt::{Halt, decided};
use super::issue::{Grant, Issued, Issuer, begun};
use super::policy::Claimed;
use super::requests::{Caller, ClientCredentials, TokenPair};
use super::rights::CLIENT;
use super::shared::Engine;
use crate::error::GrantError;
use crate::passwords::Verdict;
use crate::port::{Access, Unit, run, settle};
use crate::store::{self, Client};
use oauth_extension::UserIdentifier;
use secrecy::SecretString;
use time::OffsetDateTime;

impl Engine {
    /// The client grant (RFC 6749 §4.4): an access token for the client itself, and no refresh token.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn client_credentials(
        &self,
        caller: Caller,
        scopes: Vec<String>,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        if caller.client.as_ref().is_none_or(|client| client.secret.is_none()) {
            return Err(GrantError::InvalidClient);
        }
        let client = self.client(&caller, "client_credentials", now).await?;
        if !client.is_confidential {
            return Err(GrantError::UnauthorizedClient);
        }
        let own: Vec<String> = words(client.scopes.as_deref()).map(str::to_owned).collect();
        let scopes = self.policy.requested(&own, &[], &scopes)?;
        let issuer = self.fresh_issuer(now)?;
        let own = OwnBehalf { issuer: issuer.clone(), client, scopes };
        let issued = settle(&*self.database, own, |unit, own| decided(own.write(unit))).await??;
        self.current_pair(&issuer, issued).await
    }

    /// The client of a request, authenticated, when it may use `grant`.
    pub(super) async fn client(&self, caller: &Caller, grant: &str, now: OffsetDateTime) -> Result<Client, GrantError> {
        let (claimed, policy, grant) = (self.claimed(caller, now).await?, self.policy.clone(), grant.to_owned());
        let find = move |unit: &mut dyn Unit| Ok(policy.client(unit, &claimed, &grant)?);
        run(&*self.database, Access::Read, move |unit| decided(find(unit))).await?
    }

    /// The client that a request names, with its secret compared when it sent one.
    pub(super) async fn claimed(&self, caller: &Caller, now: OffsetDateTime) -> Result<Claimed, GrantError> {
        match &caller.client {
            None => Ok(Claimed::Default),
            Some(credentials) if credentials.secret.is_none() => Ok(Claimed::Named(credentials.id.clone())),
            Some(credentials) => {
                let client = self.authenticated(credentials, &caller.source, now).await?;
                Ok(Claimed::Authenticated(client.identifier))
            }
        }
    }

    /// The client that these credentials are of. Unknown clients and wrong secrets cost the same.
    pub(super) async fn authenticated(
        &self,
        credentials: &ClientCredentials,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<Client, GrantError> {
        let found = self.named_client(credentials.id.clone()).await?;
        // A public client has no secret: whatever it sends as one proves nothing and is not looked at.
        if let Some(public) = found.as_ref().filter(|client| !client.is_confidential) {
            return Ok(public.clone());
        }
        let Some(secret) = credentials.secret.clone() else { return Err(GrantError::InvalidClient) };
        let guesses = self.client_guesses(&credentials.id, source);
        self.admit(&guesses, now).await?;
        let hash = found.as_ref().and_then(|client| client.secret.clone());
        let right = match self.passwords.verify(secret.clone(), hash).await? {
            Verdict::Right { .. } => true,
            Verdict::Wrong => self.is_previous(found.as_ref(), secret, now).await?,
        };
        match found.filter(|_| right) {
            Some(client) => {
                self.admit(&guesses, now).await?;
                Ok(client)
            }
            None => Err(self.failed(&guesses, now, GrantError::InvalidClient).await?),
        }
    }

    /// Whether a secret is the one before the current one, while that still counts.
    async fn is_previous(
        &self,
        client: Option<&Client>,
        secret: SecretString,
        now: OffsetDateTime,
    ) -> Result<bool, GrantError> {
        let live = |client: &&Client| client.previous_secret_until.is_some_and(|until| until > stored(now));
        let Some(previous) = client.filter(live).and_then(|client| client.previous_secret.clone()) else {
            return Ok(false);
        };
        Ok(self.passwords.verify(secret, Some(previous)).await? != Verdict::Wrong)
    }

    pub(super) async fn named_client(&self, id: String) -> Result<Option<Client>, GrantError> {
        let found = {
            let id = id.clone();
            run(&*self.database, Access::Read, move |unit| store::find_client(unit.connection(), &id)).await?
        };
        // Some databases compare without blanks at the end.
        Ok(found.filter(|client| client.identifier == id))
    }
}

/// A client that begins a session on its own behalf.
#[derive(Clone)]
struct OwnBehalf {
    issuer: Issuer,
    client: Client,
    scopes: Vec<String>,
}

impl OwnBehalf {
    fn write(&self, unit: &mut dyn Unit) -> Result<Issued, Halt> {
        let (policy, now) = (&self.issuer.policy, self.issuer.at());
        let mut user = UserIdentifier::default();
        user.0.insert(CLIENT.to_owned(), self.client.identifier.clone().into());
        let lifetime = policy.settings.access();
        let person = policy.on_own_behalf(user).ok_or_else(|| GrantError::Defect("a client that is nobody".into()))?;
        let mut session = begun(policy, &person, &self.client.identifier, &self.scopes, now)?;
        // There is nothing to exchange (RFC 6749 §4.4.3).
        session.closed_at = Some(now);
        session.capped_at = now + lifetime;
        session.access_until = now + lifetime;
        store::admit_answered_session(unit.connection(), &session.subject)?;
        store::insert_session(unit.connection(), &session)?;
        let grant = Grant {
            user: &person.identifier,
            scopes: &self.scopes,
            held: &self.scopes,
            granted: &self.scopes,
            lifetime,
        };
        let access = self.issuer.access(&session, &grant)?;
        store::insert_access(unit.connection(), &access)?;
        Ok(Issued { access, refresh: None })
    }
}
