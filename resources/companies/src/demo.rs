//! Demo data: two companies with five members (reference/resources.md §9.1).

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use crate::tables::{spy_company, spy_company_user};

/// Uuid, name, status, whether it is active.
const COMPANIES: [(&str, &str, &str, bool); 2] = [
    ("59b6c025-cc00-54ca-b101-191391adf2af", "BoB-Hotel-Jim", "approved", true),
    ("0818f408-cc84-575d-ad54-92118a0e4273", "Spryker Systems", "denied", true),
];

/// Uuid, which company, the number of the customer, whether active, whether the default.
const MEMBERS: [(&str, usize, usize, bool, bool); 5] = [
    // Anne Boleyn is one member; Trever two, one of them by default; Solomon's is not active; Lilu's company is denied.
    ("2816dcbd-855e-567e-b26f-4d57f3310bb8", 1, 18, true, false),
    ("4c677a6b-2f65-5645-9bf8-0ef3532bead1", 1, 7, true, false),
    ("e1019900-88c4-5582-af83-2c1ea8775ac5", 1, 7, true, true),
    ("4d16e8d9-aee3-5a1d-bd85-2b5d4c0a7a01", 1, 9, false, false),
    ("4d16e8d9-aee3-5a1d-bd85-2b5d4c0a7a02", 2, 12, true, false),
];

/// Adds the companies; `customers` has the database ids of the customers of the demo data.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn insert(conn: &mut Conn, customers: &[i64]) -> Result<(), DbError> {
    let number = |numbers: &[i64], place: usize| numbers.get(place - 1).copied().ok_or(DbError::NotFound);
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
        let companies: Vec<i64> = spy_company::table.select(spy_company::id_company).order(spy_company::id_company).load(c)?;
        for (uuid, company, customer, active, default) in MEMBERS {
            let row = (
                spy_company_user::uuid.eq(uuid),
                spy_company_user::fk_company.eq(number(&companies, company)?),
                spy_company_user::fk_customer.eq(number(customers, customer)?),
                spy_company_user::is_active.eq(active),
                spy_company_user::is_default.eq(default),
            );
            diesel::insert_into(spy_company_user::table).values(row).execute(c)?;
        }
    });
    Ok(())
}
