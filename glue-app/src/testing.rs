//! The test kit of an application: its whole program with demo data and real tokens, in a database of its own.

use std::sync::LazyLock;

use auth_rest_api::SharedEngine;
use glue_core::clock::Clock;
use glue_core::db::Db;
use glue_core::testing::{Caller, Issuer, Template, TestApp, TestDatabase, Validity};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::{Program, Settings};

static KEYS: LazyLock<TempDir> = LazyLock::new(|| {
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    TempDir::new().unwrap_or_else(|error| panic!("a temporary folder: {error}"))
});

/// When tests take place.
#[must_use]
pub fn noon() -> OffsetDateTime {
    datetime!(2026-02-01 12:00 UTC)
}

/// The settings of a program, with hashes that cost next to nothing and a key and a mailbox of this process.
///
/// # Panics
/// When the program's own configuration cannot be read.
#[must_use]
pub fn settings(program: &Program) -> Settings {
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    let defaults = glue_core::settings::defaults(program.config).unwrap_or_else(|error| panic!("{error}"));
    let mut settings: Settings = defaults;
    settings.auth.hash_memory_kib = 8;
    settings.auth.hash_passes = 1;
    settings.auth.key_file = KEYS.path().join("key.pem");
    settings.mail.folder = Some(KEYS.path().join("mail"));
    settings.server.public_url = "http://glue.test".into();
    settings
}

/// A database with the demo data of a program.
#[must_use]
pub fn template(program: &'static Program) -> Template {
    let load = |conn: &mut _| program.demo.load(conn, &settings(program).auth, noon()).map(drop);
    Template::new(program.schema, load)
}

/// The engine issues by login only; what this cannot make, the tests of the engine do.
struct NoIssuer;

impl Issuer for NoIssuer {
    fn issue(&self, _: &Caller, _: Validity, _: OffsetDateTime) -> String {
        "garbage".into()
    }
}

/// An application over a database, and the engine behind it.
///
/// # Panics
/// When the program cannot be put together from these settings.
pub async fn start(program: &Program, settings: &Settings, database: TestDatabase) -> (TestApp, SharedEngine) {
    let clock = Clock::fixed(noon());
    let engine = instance(program, settings, &database.db).await;
    let site = program.site_with(engine.clone(), settings, database.db.clone(), clock.clone());
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    let site = site.unwrap_or_else(|error| panic!("{error}"));
    (TestApp::over(&site, Box::new(NoIssuer), clock, database).await, engine)
}

/// An engine over a database that is there already: another instance.
///
/// # Panics
/// As [`start`].
pub async fn instance(program: &Program, settings: &Settings, db: &Db) -> SharedEngine {
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    let engine = program.engine(settings, db).unwrap_or_else(|error| panic!("{error}"));
    let learnt = engine.learn_endings(noon()).await;
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    learnt.unwrap_or_else(|error| panic!("{error}"));
    engine
}
