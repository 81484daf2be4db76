//! The schema of this project's databases.

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use glue_core::db::Migrations;

/// Every migration, embedded per dialect.
pub const MIGRATIONS: Migrations = Migrations {
    sqlite: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
        SQL
    },
    postgres: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
        SQL
    },
    mysql: || {
        const SQL: EmbeddedMigrations = embed_migrations!("../../migrations/mysql");
        SQL
    },
};
