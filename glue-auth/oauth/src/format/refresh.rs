//! The shape of refresh tokens: opaque, or an encrypted document as a running shop writes it.

use crate::error::GrantError;
use crate::passwords::PasswordPool;
use crate::random;
use data_encoding::HEXLOWER;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::defuse;
use super::opaque::RefreshToken;
use super::seed::Seed;

/// The shape of refresh tokens.
#[derive(Clone)]
pub enum RefreshFormat {
    /// 256 random bits; the database holds a hash.
    Opaque,
    /// An encrypted document with this password; the database holds the id in it (reference/authentication.md §2.5).
    Defuse(SecretString),
}

/// What a refresh token says, where it says anything.
pub(crate) struct Facts {
    pub(crate) client: String,
    pub(crate) access: String,
    /// A JSON list.
    pub(crate) scopes: String,
    /// A JSON object.
    pub(crate) user: String,
    /// Seconds since 1970.
    pub(crate) expires: i64,
}

/// The document in a token (reference/authentication.md §2.5).
#[derive(Serialize, Deserialize)]
struct Plain {
    client_id: String,
    refresh_token_id: String,
    access_token_id: String,
    scopes: Vec<String>,
    user_id: String,
    expire_time: i64,
}

impl RefreshFormat {
    /// Whether lifetimes are months instead of seconds.
    pub(crate) fn ends_by_the_calendar(&self) -> bool {
        matches!(self, RefreshFormat::Defuse(_))
    }

    /// A new token of no session yet; `None` when the system gives no randomness.
    pub(crate) fn fresh(&self) -> Option<Seed> {
        match self {
            RefreshFormat::Opaque => RefreshToken::random().map(|token| Seed::opaque(&token)),
            RefreshFormat::Defuse(_) => random::bytes::<40>().map(|bytes| Seed::named(HEXLOWER.encode(&bytes))),
        }
    }

    /// Whether it costs a derivation of keys to read a token.
    pub(crate) fn has_a_price(&self) -> bool {
        matches!(self, RefreshFormat::Defuse(_))
    }

    /// Whether a text has the form of a token, which costs nothing to see.
    pub(crate) fn may_be_ours(&self, text: &str) -> bool {
        match self {
            RefreshFormat::Opaque => true,
            RefreshFormat::Defuse(_) => defuse::is_ciphertext(text),
        }
    }

    /// What a token that came from outside is known by. `None` when it is none of ours.
    pub(crate) async fn received(&self, text: &str, pool: &PasswordPool) -> Result<Option<Seed>, GrantError> {
        match self {
            RefreshFormat::Opaque => Ok(Some(Seed::opaque(&RefreshToken::received(text)))),
            RefreshFormat::Defuse(password) => {
                let (text, password) = (text.to_owned(), password.clone());
                let opened = pool.work(move || defuse::decrypt(&text, &password)).await?;
                let plain = opened.and_then(|bytes| serde_json::from_slice::<Plain>(&bytes).ok());
                Ok(plain.map(|plain| Seed::named(plain.refresh_token_id)))
            }
        }
    }

    /// What an exchange of this token yields, however often it is repeated.
    pub(crate) fn successor(&self, of: &Seed, secret: &[u8; 32]) -> Seed {
        let next = RefreshToken::received(of.as_str()).successor(secret);
        match self {
            RefreshFormat::Opaque => Seed::opaque(&next),
            // Forty bytes as hexadecimal digits, as long as any other id.
            RefreshFormat::Defuse(_) => {
                let more = RefreshToken::received(&next.identifier()).identifier();
                Seed::named(format!("{}{}", next.identifier(), more.get(..16).unwrap_or_default()))
            }
        }
    }

    /// The token that a client gets.
    pub(crate) async fn finished(
        &self,
        seed: &Seed,
        envelope: &[u8; 48],
        facts: Facts,
        pool: &PasswordPool,
    ) -> Result<String, GrantError> {
        let seed = seed.as_str().to_owned();
        let RefreshFormat::Defuse(password) = self else { return Ok(seed) };
        let defect = |error: serde_json::Error| GrantError::Defect(error.to_string());
        let plain = Plain {
            client_id: facts.client,
            refresh_token_id: seed,
            access_token_id: facts.access,
            scopes: serde_json::from_str(&facts.scopes).map_err(defect)?,
            user_id: facts.user,
            expire_time: facts.expires,
        };
        let (plain, password, envelope) = (serde_json::to_vec(&plain).map_err(defect)?, password.clone(), *envelope);
        let sealed = pool.work(move || defuse::encrypt_in(&envelope, &plain, &password)).await?;
        sealed.ok_or_else(|| GrantError::Defect("a refresh token cannot be encrypted".into()))
    }
}
