//! The OAuth engine of an application, from its settings.

use std::sync::Arc;

use auth_rest_api::{EngineDatabase, SharedEngine};
use glue_core::db::Db;
use oauth::keys::{Keys, WhenMissing};
use oauth::passwords::PasswordPool;
use oauth::{Engine, Plugins};

use crate::program::{Program, StartError};
use crate::settings::{Environment, Settings};

/// Reads the key, starts the password threads, and ties both to the database.
pub(crate) fn build(
    program: &Program,
    settings: &Settings,
    db: &Db,
    plugins: Plugins,
) -> Result<SharedEngine, StartError> {
    let missing = match settings.environment {
        Environment::Development => WhenMissing::Generate,
        Environment::Production => WhenMissing::Refuse,
    };
    let keys = Keys::load(&settings.auth.key_file, missing)?;
    let passwords = PasswordPool::start(&settings.auth).map_err(StartError::Threads)?;
    let issuer = settings.server.base_url();
    // Both applications may share a key: the audience is what keeps their tokens apart.
    let audience = program.name.to_owned();
    let database = Arc::new(EngineDatabase(db.clone()));
    Ok(Arc::new(Engine::new(database, keys, passwords, plugins, settings.auth.clone(), (issuer, audience))))
}
