//! A backend with demo data and real tokens.

use std::sync::LazyLock;

use auth_rest_api::SharedEngine;
use glue_core::clock::Clock;
use glue_core::db::Db;
use glue_core::profile::Profile;
use glue_core::testing::{Answer, Caller, Issuer, Template, TestApp, Validity};
use platform::{Program, Settings, schema};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| {
    Template::new(schema::MIGRATIONS, |conn| demo::DATA.load(conn, &settings().auth, noon()).map(drop))
});

static KEYS: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a temporary folder"));

pub(crate) fn noon() -> OffsetDateTime {
    datetime!(2026-02-01 12:00 UTC)
}

pub(crate) fn settings() -> Settings {
    let mut settings: Settings = glue_core::settings::defaults(backend::wiring::PROGRAM.config).expect("the defaults");
    settings.auth.hash_memory_kib = 8;
    settings.auth.hash_passes = 1;
    settings.auth.key_file = KEYS.path().join("key.pem");
    settings.mail.folder = Some(KEYS.path().join("mail"));
    settings.server.public_url = "http://glue.test".into();
    settings
}

struct NoIssuer;

impl Issuer for NoIssuer {
    fn issue(&self, _: &Caller, _: Validity, _: OffsetDateTime) -> String {
        "garbage".into()
    }
}

pub(crate) async fn start(program: &Program, profile: Profile) -> TestApp {
    engaged(program, profile).await.0
}

/// An application with the engine behind it.
pub(crate) async fn engaged(program: &Program, profile: Profile) -> (TestApp, SharedEngine) {
    let settings = Settings { profile, ..settings() };
    let database = TEMPLATE.database();
    let clock = Clock::fixed(noon());
    let engine = instance(program, profile, &database.db).await;
    let site =
        program.site_with(engine.clone(), &settings, database.db.clone(), clock.clone()).expect("an application");
    (TestApp::over(&site, Box::new(NoIssuer), clock, database).await, engine)
}

/// An engine over a database that is there already: another instance.
pub(crate) async fn instance(program: &Program, profile: Profile, db: &Db) -> SharedEngine {
    let engine = program.engine(&Settings { profile, ..settings() }, db).expect("an engine");
    engine.learn_endings(noon()).await.expect("storage");
    engine
}

pub(crate) async fn log_in(app: &TestApp, username: &str) -> Answer {
    app.anonymous().form("/token", &format!("grant_type=password&username={username}&password=change123")).await
}
