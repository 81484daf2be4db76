//! Authorization codes: used once, bound to a client, a redirection and a challenge.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::cutoffs::may_finish;
use super::spy_oauth_code_flow_auth_code as codes;
use super::tokens::{AccessRow, Exchange, RefreshRow, insert_pair};
use crate::port::{Connection, StorageError, on_dialect};

/// A code as the database holds it.
#[derive(Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = codes)]
pub(crate) struct CodeRow {
    pub(crate) identifier: String,
    pub(crate) redirect_uri: Option<String>,
    /// Whether the authorization request named the redirection, so that the exchange has to name it too.
    pub(crate) redirect_uri_sent: bool,
    pub(crate) scopes: String,
    pub(crate) code_challenge: String,
    pub(crate) expirity_date: PrimitiveDateTime,
    /// Who it is about, as tokens name them.
    pub(crate) subject: Option<String>,
    pub(crate) user_identifier: String,
    pub(crate) fk_oauth_client: String,
    pub(crate) family: String,
    pub(crate) used_at: Option<PrimitiveDateTime>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

/// Writes a code, unless every session of the person was ended since the login began. Returns whether it did.
pub(crate) fn insert_code(mut conn: Connection<'_>, row: &CodeRow) -> Result<bool, StorageError> {
    if let Some(subject) = &row.subject
        && !may_finish(conn.again(), subject, row.created_at)?
    {
        return Ok(false);
    }
    on_dialect!(conn, c => diesel::insert_into(codes::table).values(row).execute(c))?;
    Ok(true)
}

pub(crate) fn find_code(conn: Connection<'_>, identifier: &str) -> Result<Option<CodeRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        codes::table.filter(codes::identifier.eq(identifier)).select(CodeRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

/// Uses up the codes about a person, so that none of them begins a session after this.
pub(crate) fn end_codes(conn: Connection<'_>, subject: &str, now: PrimitiveDateTime) -> Result<(), StorageError> {
    on_dialect!(conn, c => {
        diesel::update(codes::table.filter(codes::subject.eq(subject)).filter(codes::used_at.is_null()))
            .set((codes::used_at.eq(now), codes::updated_at.eq(now)))
            .execute(c)
    })?;
    Ok(())
}

/// Marks a code as used and writes what it was exchanged for: one conditional UPDATE decides who wins.
pub(crate) fn redeem_code(
    conn: Connection<'_>,
    identifier: &str,
    now: PrimitiveDateTime,
    access_row: &AccessRow,
    refresh_row: &RefreshRow,
) -> Result<Exchange, StorageError> {
    on_dialect!(conn, c => {
        let unused = codes::table.filter(codes::identifier.eq(identifier)).filter(codes::used_at.is_null());
        if diesel::update(unused).set((codes::used_at.eq(now), codes::updated_at.eq(now))).execute(c)? == 0 {
            return Ok(Exchange::Lost);
        }
        insert_pair(Connection::from(c), access_row, refresh_row)?;
        Ok(Exchange::Won)
    })
}
