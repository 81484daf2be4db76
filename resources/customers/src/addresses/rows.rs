//! The queries behind the rules of addresses.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;

use crate::generated::addresses::attributes::AddressParents;
use crate::tables::{spy_country, spy_customer, spy_customer_address};

/// Which defaults a customer has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults {
    pub(super) shipping: bool,
    pub(super) billing: bool,
}

/// Whether there is a country with this code.
pub(super) fn knows_country(conn: &mut Conn, iso2_code: &str) -> Result<bool, DbError> {
    let known: i64 = on_dialect!(conn, c => spy_country::table
        .filter(spy_country::iso2_code.eq(iso2_code))
        .count()
        .get_result(c))?;
    Ok(known > 0)
}

/// Which defaults the customer has. The customer's row is taken first, so that two new addresses cannot both find none.
pub(super) fn defaults(conn: &mut Conn, parents: &AddressParents) -> Result<Defaults, DbError> {
    let reference = parents.customer.as_str();
    let flags: Vec<(bool, bool)> = on_dialect!(conn, c => {
        diesel::update(spy_customer::table.filter(spy_customer::customer_reference.eq(reference)))
            .set(spy_customer::customer_reference.eq(spy_customer::customer_reference))
            .execute(c)?;
        spy_customer_address::table
            .inner_join(spy_customer::table.on(spy_customer::id_customer.eq(spy_customer_address::fk_customer)))
            .filter(spy_customer::customer_reference.eq(reference))
            .select((spy_customer_address::is_default_shipping, spy_customer_address::is_default_billing))
            .load(c)?
    });
    let any = |flag: fn(&(bool, bool)) -> bool| flags.iter().any(flag);
    Ok(Defaults { shipping: any(|flags| flags.0), billing: any(|flags| flags.1) })
}

/// Takes the defaults that another address is about to get from the customer's addresses.
pub(super) fn release(conn: &mut Conn, parents: &AddressParents, shipping: bool, billing: bool) -> Result<(), DbError> {
    let reference = parents.customer.as_str();
    on_dialect!(conn, c => {
        let customer = || spy_customer::table
            .filter(spy_customer::customer_reference.eq(reference))
            .select(spy_customer::id_customer);
        if shipping {
            diesel::update(spy_customer_address::table.filter(spy_customer_address::fk_customer.eq_any(customer())))
                .set(spy_customer_address::is_default_shipping.eq(false))
                .execute(c)?;
        }
        if billing {
            diesel::update(spy_customer_address::table.filter(spy_customer_address::fk_customer.eq_any(customer())))
                .set(spy_customer_address::is_default_billing.eq(false))
                .execute(c)?;
        }
    });
    Ok(())
}
