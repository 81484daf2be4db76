//! Grants that end with a person: by name and password, or by whoever answers for them.

use std::sync::Arc;

use oauth_extension::{Candidate, GrantRequest, Proof, Subject, UserIdentifier, UserProvider};
use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use super::{Caller, Engine, PasswordRequest, TokenPair};
use crate::error::GrantError;
use crate::passwords::Verdict;
use crate::random;
use crate::store::{self, Client};

/// A person whose password was right, and the hash that is stored of it: what a change of the password replaces, so that
/// it does not undo another one that came meanwhile. It prints nothing.
pub struct ComparedPassword {
    /// The person.
    pub user: UserIdentifier,
    /// The hash.
    pub hash: String,
}

/// The same, before anything is known of the person but where they are.
struct Compared {
    candidate: Candidate,
    hash: String,
}

/// A person whose credentials were right.
pub(super) struct Proven {
    pub(super) subject: Subject,
    pub(super) identifier: UserIdentifier,
}

impl Engine {
    /// Logs a user in.
    ///
    /// # Errors
    /// [`GrantError`]; unknown, wrong, empty and disabled are one case and cost the same.
    pub async fn password(&self, request: PasswordRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let client = self.client(&request.caller, request.grant, now).await?;
        if request.grant == "password" && !self.settings.password_grant {
            return Err(GrantError::UnauthorizedClient);
        }
        let person = GrantRequest::named(request.grant, &request.username);
        let proven = self.prove(&person, request.password, &request.caller.source, now).await?;
        let scopes = self.granted(&proven, &client, &request.scopes)?;
        self.issue(&client, &proven.identifier, scopes, self.settings.access(), now).await
    }

    /// Issues tokens about a person whom somebody else answers for: nobody proves anything here, so no request from outside
    /// may get here unproven. They end with every session of `by`, who answers: a natural identifier.
    ///
    /// # Errors
    /// [`GrantError`]; an unknown or disabled person is [`GrantError::InvalidCredentials`].
    pub async fn answered_for(
        &self,
        caller: Caller,
        person: GrantRequest,
        by: &str,
        lifetime: Option<Duration>,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let client = self.client(&caller, &person.grant, now).await?;
        let found = self.find(&person, Proof::Caller).await?.filter(|(_, candidate)| candidate.is_active);
        let (_, candidate) = found.ok_or(GrantError::InvalidCredentials)?;
        let proven = self.expanded(candidate).await?;
        let scopes = self.granted(&proven, &client, &[])?;
        let lifetime = lifetime.unwrap_or(self.settings.access());
        let mut begun = self.begin(&client, &proven.identifier, scopes, lifetime, random::identifier(), now).await?;
        begun.refresh.answered_by = Some(store::subject_key(by));
        self.store(begun).await
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// [`GrantError::Busy`].
    pub async fn hash(&self, password: SecretString) -> Result<String, GrantError> {
        Ok(self.passwords.hash(password).await?)
    }

    /// The person whose name and password these are. Guesses count as at a login.
    ///
    /// # Errors
    /// [`GrantError`]; [`GrantError::InvalidCredentials`] for a wrong password.
    pub async fn compare_password(
        &self,
        username: &str,
        password: SecretString,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<ComparedPassword, GrantError> {
        let person = GrantRequest::named("password", username);
        let Compared { candidate, hash } = self.compare(&person, password, source, now).await?;
        Ok(ComparedPassword { user: candidate.identifier, hash })
    }

    /// The person behind a name and a password, with everything that tokens carry of them.
    pub(super) async fn prove(
        &self,
        person: &GrantRequest,
        password: SecretString,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<Proven, GrantError> {
        let compared = self.compare(person, password, source, now).await?;
        self.expanded(compared.candidate).await
    }

    /// Compares a name and a password, whatever the door: the one place where guesses are counted.
    async fn compare(
        &self,
        person: &GrantRequest,
        password: SecretString,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<Compared, GrantError> {
        let guesses = self.login_guesses(&person.grant, &person.username, source);
        self.admit(&guesses, now).await?;
        let found = self.find(person, Proof::Password).await?;
        let hash = found.as_ref().and_then(|(_, candidate)| candidate.password_hash.clone());
        let verdict = self.passwords.verify(password, hash.clone()).await?;
        let (Verdict::Right { stronger }, Some((provider, candidate)), Some(mut hash)) = (verdict, found, hash) else {
            return Err(self.failed(&guesses, now, GrantError::InvalidCredentials).await?);
        };
        if !candidate.is_active {
            return Err(self.failed(&guesses, now, GrantError::InvalidCredentials).await?);
        }
        // Others may have used up the guesses meanwhile: then this one was one too many, right or not.
        self.admit(&guesses, now).await?;
        self.remember(&guesses, now).await?;
        if let Some(stronger) = stronger {
            match provider.rehash(&candidate.subject, hash.clone(), stronger.clone()).await {
                Ok(true) => hash = stronger,
                Ok(false) => {}
                // The login stands; the next one tries again.
                Err(error) => tracing::warn!(%error, "a password hash could not be renewed"),
            }
        }
        Ok(Compared { candidate, hash })
    }

    /// A person with everything that tokens carry of them.
    async fn expanded(&self, candidate: Candidate) -> Result<Proven, GrantError> {
        let Candidate { subject, mut identifier, .. } = candidate;
        for expander in &self.plugins.expanders {
            identifier = expander.expand(&subject, identifier).await?;
        }
        Ok(Proven { subject, identifier })
    }

    /// The person that a request is for, and who knows them.
    pub(super) async fn find(
        &self,
        person: &GrantRequest,
        proof: Proof,
    ) -> Result<Option<(Arc<dyn UserProvider>, Candidate)>, GrantError> {
        for provider in &self.plugins.users {
            let serves = provider.grants().iter().any(|grant| grant.name == person.grant && grant.proof == proof);
            if serves && let Some(candidate) = provider.find(person).await? {
                return Ok(Some((provider.clone(), candidate)));
            }
        }
        Ok(None)
    }

    /// The scopes of a person that the client may have too, cut down to those asked for.
    pub(super) fn granted(
        &self,
        person: &Proven,
        client: &Client,
        asked: &[String],
    ) -> Result<Vec<String>, GrantError> {
        self.cut(self.own(&person.subject, &person.identifier, client), asked)
    }

    /// What of granted scopes the person and the client may still have; `None` when the person may hold no tokens any
    /// more.
    pub(super) async fn still(
        &self,
        user: &UserIdentifier,
        client: &Client,
        granted: Vec<String>,
    ) -> Result<Option<Vec<String>>, GrantError> {
        let Some(subject) = self.active(user).await? else { return Ok(None) };
        let own = self.own(&subject, user, client);
        Ok(Some(granted.into_iter().filter(|scope| own.contains(scope)).collect()))
    }

    /// The person behind an issued token, if they may still hold tokens.
    pub(super) async fn active(&self, user: &UserIdentifier) -> Result<Option<Subject>, GrantError> {
        let known = self.plugins.users.iter().find_map(|provider| Some((provider, provider.subject(user)?)));
        let Some((provider, subject)) = known else { return Ok(None) };
        Ok(provider.is_active(user).await?.then_some(subject))
    }

    /// The scopes that a person and a client have in common.
    fn own(&self, subject: &Subject, identifier: &UserIdentifier, client: &Client) -> Vec<String> {
        let mut own: Vec<String> = Vec::new();
        for scope in self.plugins.scopes.iter().flat_map(|provider| provider.scopes(subject, identifier)) {
            if !own.contains(&scope) && client.may_have(&scope) {
                own.push(scope);
            }
        }
        own
    }
}
