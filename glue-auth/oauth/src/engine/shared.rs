//! The engine of one application: what it judges tokens by, and what every grant shares.

use super::policy::{Plugins, Policy};
use crate::conventions::Conventions;
use crate::jwt::{self, NotOurs, Tokens};
use crate::keys::Keys;
use crate::passwords::PasswordPool;
use crate::port::Database;
use crate::settings::AuthSettings;
use crate::store;
use crate::verified::{EndedSessions, Judged, RememberedTokens};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use oauth_extension::{Subject, UserIdentifier};
use std::sync::{Arc, PoisonError, RwLock};
use time::OffsetDateTime;

/// The engine of one application.
pub struct Engine {
    pub(super) database: Arc<dyn Database>,
    current: RwLock<Arc<Current>>,
    pub(super) passwords: PasswordPool,
    pub(super) policy: Arc<Policy>,
    pub(super) ended: Arc<EndedSessions>,
}

/// The keys of the moment, and what was judged by them.
struct Current {
    tokens: Arc<Tokens>,
    seen: RememberedTokens,
}

impl Engine {
    /// An engine that issues what `conventions` say.
    #[must_use]
    pub fn new(
        database: Arc<dyn Database>,
        keys: Keys,
        passwords: PasswordPool,
        plugins: Plugins,
        settings: AuthSettings,
        conventions: Conventions,
    ) -> Self {
        let current = RwLock::new(Arc::new(Current::of(keys, &conventions, &settings)));
        let policy = Arc::new(Policy { plugins, settings, conventions });
        Self { database, current, passwords, policy, ended: Arc::default() }
    }

    /// Judges an access token without asking the database.
    ///
    /// # Errors
    /// [`NotOurs`] for everything that is not a live access token of this application; [`jwt::NOT_READY`] until
    /// [`learn_endings`](Self::learn_endings) succeeded once.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Arc<Judged>, NotOurs> {
        if !self.ended.is_known() {
            return Err(jwt::NOT_READY);
        }
        let key = RememberedTokens::key(token);
        let current = self.current();
        if let Some(judged) = current.seen.get(&key) {
            return judged.check_unexpired(now, current.tokens.leeway(), &self.ended).map(|()| judged);
        }
        let verified = current.tokens.verify(token, now)?;
        let subject = self.subject(&verified.user).ok_or(jwt::NOBODY)?;
        let claims = Arc::new(verified.user.0.clone());
        let judged = Arc::new(Judged { verified, subject, claims });
        judged.check_unexpired(now, current.tokens.leeway(), &self.ended)?;
        current.seen.keep(key, judged.clone());
        Ok(judged)
    }

    /// Puts another set of keys in: what one of them signed is accepted from now on, and nothing else is, whatever was
    /// judged before.
    pub fn replace_keys(&self, keys: Keys) {
        let current = Arc::new(Current::of(keys, self.conventions(), self.settings()));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
    }

    /// The public keys of this application, as a JSON Web Key Set (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        self.tokens().keys().jwks()
    }

    /// What every session about a person has in common, whatever else their tokens carry.
    pub(super) fn subject_key(&self, user: &UserIdentifier) -> Option<String> {
        self.subject(user).map(|subject| store::subject_key(&subject.natural))
    }

    /// Who an issued token is about.
    pub(super) fn subject(&self, user: &UserIdentifier) -> Option<Subject> {
        self.policy.subject(user)
    }

    fn current(&self) -> Arc<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn tokens(&self) -> Arc<Tokens> {
        self.current().tokens.clone()
    }

    /// A short secret as a database may keep it: a hash that only a holder of the signing key can compute, so that few
    /// digits do not give themselves away. `about` keeps the same secret of two owners apart.
    #[must_use]
    pub fn sealed(&self, about: &str, secret: &str) -> Option<String> {
        self.seals(about, secret).next()
    }

    /// Whether `sealed` is what [`sealed`](Self::sealed) made of this secret, under this key or one that signed before it.
    #[must_use]
    pub fn unseals(&self, sealed: &str, about: &str, secret: &str) -> bool {
        let same = |own: String| verify_slices_are_equal(own.as_bytes(), sealed.as_bytes()).is_ok();
        self.seals(about, secret).any(same)
    }

    pub(super) fn seals(&self, about: &str, secret: &str) -> impl Iterator<Item = String> {
        let keys = self.tokens().keys().refresh_secrets().to_vec();
        let text = format!("sealed\0{about}\0{secret}");
        keys.into_iter().map(move |key| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
            HEXLOWER.encode(hmac::sign(&key, text.as_bytes()).as_ref())
        })
    }

    /// The settings that it works by.
    #[must_use]
    pub fn settings(&self) -> &AuthSettings {
        &self.policy.settings
    }

    /// What it issues, and as whom.
    #[must_use]
    pub fn conventions(&self) -> &Conventions {
        &self.policy.conventions
    }

    /// Everything that its scope providers can give, and to whom.
    #[must_use]
    pub fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        self.policy.plugins.scopes.iter().flat_map(|provider| provider.catalogue()).collect()
    }
}

impl Current {
    fn of(keys: Keys, conventions: &Conventions, settings: &AuthSettings) -> Self {
        let tokens = Arc::new(Tokens::new(keys, conventions, settings));
        Self { tokens, seen: RememberedTokens::of(settings.verified_tokens) }
    }
}
