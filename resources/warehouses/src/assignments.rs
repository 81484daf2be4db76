//! Back-office users at their warehouses.

use diesel::prelude::*;
use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;

use schema::{spy_stock, spy_warehouse_user_assignment as assignment};

mod schema {
    diesel::table! {
        spy_stock (id_stock) {
            id_stock -> BigInt,
            is_active -> Bool,
        }
    }
    diesel::table! {
        spy_warehouse_user_assignment (id_warehouse_user_assignment) {
            id_warehouse_user_assignment -> BigInt,
            fk_warehouse -> BigInt,
            user_uuid -> Text,
            is_active -> Bool,
        }
    }
}

/// Looks assignments up for whoever issues tokens.
#[derive(Clone)]
pub struct Assignments(Db);

impl Assignments {
    /// Assignments in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self(db)
    }

    /// The warehouse that a user works in now.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; no assignment is no error.
    pub async fn of_user(&self, uuid: &str) -> Result<Option<i64>, DbError> {
        let uuid = uuid.to_owned();
        let find = move |conn: &mut Conn| {
            let warehouse = on_dialect!(conn, c => {
                assignment::table
                    .filter(assignment::user_uuid.eq(&uuid))
                    .filter(assignment::is_active.eq(true))
                    .order(assignment::id_warehouse_user_assignment)
                    .select(assignment::fk_warehouse)
                    .limit(1)
                    .get_result(c)
                    .optional()?
            });
            Ok(warehouse)
        };
        self.0.run(find).await
    }

    /// Whether a warehouse is there.
    ///
    /// # Errors
    /// As [`Assignments::of_user`].
    pub async fn has_warehouse(&self, id: i64) -> Result<bool, DbError> {
        let find = move |conn: &mut Conn| {
            let found: Option<i64> = on_dialect!(conn, c => {
                spy_stock::table.find(id).select(spy_stock::id_stock).get_result(c).optional()?
            });
            Ok(found.is_some())
        };
        self.0.run(find).await
    }
}
