//! Everybody whom sessions are about: how often all of theirs were ended, so that a login under way at that moment does not
//! outlive it, whatever any clock says.

use diesel::prelude::*;

use super::spy_oauth_subject as subjects;
use crate::digest::digest;
use crate::port::{Connection, StorageError, on_dialect};

/// How sessions name a person in the database: a hash of the natural identifier.
pub(crate) fn subject_key(natural: &str) -> String {
    digest(natural)
}

/// How often every session of a person was ended; nobody's were who never had one.
pub(crate) fn endings(conn: Connection<'_>, subject: &str) -> Result<i64, StorageError> {
    let found: Option<i64> = on_dialect!(conn, c => {
        subjects::table.find(subject).select(subjects::endings).get_result(c).optional()?
    });
    Ok(found.unwrap_or(0))
}

/// Lets a session of a person begin, unless all of theirs were ended since `endings` were counted; returns whether it may.
/// The row stays locked until the transaction ends: an ending that comes meanwhile waits, and then sees the session.
///
/// # Errors
/// [`StorageError::Duplicate`] when another first session of the person wrote the row a moment ago: try again.
pub(crate) fn admit_session(conn: Connection<'_>, subject: &str, endings: i64) -> Result<bool, StorageError> {
    on_dialect!(conn, c => {
        let own = subjects::table.find(subject).filter(subjects::endings.eq(endings));
        if diesel::update(own).set(subjects::sessions.eq(subjects::sessions + 1)).execute(c)? > 0 {
            return Ok(true);
        }
        let known: i64 = subjects::table.find(subject).count().get_result(c)?;
        if known > 0 || endings > 0 {
            return Ok(false);
        }
        diesel::insert_into(subjects::table)
            .values((subjects::subject.eq(subject), subjects::endings.eq(0), subjects::sessions.eq(1)))
            .execute(c)?;
        Ok(true)
    })
}

/// Makes sure that there is a row of a person, for a session that somebody else answers for.
///
/// # Errors
/// As [`admit_session`].
pub(crate) fn admit_answered_session(conn: Connection<'_>, subject: &str) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        if diesel::update(subjects::table.find(subject)).set(subjects::sessions.eq(subjects::sessions + 1)).execute(c)? == 0 {
            diesel::insert_into(subjects::table)
                .values((subjects::subject.eq(subject), subjects::endings.eq(0), subjects::sessions.eq(1)))
                .execute(c)?;
        }
    });
    Ok(())
}

/// Waits for logins of a person that are being written, and makes later ones wait until the transaction ends.
pub(crate) fn lock_subject(conn: Connection<'_>, subject: &str) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        diesel::update(subjects::table.find(subject)).set(subjects::endings.eq(subjects::endings)).execute(c)
    })?;
    Ok(())
}

/// Lets no session begin whose login counted the endings before this.
///
/// # Errors
/// As [`admit_session`].
pub(crate) fn count_ending(conn: Connection<'_>, subject: &str) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        if diesel::update(subjects::table.find(subject)).set(subjects::endings.eq(subjects::endings + 1)).execute(c)? == 0 {
            diesel::insert_into(subjects::table)
                .values((subjects::subject.eq(subject), subjects::endings.eq(1), subjects::sessions.eq(0)))
                .execute(c)?;
        }
    });
    Ok(())
}
