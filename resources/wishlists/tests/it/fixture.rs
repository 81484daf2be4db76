//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::{Conn, DbError, Migrations};
use glue_core::on_dialect;
use glue_core::testing::{Caller, Template, TestParts, contract};

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
        "INSERT INTO spy_customer (id_customer, customer_reference, email, email_key, created_at, updated_at) VALUES
        (1, 'DE--1', 'One@example.com', 'one@example.com', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
        (2, 'DE--2', 'two@example.com', 'two@example.com', '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000')";
    let list = "INSERT INTO spy_wishlist (id_wishlist, uuid, fk_customer, name, created_at, updated_at) VALUES
        (1, '0198f3c2-7d1e-7a52-9f0b-000000000001', 1, 'Seeded', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')";
    let item = "INSERT INTO spy_wishlist_item (fk_wishlist, sku, created_at, updated_at) VALUES
        (1, '029_26175504', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
        (1, '066_23294028', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')";
    Ok(on_dialect!(conn, c => {
        c.batch_execute(sql)?;
        c.batch_execute(list)?;
        c.batch_execute(item)
    })?)
}

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    fn parts(application: &str) -> TestParts {
        let database = TEMPLATE.database();
        match application {
            "storefront" => TestParts::new("storefront", wishlists::generated::storefront(), database),
            other => panic!("no application {other}"),
        }
    }

    fn caller(_: &str, number: i64) -> Caller {
        Caller::customer(number)
    }

    fn existing(_: &str, _: &str) -> String {
        "029_26175504".into()
    }

    fn collection(_: &str, resource: &str) -> String {
        format!("/wishlists/0198f3c2-7d1e-7a52-9f0b-000000000001/{resource}")
    }
}
