//! How a unit of work ends before its end: with a refusal that is committed, or with a failure that is rolled back.

use crate::error::GrantError;
use crate::port::StorageError;

/// Why a transaction wrote nothing of what was asked for.
pub(super) enum Halt {
    /// Refused, before anything was written.
    Refused(GrantError),
    /// The storage failed, or we did: what was written so far is taken back.
    Storage(StorageError),
}

impl From<StorageError> for Halt {
    fn from(error: StorageError) -> Self {
        Halt::Storage(error)
    }
}

impl From<GrantError> for Halt {
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other one is a refusal")]
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Unavailable(reason) => Halt::Storage(StorageError::Unavailable(reason)),
            GrantError::Defect(reason) => Halt::Storage(StorageError::Defect(reason)),
            refused => Halt::Refused(refused),
        }
    }
}

/// What a unit of work returns: a refusal is an answer, a failure takes everything back.
pub(super) fn decided<T>(done: Result<T, Halt>) -> Result<Result<T, GrantError>, StorageError> {
    match done {
        Ok(value) => Ok(Ok(value)),
        Err(Halt::Refused(refused)) => Ok(Err(refused)),
        Err(Halt::Storage(error)) => Err(error),
    }
}
