//! The settings of an application, all of them in one place.

use std::sync::Arc;

use glue_core::input::breaches::{BreachedPasswords, PasswordList};
use glue_core::profile::{Dialect, Profile};
use glue_core::request::shop::Shop;
use glue_core::settings::{
    ConfigError, DatabaseSettings, LogSettings, MetricsSettings, ServerSettings, TraceSettings, Validate, within,
};
use multi_factor_auth::{MailSettings, MultiFactorSettings};
use oauth::settings::AuthSettings;
use serde::{Deserialize, Serialize};

/// Everything that can be configured. The keys are those of the files and, with `GLUE__` in front and `__` for dots, of
/// the environment: `server.port` is `GLUE__SERVER__PORT`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What may be made up when it is missing.
    pub environment: Deployment,
    /// Which promises are kept where documentation and running shop differ.
    pub profile: Profile,
    /// How errors are written in the profile `spryker`.
    pub dialect: Dialect,
    /// Where and how to listen.
    pub server: ServerSettings,
    /// Which database.
    pub database: DatabaseSettings,
    /// Where operators scrape metrics.
    pub metrics: MetricsSettings,
    /// What to log.
    pub log: LogSettings,
    /// Where traces go.
    pub traces: TraceSettings,
    /// Keys, lifetimes, the cost of passwords.
    pub auth: AuthSettings,
    /// Which passwords nobody may choose.
    pub passwords: PasswordSettings,
    /// Second factors.
    pub multi_factor: MultiFactorSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The stores, and which of them to serve.
    pub stores: Shop,
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), ConfigError> {
        const CENTURY: i64 = 100 * 366 * 24 * 3600;
        self.server.validate()?;
        self.database.validate()?;
        self.stores.validate()?;
        let auth = &self.auth;
        within("auth.access_seconds", auth.access_seconds, 1, CENTURY)?;
        within("auth.refresh_seconds", auth.refresh_seconds, 1, CENTURY)?;
        within("auth.session_seconds", auth.session_seconds, 1, CENTURY)?;
        within("auth.code_seconds", auth.code_seconds, 1, 600)?;
        within("auth.attempts", auth.attempts, 1, 1_000_000)?;
        within("auth.attempts_per_source", auth.attempts_per_source, 1, 1_000_000)?;
        within("auth.attempts_per_account", auth.attempts_per_account, 1, 1_000_000)?;
        within("auth.attempts_seconds", auth.attempts_seconds, 1, CENTURY)?;
        within("auth.block_seconds", auth.block_seconds, 1, CENTURY)?;
        within("auth.retention_seconds", auth.retention_seconds, 0, CENTURY)?;
        within("auth.verified_tokens", auth.verified_tokens, 0, 10_000_000)?;
        within("auth.retry_seconds", auth.retry_seconds, 0, 300)?;
        within("auth.leeway_seconds", auth.leeway_seconds, 0, 300)?;
        within("auth.hash_threads", auth.hash_threads, 0, 64)?;
        within("auth.hash_queue", auth.hash_queue, 1, 100_000)?;
        within("auth.hash_memory_kib", auth.hash_memory_kib, 8, 262_144)?;
        within("auth.hash_passes", auth.hash_passes, 1, 16)?;
        within("multi_factor.code_seconds", self.multi_factor.code_seconds, 1, 86_400)?;
        within("multi_factor.attempts", self.multi_factor.attempts, 1, 10)?;
        within("multi_factor.codes", self.multi_factor.codes, 1, 100)?;
        if self.environment == Deployment::Production {
            within("auth.hash_memory_kib", auth.hash_memory_kib, 7_168, 262_144)?;
        }
        if auth.default_client.is_empty() {
            return Err(ConfigError::bad_value("auth.default_client", "empty"));
        }
        Ok(())
    }
}

/// Which passwords nobody may choose.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordSettings {
    /// A file with the passwords that attackers know, one a line; empty for none.
    pub breached: String,
    /// Whether the most common ones are refused too: a short list that is built in.
    pub refuse_common: bool,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        Self { breached: String::new(), refuse_common: true }
    }
}

/// What is tried first everywhere, one a line.
const COMMON: &str = include_str!("common-passwords.txt");

impl PasswordSettings {
    /// What nobody may choose, when there is anything.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read.
    pub fn breaches(&self) -> Result<Option<Arc<dyn BreachedPasswords>>, ConfigError> {
        let mut list = match self.breached.as_str() {
            "" => PasswordList::default(),
            file => PasswordList::read(file.as_ref())
                .map_err(|error| ConfigError::bad_value("passwords.breached", &error.to_string()))?,
        };
        if self.refuse_common {
            list.extend(COMMON.lines());
        }
        Ok((!list.is_empty()).then(|| Arc::new(list) as Arc<dyn BreachedPasswords>))
    }
}

/// Where an application runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deployment {
    /// Keys are made and demo data is loaded when they are missing.
    #[default]
    Development,
    /// Nothing is made up: what is missing stops the start.
    Production,
}
