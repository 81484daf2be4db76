//! A backend with demo data and real tokens.

use std::sync::LazyLock;

use auth_rest_api::SharedEngine;
use backend::wiring::PROGRAM;
use glue_app::{Program, Settings, testing};
use glue_core::db::Db;
use glue_core::profile::Profile;
use glue_core::testing::{Answer, Template, TestApp};

pub(crate) use glue_app::testing::noon;

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| testing::template(&PROGRAM));

pub(crate) fn settings() -> Settings {
    testing::settings(&PROGRAM)
}

pub(crate) async fn start(program: &Program, profile: Profile) -> TestApp {
    engaged(program, profile).await.0
}

/// An application with the engine behind it.
pub(crate) async fn engaged(program: &Program, profile: Profile) -> (TestApp, SharedEngine) {
    testing::start(program, &Settings { profile, ..settings() }, TEMPLATE.database()).await
}

/// An engine over a database that is there already: another instance.
pub(crate) async fn instance(program: &Program, profile: Profile, db: &Db) -> SharedEngine {
    testing::instance(program, &Settings { profile, ..settings() }, db).await
}

pub(crate) async fn log_in(app: &TestApp, username: &str) -> Answer {
    app.anonymous().form("/token", &format!("grant_type=password&username={username}&password=change123")).await
}
