//! Issued tokens: access tokens, which no request is checked against, and refresh tokens. Both name their session.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::{spy_oauth_access_token as access, spy_oauth_refresh_token as refresh};
use crate::port::{Connection, StorageError, on_dialect};

/// An issued access token, as the audit keeps it: everything that it says.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = access)]
pub(crate) struct AccessRow {
    pub(crate) identifier: String,
    pub(crate) scopes: Option<String>,
    pub(crate) user_identifier: String,
    pub(crate) fk_oauth_client: String,
    pub(crate) expirity_date: PrimitiveDateTime,
    pub(crate) session: Option<String>,
    pub(crate) generation: i32,
    pub(crate) sealed: Option<String>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

/// One refresh token of a session.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = refresh)]
pub(crate) struct RefreshRow {
    pub(crate) identifier: String,
    pub(crate) session: Option<String>,
    pub(crate) scopes: String,
    pub(crate) customer_reference: Option<String>,
    pub(crate) user_identifier: String,
    pub(crate) fk_oauth_client: String,
    pub(crate) expires_at: PrimitiveDateTime,
    pub(crate) used_at: Option<PrimitiveDateTime>,
    pub(crate) revoked_at: Option<PrimitiveDateTime>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

pub(crate) fn insert_access(conn: Connection<'_>, row: &AccessRow) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(access::table).values(row).execute(c))?;
    Ok(())
}

pub(crate) fn insert_refresh(conn: Connection<'_>, row: &RefreshRow) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(refresh::table).values(row).execute(c))?;
    Ok(())
}

pub(crate) fn find_access(conn: Connection<'_>, identifier: &str) -> Result<Option<AccessRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        access::table.filter(access::identifier.eq(identifier)).select(AccessRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

pub(crate) fn find_refresh(conn: Connection<'_>, identifier: &str) -> Result<Option<RefreshRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        refresh::table.filter(refresh::identifier.eq(identifier)).select(RefreshRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

/// Marks a refresh token as used: one conditional UPDATE decides who wins. Returns whether this one did.
pub(crate) fn use_refresh(
    conn: Connection<'_>,
    identifier: &str,
    now: PrimitiveDateTime,
) -> Result<bool, StorageError> {
    let used = on_dialect!(conn, c => {
        let live = refresh::table
            .filter(refresh::identifier.eq(identifier))
            .filter(refresh::used_at.is_null())
            .filter(refresh::revoked_at.is_null());
        diesel::update(live).set((refresh::used_at.eq(now), refresh::updated_at.eq(now))).execute(c)?
    });
    Ok(used > 0)
}

/// The refresh token with this identifier while nobody used it, and the access token that came with it.
pub(crate) fn access_token_of(
    mut conn: Connection<'_>,
    refresh_token: &str,
    access_token: &str,
) -> Result<Option<(RefreshRow, AccessRow)>, StorageError> {
    let unused = |row: &RefreshRow| row.used_at.is_none() && row.revoked_at.is_none();
    let Some(refresh) = find_refresh(conn.again(), refresh_token)?.filter(unused) else { return Ok(None) };
    Ok(find_access(conn, access_token)?.map(|access| (refresh, access)))
}
