//! What a team decides about tokens.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
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
    /// Seconds within which an exchanged refresh token may be sent again and yields the same successor.
    pub retry_seconds: i64,
    /// Seconds by which the clocks of two machines may differ.
    pub leeway_seconds: i64,
    /// The client of requests that name none.
    pub default_client: String,
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
            retry_seconds: 10,
            leeway_seconds: 5,
            default_client: "frontend".into(),
            hash_threads: 0,
            hash_queue: 64,
            hash_memory_kib: 19_456,
            hash_passes: 2,
        }
    }
}

impl AuthSettings {
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

    /// How long an exchanged refresh token may be sent again.
    #[must_use]
    pub fn retry(&self) -> Duration {
        Duration::seconds(self.retry_seconds)
    }
}
