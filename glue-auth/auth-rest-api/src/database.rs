//! The engine's port to the database, over the application's executor.

use std::future::Future;
use std::pin::Pin;

use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;
use oauth::port::{Access, Connection, Database, StorageError, Work};
use oauth::{EndedTokens, SessionsEnd};

/// The application's database as the engine sees it.
pub struct EngineDatabase(pub Db);

impl Database for EngineDatabase {
    fn submit(
        &self,
        access: Access,
        work: Work,
    ) -> Pin<Box<dyn Future<Output = Result<(), StorageError>> + Send + '_>> {
        let job = move |conn: &mut Conn| on_dialect!(conn, c => work(Connection::from(c))).map_err(storage_to_db);
        Box::pin(async move {
            let done = match access {
                Access::Read => self.0.run(job).await,
                Access::Write => self.0.write(job).await,
            };
            done.map_err(db_to_storage)
        })
    }
}

/// Ends sessions on the connection of a write transaction of the application's own.
///
/// # Errors
/// As [`SessionsEnd::happen`].
pub fn end_sessions(conn: &mut Conn, end: &SessionsEnd) -> Result<EndedTokens, DbError> {
    on_dialect!(conn, c => end.happen(Connection::from(c))).map_err(storage_to_db)
}

fn storage_to_db(error: StorageError) -> DbError {
    match error {
        StorageError::Unavailable(reason) => DbError::Unavailable(reason),
        StorageError::Duplicate => DbError::Duplicate,
        StorageError::Defect(reason) => DbError::Defect(reason),
    }
}

fn db_to_storage(error: DbError) -> StorageError {
    match error {
        DbError::Unavailable(reason) => StorageError::Unavailable(reason),
        DbError::Duplicate => StorageError::Duplicate,
        DbError::Reference | DbError::NotFound | DbError::Defect(_) => StorageError::Defect(error.to_string()),
    }
}
