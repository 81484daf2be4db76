//! Deletes what is of no use any more, in batches that hold no lock for long.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::{
    spy_oauth_access_token as access, spy_oauth_attempt as attempts, spy_oauth_changed_person as changes,
    spy_oauth_code_flow_auth_code as codes, spy_oauth_refresh_token as refresh, spy_oauth_session as sessions,
};
use crate::port::{Connection, StorageError, on_dialect};

/// What can be purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    AccessTokens,
    RefreshTokens,
    Codes,
    Sessions,
    Attempts,
    Changes,
}

/// Deletes at most `batch` rows that ended before `before`; returns how many. A refresh token goes when nothing of its
/// session can be exchanged any more: until then a reused one has to be recognised. A session goes last.
pub(crate) fn purge(
    conn: Connection<'_>,
    what: Stale,
    before: PrimitiveDateTime,
    batch: i64,
) -> Result<usize, StorageError> {
    macro_rules! some {
        ($c:expr, $table:ident, $key:ident, $rows:expr) => {{
            let keys: Vec<i64> = $rows.select($table::$key).limit(batch).load($c)?;
            diesel::delete($table::table.filter($table::$key.eq_any(keys))).execute($c)?
        }};
    }
    Ok(on_dialect!(conn, c => match what {
        Stale::AccessTokens => {
            some!(c, access, id_oauth_access_token, access::table.filter(access::expirity_date.lt(before)))
        }
        Stale::RefreshTokens => {
            let over = sessions::table.filter(sessions::expires_at.lt(before)).select(sessions::identifier.nullable());
            let ended = refresh::table.filter(refresh::expires_at.lt(before));
            some!(c, refresh, id_oauth_refresh_token, ended.filter(refresh::session.is_null().or(refresh::session.eq_any(over))))
        }
        Stale::Sessions => {
            let derived = diesel::alias!(sessions as derived);
            let names = || sessions::identifier.nullable();
            let of_refresh = refresh::table.filter(refresh::session.eq(names()));
            let of_access = access::table.filter(access::session.eq(names()));
            let of_codes = codes::table.filter(codes::session.eq(names()));
            let of_sessions = derived.filter(derived.field(sessions::parent).eq(names()));
            let over = sessions::table
                .filter(sessions::expires_at.lt(before))
                .filter(sessions::access_until.lt(before))
                .filter(not(exists(of_refresh)))
                .filter(not(exists(of_access)))
                .filter(not(exists(of_codes)))
                .filter(not(exists(of_sessions)));
            some!(c, sessions, id_oauth_session, over)
        }
        Stale::Codes => some!(c, codes, id_oauth_auth_code, codes::table.filter(codes::expirity_date.lt(before))),
        Stale::Attempts => {
            let keys: Vec<String> = attempts::table
                .filter(attempts::expires_at.lt(before))
                .select(attempts::identifier)
                .limit(batch)
                .load(c)?;
            diesel::delete(attempts::table.filter(attempts::identifier.eq_any(keys))).execute(c)?
        }
        Stale::Changes => {
            some!(c, changes, id_oauth_changed_person, changes::table.filter(changes::created_at.lt(before)))
        }
    }))
}
