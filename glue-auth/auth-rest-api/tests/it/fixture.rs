//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::context::Services;
use glue_core::db::Migrations;
use glue_core::profile::Profile;
use glue_core::testing::{Caller, Template, TestApp, TestParts};

const MIGRATIONS: Migrations = Migrations {
    sqlite: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
        SQL
    },
    postgres: || EmbeddedMigrations::new(&[]),
    mysql: || EmbeddedMigrations::new(&[]),
};

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template::new(MIGRATIONS, |_| Ok(())));

/// An application with this crate's routes.
pub(crate) async fn app(application: &str) -> TestApp {
    profiled(application, Profile::Documented).await
}

/// The same in another profile.
pub(crate) async fn profiled(application: &str, profile: Profile) -> TestApp {
    let (application, mount) = match application {
        "storefront" => ("storefront", auth_rest_api::generated::storefront()),
        "backend" => ("backend", auth_rest_api::generated::backend()),
        other => panic!("no application {other}"),
    };
    let services = Services::default();
    TestApp::new(TestParts { profile, services, ..TestParts::new(application, mount, TEMPLATE.database()) }).await
}

/// The caller whose rows a test makes.
pub(crate) fn owner(application: &str) -> Caller {
    caller(application, 1)
}

fn caller(application: &str, number: i64) -> Caller {
    match application {
        "backend" => Caller::new(&format!("user-{number}"), number, &["user", "back-office-user"]),
        _ => Caller::new(&format!("DE--{number}"), number, &["customer"]),
    }
}
