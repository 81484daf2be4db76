//! What a team decides about tokens.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};
use time::Duration;

/// Keys, lifetimes and the cost of passwords.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthSettings {
    /// The private RSA key, PEM. When it does not exist: made at the first start in development, an error in production.
    pub key_file: PathBuf,
    /// Seconds that an access token lives.
    pub access_seconds: i64,
    /// Seconds that a refresh token lives.
    pub refresh_seconds: i64,
    /// Seconds after which a session ends, however often it was refreshed.
    pub session_seconds: i64,
    /// Seconds that an authorization code lives.
    pub code_seconds: i64,
    /// Seconds within which an exchanged refresh token may be sent again and yields the same successor.
    pub retry_seconds: i64,
    /// How often one session may be exchanged within `attempts_seconds`, sessions derived from it among them; 0 for no limit.
    pub exchanges: i32,
    /// Seconds by which the clocks of two machines may differ.
    pub leeway_seconds: i64,
    /// The client of requests that name none.
    pub default_client: String,
    /// Whether users log in with a name and a password (RFC 9700 §2.4 advises against it where others have a choice).
    pub password_grant: bool,
    /// The password of encrypted refresh tokens, in the profile `spryker`.
    #[serde(serialize_with = "masked")]
    pub encryption_key: SecretString,
    /// Keys that verify and no longer sign, PEM, private or public.
    pub retired_key_files: Vec<PathBuf>,
    /// Verified access tokens that are remembered until they end; 0 verifies each time.
    pub verified_tokens: usize,
    /// Failed attempts for one account from one source before more are refused.
    pub attempts: i32,
    /// Failed attempts from one source, over all accounts.
    pub attempts_per_source: i32,
    /// Failed attempts for one account from sources that never logged in to it.
    pub attempts_per_account: i32,
    /// Seconds that failed attempts count.
    pub attempts_seconds: i64,
    /// Seconds that attempts are refused for.
    pub block_seconds: i64,
    /// Seconds that what has ended stays in the database.
    pub retention_seconds: i64,
    /// Seconds between two clean-ups; 0 for none but by command.
    pub purge_seconds: u64,
    /// Threads that hash passwords; 0 means half the processors, at least one.
    pub hash_threads: usize,
    /// Password checks that may wait; one more is refused.
    pub hash_queue: usize,
    /// Memory of one argon2id hash, in KiB.
    pub hash_memory_kib: u32,
    /// Passes of one argon2id hash.
    pub hash_passes: u32,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            key_file: "var/oauth-private.pem".into(),
            access_seconds: 28_800,
            refresh_seconds: 2_628_000,
            session_seconds: 7_776_000,
            code_seconds: 60,
            retry_seconds: 10,
            exchanges: 3_000,
            leeway_seconds: 5,
            default_client: "frontend".into(),
            password_grant: true,
            encryption_key: SecretString::default(),
            retired_key_files: Vec::new(),
            verified_tokens: 10_000,
            attempts: 10,
            attempts_per_source: 100,
            attempts_per_account: 100,
            attempts_seconds: 600,
            block_seconds: 300,
            retention_seconds: 2_592_000,
            purge_seconds: 3_600,
            hash_threads: 0,
            hash_queue: 64,
            hash_memory_kib: 19_456,
            hash_passes: 2,
        }
    }
}

/// A value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {why}")]
pub struct BadSetting {
    /// The field.
    pub key: &'static str,
    /// What is wrong with its value.
    pub why: String,
}

impl AuthSettings {
    /// Looks at every value.
    ///
    /// # Errors
    /// [`BadSetting`] naming the first one that cannot be used.
    pub fn check(&self) -> Result<(), BadSetting> {
        const CENTURY: i64 = 100 * 366 * 24 * 3600;
        within("access_seconds", self.access_seconds, 1, CENTURY)?;
        within("refresh_seconds", self.refresh_seconds, 1, CENTURY)?;
        within("session_seconds", self.session_seconds, 1, CENTURY)?;
        within("code_seconds", self.code_seconds, 1, 600)?;
        within("attempts", self.attempts, 1, 1_000_000)?;
        within("attempts_per_source", self.attempts_per_source, 1, 1_000_000)?;
        within("attempts_per_account", self.attempts_per_account, 1, 1_000_000)?;
        within("attempts_seconds", self.attempts_seconds, 1, CENTURY)?;
        within("block_seconds", self.block_seconds, 1, CENTURY)?;
        within("retention_seconds", self.retention_seconds, 0, CENTURY)?;
        within("verified_tokens", self.verified_tokens, 0, 10_000_000)?;
        within("retry_seconds", self.retry_seconds, 0, 300)?;
        within("leeway_seconds", self.leeway_seconds, 0, 300)?;
        within("hash_threads", self.hash_threads, 0, 64)?;
        within("hash_queue", self.hash_queue, 1, 100_000)?;
        within("hash_memory_kib", self.hash_memory_kib, 8, 262_144)?;
        within("hash_passes", self.hash_passes, 1, 16)?;
        match self.default_client.is_empty() {
            true => Err(BadSetting { key: "default_client", why: "empty".to_owned() }),
            false => Ok(()),
        }
    }

    /// How many threads hash passwords.
    #[must_use]
    pub fn hashing_threads(&self) -> usize {
        if self.hash_threads > 0 {
            return self.hash_threads;
        }
        std::thread::available_parallelism().map_or(1, |processors| (processors.get() / 2).max(1))
    }

    /// How long an access token lives.
    #[must_use]
    pub fn access(&self) -> Duration {
        Duration::seconds(self.access_seconds)
    }

    /// How long a refresh token lives.
    #[must_use]
    pub fn refresh(&self) -> Duration {
        Duration::seconds(self.refresh_seconds)
    }

    /// How long a session lives at most.
    #[must_use]
    pub fn session(&self) -> Duration {
        Duration::seconds(self.session_seconds)
    }

    /// How far the clocks of two machines may be apart.
    #[must_use]
    pub fn leeway(&self) -> Duration {
        Duration::seconds(self.leeway_seconds)
    }

    /// How long an exchanged refresh token may be sent again.
    #[must_use]
    pub fn retry(&self) -> Duration {
        Duration::seconds(self.retry_seconds)
    }
}

fn within<T: PartialOrd + std::fmt::Display>(key: &'static str, value: T, min: T, max: T) -> Result<(), BadSetting> {
    if value < min || value > max {
        return Err(BadSetting { key, why: format!("{value} is not between {min} and {max}") });
    }
    Ok(())
}

/// Configuration is printed; secrets are not.
fn masked<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    use secrecy::ExposeSecret;
    serializer.serialize_str(if secret.expose_secret().is_empty() { "" } else { "***" })
}
