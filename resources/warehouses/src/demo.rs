//! Demo data: two warehouses (reference/resources.md §9.1).

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use crate::tables::{spy_stock, spy_warehouse_user_assignment as assignment};

/// Uuid and name. The first one has somebody who works in it.
const WAREHOUSES: [(&str, &str); 2] =
    [("834b3731-02d4-5d6f-9a61-d63ae5e70517", "Warehouse1"), ("3899488c-3ab3-58e9-8cde-e9b5a3c1f0a0", "Warehouse2")];

/// Adds the warehouses; `user` is the uuid of who works in one.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn insert(conn: &mut Conn, user: &str) -> Result<(), DbError> {
    on_dialect!(conn, c => {
        for (uuid, name) in WAREHOUSES {
            let row = (spy_stock::uuid.eq(uuid), spy_stock::name.eq(name), spy_stock::is_active.eq(true));
            diesel::insert_into(spy_stock::table).values(row).execute(c)?;
        }
        let warehouse: i64 = spy_stock::table.select(spy_stock::id_stock).order(spy_stock::id_stock).first(c)?;
        let row = (
            assignment::uuid.eq("d8b0b1a3-6f5e-5a0c-9d57-3a1c0b2e4f01"),
            assignment::fk_warehouse.eq(warehouse),
            assignment::user_uuid.eq(user),
            assignment::is_active.eq(true),
        );
        diesel::insert_into(assignment::table).values(row).execute(c)?;
    });
    Ok(())
}
