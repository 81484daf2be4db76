//! API keys: one row per program that calls without a person.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::spy_api_key as keys;
use crate::port::{Connection, StorageError, on_dialect};

/// A key; never the key itself.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = keys)]
pub(crate) struct KeyRow {
    pub(crate) name: String,
    pub(crate) key_hash: String,
    pub(crate) scopes: Option<String>,
    pub(crate) created_by: i64,
    pub(crate) valid_to: Option<PrimitiveDateTime>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

pub(crate) fn find_key(conn: Connection<'_>, hash: &str) -> Result<Option<KeyRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        keys::table.filter(keys::key_hash.eq(hash)).select(KeyRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

pub(crate) fn list_keys(conn: Connection<'_>) -> Result<Vec<KeyRow>, StorageError> {
    let found = on_dialect!(conn, c => keys::table.select(KeyRow::as_select()).order(keys::name).load(c));
    Ok(found?)
}

pub(crate) fn insert_key(conn: Connection<'_>, key: &KeyRow) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(keys::table).values(key).execute(c))?;
    Ok(())
}

/// Ends a key. Returns whether there is one of this name.
pub(crate) fn end_key(conn: Connection<'_>, name: &str, now: PrimitiveDateTime) -> Result<bool, StorageError> {
    let ended = on_dialect!(conn, c => {
        diesel::update(keys::table.filter(keys::name.eq(name)))
            .set((keys::valid_to.eq(now), keys::updated_at.eq(now)))
            .execute(c)
    })?;
    Ok(ended > 0)
}
