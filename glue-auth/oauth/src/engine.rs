//! Grants in, token pairs out.

mod api_keys;
mod client;
mod code;
mod derive;
mod ending;
mod exchange;
mod issue;
mod limits;
mod login;
mod operate;
mod policy;
mod revoke;
mod sessions;
mod state;
mod watch;

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use oauth_extension::{IdentifierExpander, ScopeProvider, Subject, UserIdentifier, UserProvider};
use secrecy::SecretString;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::conventions::Conventions;
use crate::error::GrantError;
use crate::jwt::{self, NotOurs, Tokens};
use crate::keys::Keys;
use crate::passwords::PasswordPool;
use crate::port::Database;
use crate::settings::AuthSettings;
use crate::store;
use crate::verified::{EndedSessions, Judged, Seen};

pub use api_keys::ApiKey;
pub use code::{Authorization, AuthorizationRequest, CodeRequest, Named};
pub use ending::{EndedTokens, SessionsEnd};
pub use login::ComparedPassword;
pub use operate::{ClientRow, NewClient, Purged};
pub use revoke::Whom;
pub use sessions::Session;
pub use state::Introspection;

use policy::Policy;

/// The people and scopes that one application's tokens are about.
#[derive(Default)]
pub struct Plugins {
    /// Asked in order among those that serve a grant; the first that knows the person decides.
    pub users: Vec<Arc<dyn UserProvider>>,
    /// All of them add to what tokens carry of a person, in order.
    pub expanders: Vec<Arc<dyn IdentifierExpander>>,
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

/// Who asks for something.
#[derive(Clone, Default)]
pub struct Caller {
    /// The client; the default client when it named none.
    pub client: Option<ClientCredentials>,
    /// Where the request comes from, as far as guesses are counted: an address, or a network.
    pub source: String,
}

/// The password grant (RFC 6749 §4.3), or another one that asks for a name and a password.
pub struct PasswordRequest {
    /// Who asks.
    pub caller: Caller,
    /// The name of the grant, `password` say.
    pub grant: &'static str,
    /// The login name.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The scopes asked for; none means all that the user has.
    pub scopes: Vec<String>,
}

/// The refresh grant (RFC 6749 §6).
pub struct RefreshRequest {
    /// Who asks.
    pub caller: Caller,
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
    /// The refresh token; none for a client on its own behalf (RFC 6749 §4.4.3).
    pub refresh_token: Option<String>,
    /// What both are about.
    pub user: UserIdentifier,
    /// What the access token allows.
    pub scopes: Vec<String>,
}

/// The engine of one application.
pub struct Engine {
    database: Arc<dyn Database>,
    current: RwLock<Arc<Current>>,
    passwords: PasswordPool,
    policy: Arc<Policy>,
    ended: Arc<EndedSessions>,
}

/// The keys of the moment, and what was judged by them.
struct Current {
    tokens: Arc<Tokens>,
    seen: Seen,
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
        let key = Seen::key(token);
        let current = self.current();
        if let Some(judged) = current.seen.get(&key) {
            return judged.still_holds(now, current.tokens.leeway(), &self.ended).map(|()| judged);
        }
        let verified = current.tokens.verify(token, now)?;
        let subject = self.subject(&verified.user).ok_or(jwt::NOBODY)?;
        let claims = Arc::new(verified.user.0.clone());
        let judged = Arc::new(Judged { verified, subject, claims });
        judged.still_holds(now, current.tokens.leeway(), &self.ended)?;
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
    fn subject_key(&self, user: &UserIdentifier) -> Option<String> {
        self.subject(user).map(|subject| store::subject_key(&subject.natural))
    }

    /// Who an issued token is about.
    fn subject(&self, user: &UserIdentifier) -> Option<Subject> {
        self.policy.subject(user)
    }

    fn current(&self) -> Arc<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tokens(&self) -> Arc<Tokens> {
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

    fn seals(&self, about: &str, secret: &str) -> impl Iterator<Item = String> {
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
        Self { tokens, seen: Seen::of(settings.verified_tokens) }
    }
}

/// A time as every database keeps it: in UTC, to the microsecond.
fn stored(time: OffsetDateTime) -> PrimitiveDateTime {
    let micros = time.replace_microsecond(time.microsecond()).unwrap_or(time);
    PrimitiveDateTime::new(micros.date(), micros.time())
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, GrantError> {
    serde_json::to_string(value).map_err(|error| GrantError::Defect(error.to_string()))
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, GrantError> {
    serde_json::from_str(text).map_err(|error| GrantError::Defect(error.to_string()))
}

fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty())
}
