//! A storefront with demo data and real tokens.

use std::sync::LazyLock;

use auth_rest_api::SharedEngine;
use glue_core::clock::Clock;
use glue_core::db::Db;
use glue_core::profile::Profile;
use glue_core::testing::{Caller, Issuer, Template, TestApp, TestDatabase, Validity};
use platform::{Settings, schema};
use storefront::wiring::PROGRAM;
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

/// The storefront's settings with hashes that cost next to nothing and a key of this process.
pub(crate) fn settings() -> Settings {
    let mut settings: Settings = glue_core::settings::defaults(PROGRAM.config).expect("the defaults");
    settings.auth.hash_memory_kib = 8;
    settings.auth.hash_passes = 1;
    settings.auth.key_file = KEYS.path().join("key.pem");
    settings.mail.folder = Some(KEYS.path().join("mail"));
    settings.server.public_url = "http://glue.test".into();
    settings
}

/// The engine issues by login only; what this cannot make, the tests of the engine do.
struct NoIssuer;

impl Issuer for NoIssuer {
    fn issue(&self, _: &Caller, _: Validity, _: OffsetDateTime) -> String {
        "garbage".into()
    }
}

pub(crate) async fn app() -> TestApp {
    profiled(Profile::Documented).await
}

pub(crate) async fn profiled(profile: Profile) -> TestApp {
    over(Settings { profile, ..settings() }).await
}

pub(crate) async fn over(settings: Settings) -> TestApp {
    engaged(settings).await.0
}

/// A database with demo data.
pub(crate) fn database() -> TestDatabase {
    TEMPLATE.database()
}

/// A storefront with the engine behind it.
pub(crate) async fn engaged(settings: Settings) -> (TestApp, SharedEngine) {
    let database = TEMPLATE.database();
    let clock = Clock::fixed(noon());
    let engine = instance(&settings, &database.db).await;
    let site = PROGRAM.site_with(engine.clone(), &settings, database.db.clone(), clock.clone()).expect("a storefront");
    (TestApp::over(&site, Box::new(NoIssuer), clock, database).await, engine)
}

/// An engine over a database that is there already: another instance.
pub(crate) async fn instance(settings: &Settings, db: &Db) -> SharedEngine {
    let engine = PROGRAM.engine(settings, db).expect("an engine");
    engine.learn_endings(noon()).await.expect("storage");
    engine
}

pub(crate) fn credentials(username: &str, password: &str) -> String {
    format!(r#"{{"data":{{"type":"access-tokens","attributes":{{"username":"{username}","password":"{password}"}}}}}}"#)
}

/// The access and the refresh token of a customer.
pub(crate) async fn login(app: &TestApp, username: &str) -> (String, String) {
    let answer =
        app.anonymous().send("POST", "/access-tokens", Some(&credentials(username, platform::DEMO_PASSWORD))).await;
    answer.is_ok(201);
    (answer.text_at("/data/attributes/accessToken"), answer.text_at("/data/attributes/refreshToken"))
}
