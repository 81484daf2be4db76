//! Authorization codes: used once, bound to a client, a redirection and a challenge. A code begins its session.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::spy_oauth_code_flow_auth_code as codes;
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
    pub(crate) user_identifier: String,
    pub(crate) fk_oauth_client: String,
    pub(crate) session: Option<String>,
    pub(crate) used_at: Option<PrimitiveDateTime>,
    pub(crate) created_at: PrimitiveDateTime,
    pub(crate) updated_at: PrimitiveDateTime,
}

pub(crate) fn insert_code(conn: Connection<'_>, row: &CodeRow) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(codes::table).values(row).execute(c))?;
    Ok(())
}

pub(crate) fn find_code(conn: Connection<'_>, identifier: &str) -> Result<Option<CodeRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        codes::table.filter(codes::identifier.eq(identifier)).select(CodeRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

/// Marks a code as used: one conditional UPDATE decides who wins. Returns whether this one did.
pub(crate) fn use_code(conn: Connection<'_>, identifier: &str, now: PrimitiveDateTime) -> Result<bool, StorageError> {
    let used = on_dialect!(conn, c => {
        let unused = codes::table.filter(codes::identifier.eq(identifier)).filter(codes::used_at.is_null());
        diesel::update(unused).set((codes::used_at.eq(now), codes::updated_at.eq(now))).execute(c)?
    });
    Ok(used > 0)
}
