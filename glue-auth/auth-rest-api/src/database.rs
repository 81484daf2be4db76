//! The engine's port to the database, over the application's executor.

use std::future::Future;
use std::pin::Pin;

use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;
use oauth::demo;
use oauth::port::{Access, Connection, Database, StorageError, Unit, Work};
use oauth::{EndedTokens, SessionsEnd};
use oauth_extension::Storage;

/// The application's database as the engine sees it.
pub struct EngineDatabase(pub Db);

impl Database for EngineDatabase {
    fn submit(
        &self,
        access: Access,
        work: Work,
    ) -> Pin<Box<dyn Future<Output = Result<(), StorageError>> + Send + '_>> {
        let job = move |conn: &mut Conn| work(&mut Borrowed(conn)).map_err(storage_to_db);
        Box::pin(async move {
            let done = match access {
                Access::Read => self.0.run(job).await,
                Access::Write => self.0.write(job).await,
            };
            done.map_err(db_to_storage)
        })
    }
}

/// A connection of the executor while a unit of work has it.
struct Borrowed<'a>(&'a mut Conn);

impl Unit for Borrowed<'_> {
    fn connection(&mut self) -> Connection<'_> {
        connection(self.0)
    }

    fn storage(&mut self) -> Storage<'_> {
        Storage::new(self.0)
    }
}

fn connection(conn: &mut Conn) -> Connection<'_> {
    on_dialect!(conn, c => Connection::from(c))
}

/// Ends sessions on the connection of a write transaction of the application's own.
///
/// # Errors
/// As [`SessionsEnd::carry_out`].
pub fn end_sessions(conn: &mut Conn, end: &SessionsEnd) -> Result<EndedTokens, DbError> {
    end.carry_out(connection(conn)).map_err(storage_to_db)
}

/// The clients of the demo data that have a secret, each with its hash.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn demo_hashes(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    demo::hashes(connection(conn)).map_err(storage_to_db)
}

/// Adds the clients of the demo data: `frontend` without a secret, and a service with the secret of `hash`.
///
/// # Errors
/// As [`demo_hashes`].
pub fn insert_demo_clients(conn: &mut Conn, frontend: &str, hash: &str) -> Result<(), DbError> {
    demo::insert_frontend(connection(conn), frontend).map_err(storage_to_db)?;
    demo::insert_service(connection(conn), hash).map_err(storage_to_db)
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
