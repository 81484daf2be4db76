//! The port to the database: the engine brings the queries, the application brings connections and transactions.

use std::future::Future;
use std::pin::Pin;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use oauth_extension::Storage;

/// A borrowed connection of one of the dialects.
pub enum Connection<'a> {
    /// SQLite.
    Sqlite(&'a mut diesel::sqlite::SqliteConnection),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(&'a mut diesel::pg::PgConnection),
    /// MySQL and MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(&'a mut diesel::mysql::MysqlConnection),
}

impl Connection<'_> {
    /// The same connection for one more statement.
    pub(crate) fn again(&mut self) -> Connection<'_> {
        match self {
            Connection::Sqlite(conn) => Connection::Sqlite(conn),
            #[cfg(feature = "postgres")]
            Connection::Postgres(conn) => Connection::Postgres(conn),
            #[cfg(feature = "mysql")]
            Connection::Mysql(conn) => Connection::Mysql(conn),
        }
    }
}

impl<'a> From<&'a mut diesel::sqlite::SqliteConnection> for Connection<'a> {
    fn from(conn: &'a mut diesel::sqlite::SqliteConnection) -> Self {
        Connection::Sqlite(conn)
    }
}

#[cfg(feature = "postgres")]
impl<'a> From<&'a mut diesel::pg::PgConnection> for Connection<'a> {
    fn from(conn: &'a mut diesel::pg::PgConnection) -> Self {
        Connection::Postgres(conn)
    }
}

#[cfg(feature = "mysql")]
impl<'a> From<&'a mut diesel::mysql::MysqlConnection> for Connection<'a> {
    fn from(conn: &'a mut diesel::mysql::MysqlConnection) -> Self {
        Connection::Mysql(conn)
    }
}

/// Stamps one body per dialect.
macro_rules! on_dialect {
    ($conn:expr, $c:ident, $backend:ident => $body:expr) => {
        match $conn {
            $crate::port::Connection::Sqlite($c) => {
                type $backend = diesel::sqlite::Sqlite;
                $body
            }
            #[cfg(feature = "postgres")]
            $crate::port::Connection::Postgres($c) => {
                type $backend = diesel::pg::Pg;
                $body
            }
            #[cfg(feature = "mysql")]
            $crate::port::Connection::Mysql($c) => {
                type $backend = diesel::mysql::Mysql;
                $body
            }
        }
    };
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::port::Connection::Sqlite($c) => $body,
            #[cfg(feature = "postgres")]
            $crate::port::Connection::Postgres($c) => $body,
            #[cfg(feature = "mysql")]
            $crate::port::Connection::Mysql($c) => $body,
        }
    };
}
pub(crate) use on_dialect;

/// What went wrong in the storage.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// It cannot answer now.
    #[error("{0}")]
    Unavailable(String),
    /// A row with the same unique key exists.
    #[error("a row with the same unique key exists")]
    Duplicate,
    /// A defect of ours.
    #[error("{0}")]
    Defect(String),
}

impl From<oauth_extension::Unavailable> for StorageError {
    fn from(error: oauth_extension::Unavailable) -> Self {
        StorageError::Unavailable(error.to_string())
    }
}

impl From<DieselError> for StorageError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of such errors is open")]
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(
                DatabaseErrorKind::NotNullViolation | DatabaseErrorKind::CheckViolation,
                info,
            ) => StorageError::Defect(info.message().to_owned()),
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => StorageError::Duplicate,
            DieselError::DatabaseError(_, info) => StorageError::Unavailable(info.message().to_owned()),
            other => StorageError::Defect(other.to_string()),
        }
    }
}

/// How a unit of work uses its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It only reads.
    Read,
    /// It writes: everything happens or nothing.
    Write,
}

/// What a unit of work works with: one connection, for the engine's own statements and for those of the plug points.
pub trait Unit {
    /// The connection, for statements of the engine.
    fn connection(&mut self) -> Connection<'_>;

    /// The same connection, as the application has it, for plug points.
    fn storage(&mut self) -> Storage<'_>;
}

/// A unit of work.
pub type Work = Box<dyn FnOnce(&mut dyn Unit) -> Result<(), StorageError> + Send>;

/// Runs units of work. An application implements this over its own pool.
pub trait Database: Send + Sync {
    /// Runs `work` on one connection, inside one write transaction for [`Access::Write`]; done means committed.
    ///
    /// # Errors
    /// What the work returned, or [`StorageError::Unavailable`] when it could not be run to its end.
    fn submit(&self, access: Access, work: Work)
    -> Pin<Box<dyn Future<Output = Result<(), StorageError>> + Send + '_>>;
}

/// Writes, and again while somebody else is first to insert a row of it: there are two such rows at most.
pub(crate) async fn settle<A: Clone + Send + 'static, T: Send + 'static>(
    database: &dyn Database,
    args: A,
    write: impl Fn(&mut dyn Unit, &A) -> Result<T, StorageError> + Clone + Send + 'static,
) -> Result<T, StorageError> {
    for _ in 0..2 {
        let (args, write) = (args.clone(), write.clone());
        match run(database, Access::Write, move |unit| write(unit, &args)).await {
            Err(StorageError::Duplicate) => {}
            done => return done,
        }
    }
    run(database, Access::Write, move |unit| write(unit, &args)).await
}

/// Runs `work` and brings its value back, once it is committed.
pub(crate) async fn run<T: Send + 'static>(
    database: &dyn Database,
    access: Access,
    work: impl FnOnce(&mut dyn Unit) -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    let (send, mut receive) = tokio::sync::oneshot::channel();
    let carry: Work = Box::new(move |unit| {
        let value = work(unit)?;
        // The receiver only goes away with the whole request.
        let _ = send.send(value);
        Ok(())
    });
    database.submit(access, carry).await?;
    receive.try_recv().map_err(|_| StorageError::Defect("a unit of work returned nothing".into()))
}
