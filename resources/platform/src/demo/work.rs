//! Companies with members, warehouses with users who work there.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use super::rows::{spy_company, spy_company_user, spy_stock, spy_warehouse_user_assignment};

/// Uuid, name, status, whether it is active.
const COMPANIES: [(&str, &str, &str, bool); 2] = [
    ("59b6c025-cc00-54ca-b101-191391adf2af", "BoB-Hotel-Jim", "approved", true),
    ("0818f408-cc84-575d-ad54-92118a0e4273", "Spryker Systems", "denied", true),
];

/// Uuid, company, customer, whether active, whether the default.
const MEMBERS: [(&str, i64, i64, bool, bool); 5] = [
    // Anne Boleyn is one member; Trever two, one of them by default; Solomon's is not active; Lilu's company is denied.
    ("2816dcbd-855e-567e-b26f-4d57f3310bb8", 1, 18, true, false),
    ("4c677a6b-2f65-5645-9bf8-0ef3532bead1", 1, 7, true, false),
    ("e1019900-88c4-5582-af83-2c1ea8775ac5", 1, 7, true, true),
    ("4d16e8d9-aee3-5a1d-bd85-2b5d4c0a7a01", 1, 9, false, false),
    ("4d16e8d9-aee3-5a1d-bd85-2b5d4c0a7a02", 2, 12, true, false),
];

pub(super) fn insert(conn: &mut Conn) -> Result<(), DbError> {
    on_dialect!(conn, c => {
        for (uuid, name, status, active) in COMPANIES {
            let row = (
                spy_company::uuid.eq(uuid),
                spy_company::name.eq(name),
                spy_company::status.eq(status),
                spy_company::is_active.eq(active),
            );
            diesel::insert_into(spy_company::table).values(row).execute(c)?;
        }
        for (uuid, company, customer, active, default) in MEMBERS {
            let row = (
                spy_company_user::uuid.eq(uuid),
                spy_company_user::fk_company.eq(company),
                spy_company_user::fk_customer.eq(customer),
                spy_company_user::is_active.eq(active),
                spy_company_user::is_default.eq(default),
            );
            diesel::insert_into(spy_company_user::table).values(row).execute(c)?;
        }
        for (uuid, name) in [
            ("834b3731-02d4-5d6f-9a61-d63ae5e70517", "Warehouse1"),
            ("3899488c-3ab3-58e9-8cde-e9b5a3c1f0a0", "Warehouse2"),
        ] {
            let row = (spy_stock::uuid.eq(uuid), spy_stock::name.eq(name), spy_stock::is_active.eq(true));
            diesel::insert_into(spy_stock::table).values(row).execute(c)?;
        }
        let row = (
            spy_warehouse_user_assignment::uuid.eq("d8b0b1a3-6f5e-5a0c-9d57-3a1c0b2e4f01"),
            spy_warehouse_user_assignment::fk_warehouse.eq(1),
            spy_warehouse_user_assignment::user_uuid.eq(super::people::WAREHOUSE_USER),
            spy_warehouse_user_assignment::is_active.eq(true),
        );
        diesel::insert_into(spy_warehouse_user_assignment::table).values(row).execute(c)?;
    });
    Ok(())
}
