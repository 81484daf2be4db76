//! Issued tokens: access tokens, which no request is checked against, and refresh tokens in families.

use std::collections::BTreeSet;

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::cutoffs::may_finish;
use super::{spy_oauth_access_token as access, spy_oauth_refresh_token as refresh};
use crate::port::{Connection, StorageError, on_dialect};

/// An issued access token, as the audit keeps it.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = access)]
pub(crate) struct AccessRow {
    pub(crate) identifier: String,
    pub(crate) scopes: Option<String>,
    pub(crate) user_identifier: String,
    pub(crate) fk_oauth_client: String,
    pub(crate) expirity_date: PrimitiveDateTime,
    pub(crate) family: Option<String>,
    pub(crate) revoked_at: Option<PrimitiveDateTime>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

/// One refresh token of a family.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = refresh)]
pub(crate) struct RefreshRow {
    pub(crate) identifier: String,
    pub(crate) family: String,
    pub(crate) scopes: String,
    pub(crate) customer_reference: Option<String>,
    /// Who it is about, as tokens name them.
    pub(crate) subject: Option<String>,
    /// Who answered for them, when they did not prove themselves.
    pub(crate) answered_by: Option<String>,
    /// When its session began.
    pub(crate) authenticated_at: Option<PrimitiveDateTime>,
    pub(crate) user_identifier: String,
    pub(crate) fk_oauth_client: String,
    pub(crate) expires_at: PrimitiveDateTime,
    pub(crate) used_at: Option<PrimitiveDateTime>,
    pub(crate) revoked_at: Option<PrimitiveDateTime>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// This one exchanged the token.
    Won,
    /// Somebody else did, or revoked it, a moment ago.
    Lost,
}

/// Writes what a login issued, unless every session of the person, or of whoever answered for them, was ended since it
/// began. Returns whether it did.
pub(crate) fn begin_session(
    mut conn: Connection<'_>,
    access_row: &AccessRow,
    refresh_row: &RefreshRow,
) -> Result<bool, StorageError> {
    // In one order, whoever answers for whom: two logins must not wait for each other.
    let people: BTreeSet<_> = [&refresh_row.subject, &refresh_row.answered_by].into_iter().flatten().collect();
    for person in people {
        if !may_finish(conn.again(), person, refresh_row.created_at)? {
            return Ok(false);
        }
    }
    insert_pair(conn, access_row, refresh_row)?;
    Ok(true)
}

pub(super) fn insert_pair(
    conn: Connection<'_>,
    access_row: &AccessRow,
    refresh_row: &RefreshRow,
) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        diesel::insert_into(access::table).values(access_row).execute(c)?;
        diesel::insert_into(refresh::table).values(refresh_row).execute(c)?;
        Ok(())
    })
}

/// Writes an access token that comes without a refresh token.
pub(crate) fn insert_access(conn: Connection<'_>, row: &AccessRow) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(access::table).values(row).execute(c))?;
    Ok(())
}

pub(crate) fn find_access(conn: Connection<'_>, identifier: &str) -> Result<Option<AccessRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        access::table.filter(access::identifier.eq(identifier)).select(AccessRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

/// Writes another access token for a successor, if that is still live: one conditional UPDATE decides, so that a
/// revocation that was acknowledged is never followed by a token.
pub(crate) fn record_retry(
    conn: Connection<'_>,
    successor: &str,
    now: PrimitiveDateTime,
    row: &AccessRow,
) -> Result<Exchange, StorageError> {
    on_dialect!(conn, c => {
        let live = refresh::table
            .filter(refresh::identifier.eq(successor))
            .filter(refresh::used_at.is_null())
            .filter(refresh::revoked_at.is_null());
        if diesel::update(live).set(refresh::updated_at.eq(now)).execute(c)? == 0 {
            return Ok(Exchange::Lost);
        }
        diesel::insert_into(access::table).values(row).execute(c)?;
        Ok(Exchange::Won)
    })
}

pub(crate) fn find_refresh(conn: Connection<'_>, identifier: &str) -> Result<Option<RefreshRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        refresh::table.filter(refresh::identifier.eq(identifier)).select(RefreshRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

/// Marks a token as used and writes what it was exchanged for: one conditional UPDATE decides who wins.
pub(crate) fn exchange(
    conn: Connection<'_>,
    identifier: &str,
    now: PrimitiveDateTime,
    access_row: &AccessRow,
    successor: &RefreshRow,
) -> Result<Exchange, StorageError> {
    on_dialect!(conn, c => {
        let live = refresh::table
            .filter(refresh::identifier.eq(identifier))
            .filter(refresh::used_at.is_null())
            .filter(refresh::revoked_at.is_null());
        let won = diesel::update(live).set((refresh::used_at.eq(now), refresh::updated_at.eq(now))).execute(c)?;
        if won == 0 {
            return Ok(Exchange::Lost);
        }
        diesel::insert_into(access::table).values(access_row).execute(c)?;
        diesel::insert_into(refresh::table).values(successor).execute(c)?;
        Ok(Exchange::Won)
    })
}
