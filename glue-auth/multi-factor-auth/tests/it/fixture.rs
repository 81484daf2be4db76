//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::Migrations;
use glue_core::testing::{Caller, Template, TestParts, contract};

const MIGRATIONS: Migrations = Migrations {
    sqlite: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
        SQL
    },
    postgres: || EmbeddedMigrations::new(&[]),
    mysql: || EmbeddedMigrations::new(&[]),
};

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template::new(MIGRATIONS, |_| Ok(())));

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    fn parts(application: &str) -> TestParts {
        let database = TEMPLATE.database();
        match application {
            "storefront" => TestParts::new("storefront", multi_factor_auth::generated::storefront(), database),
            "backend" => TestParts::new("backend", multi_factor_auth::generated::backend(), database),
            other => panic!("no application {other}"),
        }
    }

    fn caller(application: &str, number: i64) -> Caller {
        match application {
            "backend" => Caller::user(number),
            _ => Caller::customer(number),
        }
    }
}
