//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::context::Services;
use glue_core::db::{Conn, DbError, Migrations};
use glue_core::on_dialect;
use glue_core::profile::Profile;
use glue_core::testing::{Caller, Template, TestApp, TestDatabase, TestParts};

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

/// An application with this crate's routes.
pub(crate) async fn app(application: &str) -> TestApp {
    profiled(application, Profile::Documented).await
}

/// The same in another profile.
pub(crate) async fn profiled(application: &str, profile: Profile) -> TestApp {
    let (application, mount) = match application {
        "storefront" => ("storefront", customers::generated::storefront()),
        "backend" => ("backend", customers::generated::backend()),
        other => panic!("no application {other}"),
    };
    let services = Services::default();
    TestApp::new(TestParts { profile, services, ..TestParts::new(application, mount, TEMPLATE.database()) }).await
}

/// The caller whose rows a test makes.
pub(crate) fn owner(application: &str) -> Caller {
    caller(application, 1)
}

/// Somebody else.
pub(crate) fn stranger(application: &str) -> Caller {
    caller(application, 2)
}

fn caller(application: &str, number: i64) -> Caller {
    match application {
        "backend" => Caller::new(&format!("user-{number}"), number, &["user", "back-office-user"]),
        _ => Caller::new(&format!("DE--{number}"), number, &["customer"]),
    }
}

/// The id of a row that is there and, where rows are owned, the owner's.
pub(crate) fn existing(_: &str, _: &str) -> &'static str {
    "DE--1"
}

/// The collection of a child resource, below a parent of the owner's.
pub(crate) fn collection(_: &str, resource: &str) -> String {
    format!("/customers/DE--1/{resource}")
}
