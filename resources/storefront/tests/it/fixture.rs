//! A storefront with demo data and real tokens.

use std::sync::LazyLock;

use auth_rest_api::SharedEngine;
use glue_app::{Settings, testing};
use glue_core::db::Db;
use glue_core::profile::Profile;
use glue_core::testing::{Template, TestApp, TestDatabase};
use storefront::wiring::PROGRAM;

pub(crate) use glue_app::testing::noon;

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| testing::template(&PROGRAM));

pub(crate) fn settings() -> Settings {
    testing::settings(&PROGRAM)
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
    testing::start(&PROGRAM, &settings, database()).await
}

/// An engine over a database that is there already: another instance.
pub(crate) async fn instance(settings: &Settings, db: &Db) -> SharedEngine {
    testing::instance(&PROGRAM, settings, db).await
}

pub(crate) fn credentials(username: &str, password: &str) -> String {
    format!(r#"{{"data":{{"type":"access-tokens","attributes":{{"username":"{username}","password":"{password}"}}}}}}"#)
}

/// The access and the refresh token of a customer.
pub(crate) async fn login(app: &TestApp, username: &str) -> (String, String) {
    let answer =
        app.anonymous().send("POST", "/access-tokens", Some(&credentials(username, glue_app::DEMO_PASSWORD))).await;
    answer.is_ok(201);
    (answer.text_at("/data/attributes/accessToken"), answer.text_at("/data/attributes/refreshToken"))
}
