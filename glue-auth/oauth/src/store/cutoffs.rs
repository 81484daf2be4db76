//! Cutoffs: when every session of a person was ended last, so that a login under way at that moment does not outlive it.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::spy_oauth_cutoff as cutoffs;
use crate::port::{Connection, StorageError, on_dialect};

/// Whether a login that began at `began` may still finish. The row is locked until the transaction ends: an end that
/// comes meanwhile waits, and then sees what the login wrote.
///
/// # Errors
/// [`StorageError::Duplicate`] when another first login of the person wrote the row a moment ago: try again.
pub(crate) fn may_finish(conn: Connection<'_>, subject: &str, began: PrimitiveDateTime) -> Result<bool, StorageError> {
    on_dialect!(conn, c => {
        let own = || cutoffs::table.filter(cutoffs::subject.eq(subject));
        if diesel::update(own()).set(cutoffs::logins.eq(cutoffs::logins + 1)).execute(c)? == 0 {
            diesel::insert_into(cutoffs::table)
                .values((cutoffs::subject.eq(subject), cutoffs::logins.eq(1)))
                .execute(c)?;
            return Ok(true);
        }
        let ended: Option<PrimitiveDateTime> = own().select(cutoffs::ended_at).get_result(c)?;
        Ok(ended.is_none_or(|ended| ended <= began))
    })
}

/// Lets no login finish that began before `now`.
///
/// # Errors
/// As [`may_finish`].
pub(crate) fn cut_off(conn: Connection<'_>, subject: &str, now: PrimitiveDateTime) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        let own = cutoffs::table.filter(cutoffs::subject.eq(subject));
        if diesel::update(own).set((cutoffs::logins.eq(cutoffs::logins + 1), cutoffs::ended_at.eq(now))).execute(c)? == 0 {
            diesel::insert_into(cutoffs::table)
                .values((cutoffs::subject.eq(subject), cutoffs::logins.eq(0), cutoffs::ended_at.eq(now)))
                .execute(c)?;
        }
    });
    Ok(())
}
