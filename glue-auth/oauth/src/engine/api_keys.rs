//! API keys: what programs call with where no person does (reference/authentication.md §1.10).

use time::{OffsetDateTime, PrimitiveDateTime};

use super::columns::{stored, words};
use super::shared::Engine;
use crate::digest::digest;
use crate::error::GrantError;
use crate::port::{Access, StorageError, run};
use crate::random;
use crate::store::{self, KeyRow};

/// An API key without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its name.
    pub name: String,
    /// What it opens among the verbs that take keys; none means all of them.
    pub scopes: Vec<String>,
    /// The back-office user who made it, by the database id.
    pub created_by: i64,
    /// Its end; none when it has none.
    pub valid_to: Option<PrimitiveDateTime>,
}

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> Self {
        let scopes = words(row.scopes.as_deref()).map(str::to_owned).collect();
        Self { name: row.name, scopes, created_by: row.created_by, valid_to: row.valid_to }
    }
}

impl Engine {
    /// The key that `key` is, while it lives.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn api_key(&self, key: &str, now: OffsetDateTime) -> Result<Option<ApiKey>, StorageError> {
        let hash = digest(key);
        let found = run(&*self.database, Access::Read, move |unit| store::find_key(unit.connection(), &hash)).await?;
        let lives = |row: &KeyRow| row.valid_to.is_none_or(|end| stored(now) < end);
        Ok(found.filter(lives).map(ApiKey::from))
    }

    /// Makes a key: 192 random bits as 32 characters, shown once and stored as a hash.
    ///
    /// # Errors
    /// [`GrantError::Unfit`] when the name is taken or none; else as every grant.
    pub async fn create_api_key(&self, new: ApiKey, now: OffsetDateTime) -> Result<String, GrantError> {
        if new.name.is_empty() || new.name.len() > 255 || new.name.chars().any(char::is_control) {
            return Err(GrantError::Unfit("a key needs a name of one line, of at most 255 characters".into()));
        }
        let key = random::key().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        let taken = format!("there is a key `{}` already", new.name);
        let row = KeyRow {
            name: new.name,
            key_hash: digest(&key),
            scopes: (!new.scopes.is_empty()).then(|| new.scopes.join(" ")),
            created_by: new.created_by,
            valid_to: new.valid_to,
            created_at: stored(now),
            updated_at: stored(now),
        };
        match run(&*self.database, Access::Write, move |unit| store::insert_key(unit.connection(), &row)).await {
            Ok(()) => Ok(key),
            Err(StorageError::Duplicate) => Err(GrantError::Unfit(taken)),
            Err(error) => Err(error.into()),
        }
    }

    /// Every key.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StorageError> {
        let rows = run(&*self.database, Access::Read, |unit| store::list_keys(unit.connection())).await?;
        Ok(rows.into_iter().map(ApiKey::from).collect())
    }

    /// Ends a key at once. Returns whether there is one of this name.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn end_api_key(&self, name: &str, now: OffsetDateTime) -> Result<bool, StorageError> {
        let name = name.to_owned();
        run(&*self.database, Access::Write, move |unit| store::end_key(unit.connection(), &name, stored(now))).await
    }
}
