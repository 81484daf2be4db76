//! The OAuth engine of an application, from its settings.

use std::sync::Arc;

use auth_rest_api::{EngineDatabase, SharedEngine};
use glue_core::db::Db;
use glue_core::profile::Profile;
use glue_core::settings::ConfigError;
use oauth::format::{RefreshFormat, TokenFormat};
use oauth::keys::{KeyError, Keys, WhenMissing};
use oauth::passwords::PasswordPool;
use oauth::{Conventions, Engine, Plugins, Revocation, UnknownScopes};
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Deployment, Settings};
use crate::start_error::StartError;

/// The engine of the application of this name: reads the key, starts the password threads, and ties both to the database.
pub(crate) fn build(name: &str, settings: &Settings, db: &Db, plugins: Plugins) -> Result<SharedEngine, StartError> {
    let keys = keys(settings)?;
    let passwords = PasswordPool::start(&settings.auth).map_err(StartError::Threads)?;
    let database = Arc::new(EngineDatabase(db.clone()));
    let conventions = conventions(name, settings)?;
    Ok(Arc::new(Engine::new(database, keys, passwords, plugins, settings.auth.clone(), conventions)))
}

/// The key that signs and those that verify.
pub(crate) fn keys(settings: &Settings) -> Result<Keys, KeyError> {
    let missing = match settings.environment {
        Deployment::Development => WhenMissing::Generate,
        Deployment::Production => WhenMissing::Refuse,
    };
    let keys = Keys::load(&settings.auth.key_file, missing)?;
    if settings.profile == Profile::Spryker && !keys.is_rsa() {
        return Err(KeyError::NoRsa(settings.auth.key_file.display().to_string()));
    }
    keys.with_retired(&settings.auth.retired_key_files)
}

/// What the application issues: what current practice asks for, or what a running shop reads and writes.
fn conventions(name: &str, settings: &Settings) -> Result<Conventions, ConfigError> {
    let (issuer, audience) = (settings.server.base_url(), name.to_owned());
    Ok(match settings.profile {
        Profile::Documented => Conventions {
            issuer,
            audience,
            access: TokenFormat::Rfc9068,
            refresh: RefreshFormat::Opaque,
            unknown_scopes: UnknownScopes::Refused,
            revocation: Revocation::Session,
        },
        Profile::Spryker => Conventions {
            issuer,
            audience,
            access: TokenFormat::Spryker,
            refresh: RefreshFormat::Defuse(encryption_key(settings)?),
            unknown_scopes: UnknownScopes::Dropped,
            revocation: Revocation::RefreshTokens,
        },
    })
}

/// Keys that stand in sources and manuals: ours of development, and the example of league/oauth2-server.
const PUBLISHED: [&str; 2] =
    ["development only: set auth.encryption_key", "lxZFUEsBCJ2Yb14IF2ygAHI5N4+ZAUXXaSeeJm6+twsUmIen"];

/// The password of refresh tokens. In development one that everybody knows will do.
fn encryption_key(settings: &Settings) -> Result<SecretString, ConfigError> {
    let key = &settings.auth.encryption_key;
    match (key.expose_secret().len(), settings.environment) {
        (0, Deployment::Development) => Ok(PUBLISHED[0].to_owned().into()),
        (_, Deployment::Production) if PUBLISHED.contains(&key.expose_secret()) => Err(ConfigError::bad_value(
            "auth.encryption_key",
            "a key that everybody knows, and `environment` is production",
        )),
        (0..32, Deployment::Production) => Err(ConfigError::bad_value(
            "auth.encryption_key",
            "fewer than 32 characters, and `environment` is production",
        )),
        _ => Ok(key.clone()),
    }
}
