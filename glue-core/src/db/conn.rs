//! A connection of one of the three dialects, and the differences that a query may not paper over.

use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
#[cfg(feature = "mysql")]
use diesel::mysql::MysqlConnection;
#[cfg(feature = "postgres")]
use diesel::pg::PgConnection;
use diesel::result::{ConnectionError, QueryResult};
use diesel::sqlite::SqliteConnection;

use super::DbError;

/// The SQL dialect of a database URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlDialect {
    /// `sqlite://path`, embedded.
    Sqlite,
    /// `postgres://…` or `postgresql://…`.
    Postgres,
    /// `mysql://…`, also MariaDB.
    Mysql,
}

impl SqlDialect {
    /// Reads the dialect off a URL's scheme; `None` when no dialect speaks it.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        match url.split_once("://")?.0 {
            "sqlite" => Some(SqlDialect::Sqlite),
            "postgres" | "postgresql" => Some(SqlDialect::Postgres),
            "mysql" | "mariadb" => Some(SqlDialect::Mysql),
            _ => None,
        }
    }
}

impl SqlDialect {
    /// Whether this build speaks the dialect.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        match self {
            SqlDialect::Sqlite => true,
            SqlDialect::Postgres => cfg!(feature = "postgres"),
            SqlDialect::Mysql => cfg!(feature = "mysql"),
        }
    }
}

/// How hard SQLite pushes a commit to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SqliteSync {
    /// Survives a power cut.
    Full,
    /// Survives `kill -9`; a power cut may lose the last commits.
    Normal,
    /// For throw-away databases only.
    Off,
}

/// One open connection. Match on it with [`on_dialect!`](crate::on_dialect), never by hand.
pub enum Conn {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
    /// MySQL and MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(MysqlConnection),
}

impl Conn {
    /// Opens a connection and prepares it: write-ahead log, busy timeout and foreign keys on SQLite, UTC on MySQL.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the server or the file cannot be reached, [`DbError::Defect`] when this build
    /// was made without the URL's dialect.
    pub fn open(url: &str, sync: SqliteSync) -> Result<Self, DbError> {
        let unavailable = |error: ConnectionError| DbError::Unavailable(strip_url(&error.to_string(), url));
        match SqlDialect::of(url) {
            Some(SqlDialect::Sqlite) => {
                let path = url.trim_start_matches("sqlite://");
                let mut conn = SqliteConnection::establish(path).map_err(unavailable)?;
                let sync = match sync {
                    SqliteSync::Full => "FULL",
                    SqliteSync::Normal => "NORMAL",
                    SqliteSync::Off => "OFF",
                };
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA synchronous={sync};"
                ))?;
                Ok(Conn::Sqlite(conn))
            }
            #[cfg(feature = "postgres")]
            Some(SqlDialect::Postgres) => {
                let mut conn = PgConnection::establish(url).map_err(unavailable)?;
                conn.batch_execute("SET TIME ZONE 'UTC'")?;
                Ok(Conn::Postgres(conn))
            }
            #[cfg(feature = "mysql")]
            Some(SqlDialect::Mysql) => {
                let url = url.replacen("mariadb://", "mysql://", 1);
                let mut conn = MysqlConnection::establish(&url).map_err(unavailable)?;
                conn.batch_execute("SET time_zone='+00:00'")?;
                conn.batch_execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")?;
                Ok(Conn::Mysql(conn))
            }
            _ => {
                let _ = (sync, unavailable);
                Err(DbError::Defect("this build does not speak the dialect of the database URL".into()))
            }
        }
    }

    /// Runs `work` inside one write transaction: committed when it returns `Ok`, rolled back otherwise.
    ///
    /// SQLite takes its write lock at the start (`BEGIN IMMEDIATE`): a transaction that reads first and writes later
    /// would otherwise fail at once as soon as two of them meet.
    ///
    /// # Errors
    /// What `work` returned, or the failure of BEGIN or COMMIT.
    pub fn write<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, DbError>) -> Result<T, DbError> {
        self.write_while(|| true, work)
    }

    /// The same for somebody who may stop waiting: what was refused meanwhile must not happen afterwards.
    pub(crate) fn write_while<T>(
        &mut self,
        wanted: impl Fn() -> bool,
        work: impl FnOnce(&mut Self) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let unwanted = || DbError::Unavailable("nobody waits for it any more".into());
        self.begin()?;
        let done = if wanted() { work(self) } else { Err(unwanted()) };
        match done {
            Ok(value) if wanted() => {
                self.commit()?;
                Ok(value)
            }
            Ok(_) => {
                self.rollback()?;
                Err(unwanted())
            }
            Err(error) => {
                // A connection that cannot roll back is probed before its next use.
                self.rollback()?;
                Err(error)
            }
        }
    }

    /// Runs `work` while no other process does the same: several instances may start on one database at once.
    ///
    /// # Errors
    /// What `work` returned, or the failure to become alone.
    pub(crate) fn alone<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, DbError>) -> Result<T, DbError> {
        match self {
            // The write lock is the file's.
            Conn::Sqlite(_) => self.write(work),
            #[cfg(feature = "postgres")]
            Conn::Postgres(_) => self.write(|conn| {
                conn.execute("SELECT pg_advisory_xact_lock(719283)")?;
                work(conn)
            }),
            #[cfg(feature = "mysql")]
            Conn::Mysql(_) => {
                // DDL commits by itself there, so the lock has to outlive transactions.
                if self.lock_migrations()? != Some(1) {
                    return Err(DbError::Unavailable("another instance has been migrating for a minute".into()));
                }
                let done = work(self);
                self.execute("DO RELEASE_LOCK('glue-migrations')")?;
                done
            }
        }
    }

    #[cfg(feature = "mysql")]
    fn lock_migrations(&mut self) -> Result<Option<i32>, DbError> {
        use diesel::RunQueryDsl;
        use diesel::dsl::sql;
        use diesel::sql_types::{Integer, Nullable};
        let lock = || diesel::select(sql::<Nullable<Integer>>("GET_LOCK('glue-migrations', 60)"));
        Ok(crate::on_dialect!(self, conn => lock().get_result(conn))?)
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn execute(&mut self, statement: &str) -> Result<(), DbError> {
        Ok(crate::on_dialect!(self, conn => conn.batch_execute(statement))?)
    }

    fn begin(&mut self) -> QueryResult<()> {
        match self {
            Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
            #[cfg(feature = "postgres")]
            Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn),
            #[cfg(feature = "mysql")]
            Conn::Mysql(conn) => AnsiTransactionManager::begin_transaction(conn),
        }
    }

    fn commit(&mut self) -> QueryResult<()> {
        crate::on_dialect!(self, conn => AnsiTransactionManager::commit_transaction(conn))
    }

    fn rollback(&mut self) -> QueryResult<()> {
        crate::on_dialect!(self, conn => AnsiTransactionManager::rollback_transaction(conn))
    }

    /// Whether the connection still answers.
    pub(crate) fn answers(&mut self) -> bool {
        // A transaction that the database ended by itself leaves the connection answering and unusable.
        crate::on_dialect!(self, conn => {
            let depth = AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth();
            matches!(depth, Ok(None)) && conn.batch_execute("SELECT 1").is_ok()
        })
    }
}

/// Driver messages may quote the URL with its password.
fn strip_url(message: &str, url: &str) -> String {
    message.replace(url, "<database url>")
}
