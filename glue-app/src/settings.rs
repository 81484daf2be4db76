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
    const LISTS: &'static [&'static str] =
        &["server.trusted_proxies", "server.cors.origins", "server.cors.headers", "auth.retired_key_files"];

    fn validate(&self) -> Result<(), ConfigError> {
        self.server.validate()?;
        self.database.validate()?;
        self.stores.validate()?;
        self.auth.check().map_err(|bad| ConfigError::bad_value(&format!("auth.{}", bad.key), &bad.why))?;
        self.multi_factor.validate()?;
        if self.environment == Deployment::Production {
            within("auth.hash_memory_kib", self.auth.hash_memory_kib, 7_168, 262_144)?;
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
