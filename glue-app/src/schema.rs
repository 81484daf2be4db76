//! The framework's schema: the tables of its modules.

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::Migrations;

/// Every migration of the framework, embedded per dialect. A team's own run after them ([`Schema`](glue_core::db::Schema)).
pub const MIGRATIONS: Migrations = Migrations {
    sqlite: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
        SQL
    },
    postgres: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
        SQL
    },
    mysql: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../migrations/mysql");
        SQL
    },
};

/// The folder of those for SQLite, for tests that read migrations when they run.
pub const SQLITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/sqlite");
