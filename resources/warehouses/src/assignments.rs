//! Back-office users at their warehouses.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use crate::tables::{spy_stock, spy_warehouse_user_assignment as assignment};

/// The active warehouse that a user works in now.
///
/// # Errors
/// [`DbError`] when the storage cannot answer; no assignment is no error.
pub fn of_user(conn: &mut Conn, uuid: &str) -> Result<Option<i64>, DbError> {
    Ok(on_dialect!(conn, c => {
        assignment::table
            .inner_join(spy_stock::table.on(spy_stock::id_stock.eq(assignment::fk_warehouse)))
            .filter(assignment::user_uuid.eq(uuid))
            .filter(assignment::is_active.eq(true))
            .filter(spy_stock::is_active.eq(true))
            .order(assignment::id_warehouse_user_assignment)
            .select(assignment::fk_warehouse)
            .limit(1)
            .get_result(c)
            .optional()?
    }))
}
