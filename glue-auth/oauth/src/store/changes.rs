//! People who may have lost a right: triggers write them down, whoever changed their rows.

use diesel::prelude::*;

use super::spy_oauth_changed_person as changes;
use crate::port::{Connection, StorageError, on_dialect};

/// The oldest changes of these kinds, at most `batch`: their keys and the natural identifiers of those they are about.
pub(crate) fn changed_people(
    conn: Connection<'_>,
    kinds: &[&str],
    batch: i64,
) -> Result<Vec<(i64, String)>, StorageError> {
    let found = on_dialect!(conn, c => {
        changes::table
            .filter(changes::kind.eq_any(kinds))
            .order(changes::id_oauth_changed_person)
            .limit(batch)
            .select((changes::id_oauth_changed_person, changes::natural_identifier))
            .load(c)
    });
    Ok(found?)
}

/// Forgets changes that were dealt with.
pub(crate) fn forget_changes(conn: Connection<'_>, keys: &[i64]) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        diesel::delete(changes::table.filter(changes::id_oauth_changed_person.eq_any(keys))).execute(c)
    })?;
    Ok(())
}
