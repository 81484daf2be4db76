//! Deletes what is of no use any more, in batches that hold no lock for long.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::{
    spy_oauth_access_token as access, spy_oauth_attempt as attempts, spy_oauth_code_flow_auth_code as codes,
    spy_oauth_refresh_token as refresh,
};
use crate::port::{Connection, StorageError, on_dialect};

/// What can be purged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    AccessTokens,
    RefreshTokens,
    Codes,
    Attempts,
}

/// Deletes at most `batch` rows that ended before `before`; returns how many. A refresh token goes only when every token
/// of its family ended too: until then a reused one has to be recognised.
pub(crate) fn purge(
    conn: Connection<'_>,
    what: Stale,
    before: PrimitiveDateTime,
    batch: i64,
) -> Result<usize, StorageError> {
    macro_rules! some {
        ($c:expr, $table:ident, $key:ident, $rows:expr) => {{
            let keys: Vec<i64> = $rows.select($table::$key).order($table::$key).limit(batch).load($c)?;
            diesel::delete($table::table.filter($table::$key.eq_any(keys))).execute($c)?
        }};
    }
    Ok(on_dialect!(conn, c => match what {
        Stale::AccessTokens => {
            some!(c, access, id_oauth_access_token, access::table.filter(access::expirity_date.lt(before)))
        }
        Stale::RefreshTokens => {
            let sibling = diesel::alias!(refresh as sibling);
            let alive = sibling
                .filter(sibling.field(refresh::family).eq(refresh::family))
                .filter(sibling.field(refresh::expires_at).ge(before));
            let ended = refresh::table.filter(refresh::expires_at.lt(before)).filter(diesel::dsl::not(diesel::dsl::exists(alive)));
            some!(c, refresh, id_oauth_refresh_token, ended)
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
    }))
}
