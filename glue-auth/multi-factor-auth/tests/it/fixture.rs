//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::Migrations;
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
    let (application, mount) = match application {
        "storefront" => ("storefront", multi_factor_auth::generated::storefront()),
        "backend" => ("backend", multi_factor_auth::generated::backend()),
        other => panic!("no application {other}"),
    };
    TestApp::new(TestParts::new(application, mount, TEMPLATE.database())).await
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
