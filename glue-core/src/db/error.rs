//! What can go wrong between a handler and a row.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failure of the storage, sorted by what the caller may conclude from it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The storage cannot answer now: queue full, no connection, deadline passed. Nothing is known about the data.
    #[error("the storage is unavailable: {0}")]
    Unavailable(String),
    /// A row with the same unique key exists. The statement changed nothing.
    #[error("a row with the same unique key exists")]
    Duplicate,
    /// A referenced row does not exist, or a referencing one still does. The statement changed nothing.
    #[error("a reference between rows is broken")]
    Reference,
    /// No row matched where exactly one was asked for.
    #[error("no row matched")]
    NotFound,
    /// A defect of ours: the statement itself is wrong, or a job panicked.
    #[error("the query failed: {0}")]
    Defect(String),
}

impl DbError {
    /// Whether the connection that met this error may be dead and has to be probed before its next use.
    pub(crate) fn doubts_connection(&self) -> bool {
        matches!(self, DbError::Unavailable(_))
    }
}

impl From<DieselError> for DbError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of such errors is open")]
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(
                DatabaseErrorKind::NotNullViolation | DatabaseErrorKind::CheckViolation,
                info,
            ) => DbError::Defect(info.message().to_owned()),
            DieselError::NotFound => DbError::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => DbError::Duplicate,
            DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => DbError::Reference,
            DieselError::DatabaseError(_, info) => DbError::Unavailable(info.message().to_owned()),
            DieselError::BrokenTransactionManager => {
                DbError::Unavailable("the transaction state of the connection is broken".into())
            }
            other => DbError::Defect(other.to_string()),
        }
    }
}
