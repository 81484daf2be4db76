//! The database and the callers of this crate's tests.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::{Conn, DbError, Migrations};
use glue_core::on_dialect;
use glue_core::request::Services;
use glue_core::testing::{Caller, Template, TestParts, contract};
use stores::stores::ServedStores;

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
    let sql = "INSERT INTO spy_currency (id_currency, code, name) VALUES (1, 'EUR', 'Euro');
        INSERT INTO spy_locale (id_locale, locale_name, is_active) VALUES (1, 'en_US', TRUE);
        INSERT INTO spy_country (id_country, iso2_code, iso3_code, name, postal_code_mandatory) VALUES (1, 'DE', 'DEU', 'Germany', TRUE);
        INSERT INTO spy_region (fk_country, iso2_code, name) VALUES (1, 'DE-BE', 'Berlin');
        INSERT INTO spy_store (id_store, name, timezone, fk_currency, fk_locale) VALUES
        (1, 'DE', 'Europe/Berlin', 1, 1), (2, 'AT', 'Europe/Vienna', 1, 1);
        INSERT INTO spy_currency_store (fk_currency, fk_store) VALUES (1, 1), (1, 2);
        INSERT INTO spy_locale_store (fk_locale, fk_store) VALUES (1, 1), (1, 2);
        INSERT INTO spy_country_store (fk_country, fk_store) VALUES (1, 1), (1, 2);";
    Ok(on_dialect!(conn, c => c.batch_execute(sql))?)
}

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    fn parts(application: &str) -> TestParts {
        let database = TEMPLATE.database();
        match application {
            "storefront" => {
                let services = Services::default().with(ServedStores::Current("DE".into()));
                TestParts { services, ..TestParts::new("storefront", stores::generated::storefront(), database) }
            }
            other => panic!("no application {other}"),
        }
    }

    fn caller(_: &str, number: i64) -> Caller {
        Caller::customer(number)
    }
}
