//! Schema changes: SQL files, one folder a dialect, embedded by whoever owns tables.

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource, Result as MigrationResult};
use diesel_migrations::{EmbeddedMigrations, HarnessWithOutput, MigrationHarness};

use super::conn::{Conn, SqlDialect};
use super::error::DbError;

/// The migrations of one owner of tables, embedded per dialect.
#[derive(Clone, Copy)]
pub struct Migrations {
    /// For SQLite.
    pub sqlite: fn() -> EmbeddedMigrations,
    /// For PostgreSQL.
    pub postgres: fn() -> EmbeddedMigrations,
    /// For MySQL and MariaDB.
    pub mysql: fn() -> EmbeddedMigrations,
}

/// The schema of a database: the migrations of everybody whose tables are in it. One table remembers which were applied;
/// they run in the order of their versions, whoever they are of.
#[derive(Clone, Copy)]
pub struct Schema(pub &'static [Migrations]);

impl Schema {
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
    /// As [`Schema::up`].
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

    fn of(self, dialect: SqlDialect) -> Sources {
        let embedded = |owner: &Migrations| match dialect {
            SqlDialect::Sqlite => (owner.sqlite)(),
            SqlDialect::Postgres => (owner.postgres)(),
            SqlDialect::Mysql => (owner.mysql)(),
        };
        Sources(self.0.iter().map(embedded).collect())
    }
}

/// Several sources as one. Diesel sorts by version.
struct Sources(Vec<EmbeddedMigrations>);

impl<DB: Backend> MigrationSource<DB> for Sources {
    fn migrations(&self) -> MigrationResult<Vec<Box<dyn Migration<DB>>>> {
        let mut all = Vec::new();
        for source in &self.0 {
            all.extend(MigrationSource::<DB>::migrations(source)?);
        }
        Ok(all)
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
