//! Customers as members of companies.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use crate::tables::{spy_company, spy_company_user};

/// A member who may act: active, in an active and approved company.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Member {
    /// The surrogate identifier.
    pub id: i64,
    /// The natural identifier.
    pub uuid: String,
    /// The company.
    pub company: i64,
    /// The business unit.
    pub business_unit: Option<i64>,
    is_default: bool,
}

impl Member {
    /// The member with this uuid, when it is this customer.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; a foreign, unknown or inactive member is no error.
    pub fn of_customer(conn: &mut Conn, customer: i64, uuid: &str) -> Result<Option<Self>, DbError> {
        Ok(Self::all(conn, customer)?.into_iter().find(|member| member.uuid == uuid))
    }

    /// The member that a customer is without saying so: the only one, or the default.
    ///
    /// # Errors
    /// As [`Member::of_customer`].
    pub fn standing_for(conn: &mut Conn, customer: i64) -> Result<Option<Self>, DbError> {
        let mut all = Self::all(conn, customer)?;
        match all.len() {
            1 => Ok(all.pop()),
            _ => Ok(all.into_iter().find(|member| member.is_default)),
        }
    }

    fn all(conn: &mut Conn, customer: i64) -> Result<Vec<Self>, DbError> {
        Ok(on_dialect!(conn, c => {
            spy_company_user::table
                .inner_join(spy_company::table.on(spy_company::id_company.eq(spy_company_user::fk_company)))
                .filter(spy_company_user::fk_customer.eq(customer))
                .filter(spy_company_user::is_active.eq(true))
                .filter(spy_company::is_active.eq(true))
                .filter(spy_company::status.eq("approved"))
                .order(spy_company_user::id_company_user)
                .limit(1_000)
                .select((
                    spy_company_user::id_company_user,
                    spy_company_user::uuid,
                    spy_company_user::fk_company,
                    spy_company_user::fk_company_business_unit,
                    spy_company_user::is_default,
                ))
                .load(c)?
        }))
    }
}
