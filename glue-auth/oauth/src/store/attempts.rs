//! Failed attempts, counted in the database: all instances share the count, and a restart does not forget it.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::spy_oauth_attempt as attempts;
use crate::port::{Connection, StorageError, on_dialect};

/// How many failures each of `keys` has that still count, and until when.
pub(crate) fn failures(
    conn: Connection<'_>,
    keys: &[String],
    now: PrimitiveDateTime,
) -> Result<Vec<(String, i32, PrimitiveDateTime)>, StorageError> {
    let found = on_dialect!(conn, c => {
        attempts::table
            .filter(attempts::identifier.eq_any(keys))
            .filter(attempts::expires_at.gt(now))
            .select((attempts::identifier, attempts::failures, attempts::expires_at))
            .load(c)
    });
    Ok(found?)
}

/// Counts one more failure of `key` and returns how many there are now. A count that ran out begins anew; one that
/// reaches `limit` is kept until `blocked_until`.
pub(crate) fn count_failure(
    conn: Connection<'_>,
    key: &str,
    limit: i32,
    (now, counts_until, blocked_until): (PrimitiveDateTime, PrimitiveDateTime, PrimitiveDateTime),
) -> Result<i32, StorageError> {
    on_dialect!(conn, c => {
        let own = || attempts::table.filter(attempts::identifier.eq(key));
        let live = || own().filter(attempts::expires_at.gt(now));
        let over = || own().filter(attempts::expires_at.le(now));
        if diesel::update(live()).set(attempts::failures.eq(attempts::failures + 1)).execute(c)? == 0
            && diesel::update(over()).set((attempts::failures.eq(1), attempts::expires_at.eq(counts_until))).execute(c)? == 0
            // Somebody else began the count anew a moment ago.
            && diesel::update(live()).set(attempts::failures.eq(attempts::failures + 1)).execute(c)? == 0
        {
            // Whoever inserts the row first wins; the other one's transaction is run again by its caller.
            let first = (attempts::identifier.eq(key), attempts::failures.eq(1), attempts::expires_at.eq(counts_until));
            diesel::insert_into(attempts::table).values(first).execute(c)?;
        }
        let failures: i32 = own().select(attempts::failures).get_result(c)?;
        if failures == limit {
            diesel::update(own()).set(attempts::expires_at.eq(blocked_until)).execute(c)?;
        }
        Ok(failures)
    })
}
