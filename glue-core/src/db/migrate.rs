//! Schema changes: SQL files, one folder a dialect, embedded by whoever owns a database.

use diesel_migrations::{EmbeddedMigrations, HarnessWithOutput, MigrationHarness};

use super::conn::{Conn, SqlDialect};
use super::error::DbError;

/// The migrations of one application, embedded per dialect.
#[derive(Clone, Copy)]
pub struct Migrations {
    /// For SQLite.
    pub sqlite: fn() -> EmbeddedMigrations,
    /// For PostgreSQL.
    pub postgres: fn() -> EmbeddedMigrations,
    /// For MySQL and MariaDB.
    pub mysql: fn() -> EmbeddedMigrations,
}

impl Migrations {
    /// Applies what is pending and returns how many were applied.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] with the failing statement's message. SQLite and PostgreSQL then keep the schema as it was;
    /// MySQL, whose schema changes commit by themselves, keeps the migrations before it.
    pub fn up(self, conn: &mut Conn) -> Result<usize, DbError> {
        conn.alone(|conn| self.apply(conn))
    }

    fn apply(self, conn: &mut Conn) -> Result<usize, DbError> {
        let failed =
            |error: Box<dyn std::error::Error + Send + std::marker::Sync>| DbError::Unavailable(error.to_string());
        let source = self.of(dialect(conn));
        crate::on_dialect!(conn, conn => {
            HarnessWithOutput::new(conn, std::io::sink()).run_pending_migrations(source).map(|done| done.len()).map_err(failed)
        })
    }

    /// Reverts every applied migration, newest first, and returns how many were reverted. All data is lost.
    ///
    /// # Errors
    /// As [`Migrations::up`].
    pub fn down(self, conn: &mut Conn) -> Result<usize, DbError> {
        conn.alone(|conn| self.revert(conn))
    }

    fn revert(self, conn: &mut Conn) -> Result<usize, DbError> {
        let failed =
            |error: Box<dyn std::error::Error + Send + std::marker::Sync>| DbError::Unavailable(error.to_string());
        let source = self.of(dialect(conn));
        crate::on_dialect!(conn, conn => {
            HarnessWithOutput::new(conn, std::io::sink()).revert_all_migrations(source).map(|done| done.len()).map_err(failed)
        })
    }

    fn of(self, dialect: SqlDialect) -> EmbeddedMigrations {
        match dialect {
            SqlDialect::Sqlite => (self.sqlite)(),
            SqlDialect::Postgres => (self.postgres)(),
            SqlDialect::Mysql => (self.mysql)(),
        }
    }
}

fn dialect(conn: &Conn) -> SqlDialect {
    match conn {
        Conn::Sqlite(_) => SqlDialect::Sqlite,
        #[cfg(feature = "postgres")]
        Conn::Postgres(_) => SqlDialect::Postgres,
        #[cfg(feature = "mysql")]
        Conn::Mysql(_) => SqlDialect::Mysql,
    }
}
