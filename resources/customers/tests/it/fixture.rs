//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::{Conn, DbError, Migrations};
use glue_core::on_dialect;
use glue_core::testing::{Caller, Template, TestDatabase, TestParts, contract};

const MIGRATIONS: Migrations = Migrations {
    sqlite: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
        SQL
    },
    postgres: || EmbeddedMigrations::new(&[]),
    mysql: || EmbeddedMigrations::new(&[]),
};

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| Template::new(MIGRATIONS, seed));

fn seed(conn: &mut Conn) -> Result<(), DbError> {
    let sql =
        "INSERT INTO spy_customer (id_customer, customer_reference, email, email_key, password, created_at, updated_at) VALUES
        (1, 'DE--1', 'One@example.com', 'one@example.com', 'first', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
        (2, 'DE--2', 'two@example.com', 'two@example.com', NULL, '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000')";
    let countries = "INSERT INTO spy_country (iso2_code, iso3_code, name, postal_code_mandatory) VALUES ('DE', 'DEU', 'Germany', 1)";
    Ok(on_dialect!(conn, c => {
        c.batch_execute(sql)?;
        c.batch_execute(countries)
    })?)
}

/// A database with two customers; the first has a password.
pub(crate) fn database() -> TestDatabase {
    TEMPLATE.database()
}

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    fn parts(application: &str) -> TestParts {
        let database = TEMPLATE.database();
        match application {
            "storefront" => TestParts::new("storefront", customers::generated::storefront(), database),
            "backend" => TestParts::new("backend", customers::generated::backend(), database),
            other => panic!("no application {other}"),
        }
    }

    fn caller(application: &str, number: i64) -> Caller {
        match application {
            "backend" => Caller::user(number),
            _ => Caller::customer(number),
        }
    }

    fn existing(_: &str, _: &str) -> String {
        "DE--1".into()
    }

    fn collection(_: &str, resource: &str) -> String {
        format!("/customers/DE--1/{resource}")
    }
}
