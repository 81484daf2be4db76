//! The settings of an application, all of them in one place.

use glue_core::profile::{Dialect, Profile};
use glue_core::settings::{DatabaseSettings, LogSettings, ServerSettings};
use oauth::settings::AuthSettings;
use serde::{Deserialize, Serialize};

/// Everything that can be configured. The keys are those of the files and, with `GLUE__` in front and `__` for dots, of
/// the environment: `server.port` is `GLUE__SERVER__PORT`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What may be made up when it is missing.
    pub environment: Environment,
    /// Which promises are kept where documentation and running shop differ.
    pub profile: Profile,
    /// How errors are written in the profile `spryker`.
    pub dialect: Dialect,
    /// Where and how to listen.
    pub server: ServerSettings,
    /// Which database.
    pub database: DatabaseSettings,
    /// What to log.
    pub log: LogSettings,
    /// Keys, lifetimes, the cost of passwords.
    pub auth: AuthSettings,
    /// Which stores to serve.
    pub stores: StoreSettings,
}

/// Where an application runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Keys are made and demo data is loaded when they are missing.
    #[default]
    Development,
    /// Nothing is made up: what is missing stops the start.
    Production,
}

/// Which stores the storefront serves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// The current store.
    pub current: String,
    /// Whether all stores are served instead.
    pub dynamic: bool,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self { current: "DE".into(), dynamic: false }
    }
}
