//! Grants that begin with a credential: a name and a password.

use oauth_extension::{Candidate, GrantRequest, Proof, UserIdentifier};
use secrecy::SecretString;
use time::OffsetDateTime;

use super::halt::{Halt, decided};
use super::issue::{Grant, Issued, Issuer, begun};
use super::policy::{Known, Policy, Present};
use super::requests::{PasswordRequest, TokenPair};
use super::shared::Engine;
use crate::error::GrantError;
use crate::passwords::Verdict;
use crate::port::{Access, Unit, run, settle};
use crate::store::{self, Client};

/// A person whose password was right, and the hash that is stored of it: what a change of the password replaces, so that
/// it does not undo another one that came meanwhile. It prints nothing.
pub struct ComparedPassword {
    /// The person.
    pub user: UserIdentifier,
    /// The hash.
    pub hash: String,
}

/// A person whose password was right.
#[derive(Clone)]
pub(super) struct Proven {
    candidate: Candidate,
    /// The hash that it was compared with.
    hash: String,
    /// How often all of their sessions had been ended before the hash was read: what is ended after that ends this login.
    endings: i64,
}

impl Proven {
    /// Lets a session begin, unless all of the person's were ended since the password was looked at.
    pub(super) fn enter(&self, unit: &mut dyn Unit, policy: &Policy) -> Result<Present, Halt> {
        let subject = store::subject_key(&self.candidate.subject.natural);
        if !store::admit_session(unit.connection(), &subject, self.endings)? {
            return Err(Halt::Refused(GrantError::InvalidCredentials));
        }
        // Hashing took its time: whoever was disabled meanwhile has no session yet that the look at changed people would find.
        let found = policy.again(unit, &self.candidate.identifier, None)?;
        let same = |found: &Candidate| found.subject.natural == self.candidate.subject.natural;
        let found = found.filter(same).ok_or(Halt::Refused(GrantError::InvalidCredentials))?;
        Ok(policy.expanded(&mut unit.storage(), found)?)
    }
}

/// A login, on its way to the database.
#[derive(Clone)]
struct Login {
    issuer: Issuer,
    client: Client,
    proven: Proven,
    asked: Vec<String>,
}

impl Login {
    fn write(&self, unit: &mut dyn Unit) -> Result<Issued, Halt> {
        let (policy, now) = (&self.issuer.policy, self.issuer.at());
        let person = self.proven.enter(unit, policy)?;
        let own = policy.grantable(&person, &self.client, None)?;
        let scopes = policy.requested(&own, person.marks(), &self.asked)?;
        let lifetime = policy.settings.access();
        let mut session = begun(policy, &person, &self.client.identifier, &scopes, now)?;
        session.refreshed_at = Some(now);
        session.expires_at = policy.refreshable_until(session.capped_at, self.issuer.now);
        session.access_until = (now + lifetime).min(session.capped_at);
        store::insert_session(unit.connection(), &session)?;
        let grant = Grant { user: &person.identifier, scopes: &scopes, held: &scopes, granted: &scopes, lifetime };
        self.issuer.write(unit, &session, &grant)
    }
}

/// Who somebody says to be, before the password is looked at.
type Claimed = (Option<Known>, i64);

impl Engine {
    /// Logs a user in.
    ///
    /// # Errors
    /// [`GrantError`]; unknown, wrong, empty and disabled are one case and cost the same.
    pub async fn password(&self, request: PasswordRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let client = self.client(&request.caller, request.grant, now).await?;
        if request.grant == "password" && !self.settings().password_grant {
            return Err(GrantError::UnauthorizedClient);
        }
        let person = GrantRequest::named(request.grant, &request.username);
        let proven = self.prove(&person, request.password, &request.caller.source, now).await?;
        let issuer = self.fresh_issuer(now)?;
        let login = Login { issuer: issuer.clone(), client, proven, asked: request.scopes };
        let issued = settle(&*self.database, login, |unit, login| decided(login.write(unit))).await??;
        self.current_pair(&issuer, issued).await
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
        let Proven { candidate, hash, .. } = self.prove(&person, password, source, now).await?;
        Ok(ComparedPassword { user: candidate.identifier, hash })
    }

    /// Compares a name and a password, whatever the door: the one place where guesses are counted.
    pub(super) async fn prove(
        &self,
        person: &GrantRequest,
        password: SecretString,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<Proven, GrantError> {
        let guesses = self.login_guesses(&person.grant, &person.username, source);
        self.admit(&guesses, now).await?;
        let (found, endings) = self.found(person).await?;
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
            let (subject, old, new) = (candidate.subject.clone(), hash.clone(), stronger.clone());
            let renew = move |unit: &mut dyn Unit| Ok(provider.rehash(&mut unit.storage(), &subject, &old, &new)?);
            match run(&*self.database, Access::Write, renew).await {
                Ok(true) => hash = stronger,
                Ok(false) => {}
                // The login stands; the next one tries again.
                Err(error) => tracing::warn!(%error, "a password hash could not be renewed"),
            }
        }
        Ok(Proven { candidate, hash, endings })
    }

    /// The person that a request names, and how often all of their sessions had been ended before their hash was read: a
    /// change of the password that comes between is seen either in the hash or in the count. Nobody costs the same.
    async fn found(&self, person: &GrantRequest) -> Result<Claimed, GrantError> {
        let (policy, person) = (self.policy.clone(), person.clone());
        let look = move |unit: &mut dyn Unit| -> Result<Claimed, Halt> {
            let named = policy.find(&mut unit.storage(), &person, Proof::Password)?;
            let subject = named.as_ref().map(|(_, candidate)| candidate.subject.natural.as_str());
            let endings = store::endings(unit.connection(), &store::subject_key(subject.unwrap_or_default()))?;
            let found = policy.find(&mut unit.storage(), &person, Proof::Password)?;
            let same = |(_, candidate): &Known| Some(candidate.subject.natural.as_str()) == subject;
            Ok((found.filter(same), endings))
        };
        run(&*self.database, Access::Read, move |unit| decided(look(unit))).await?
    }

    /// Whoever logs in with a name, whether they may or not.
    pub(super) async fn named(&self, username: &str) -> Result<Option<Candidate>, GrantError> {
        let (policy, person) = (self.policy.clone(), GrantRequest::named("password", username));
        let look = move |unit: &mut dyn Unit| Ok(policy.find(&mut unit.storage(), &person, Proof::Password)?);
        let found = run(&*self.database, Access::Read, move |unit| decided(look(unit))).await??;
        Ok(found.map(|(_, candidate)| candidate))
    }

    /// Looks whether hashes of PHP are left, which refusals have to cost as much as. Called at the start and from time to time.
    ///
    /// # Errors
    /// [`GrantError`]; the answer before counts on.
    pub async fn learn_hashes(&self) -> Result<(), GrantError> {
        let policy = self.policy.clone();
        let look = move |unit: &mut dyn Unit| {
            let mut most = None;
            for provider in &policy.plugins.users {
                let found = provider.bcrypt_hash(&mut unit.storage())?;
                most = most.max(found.as_deref().and_then(bcrypt_cost));
            }
            Ok(most)
        };
        let cost = run(&*self.database, Access::Read, look).await?;
        self.passwords.match_bcrypt(cost);
        Ok(())
    }
}

/// The cost of a hash of PHP: `$2y$10$…`.
fn bcrypt_cost(hash: &str) -> Option<u32> {
    hash.strip_prefix("$2")?.split('$').nth(1)?.parse().ok()
}
