//! Customers by the beginning of their names.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::input::query::Page;
use glue_core::on_dialect;

use crate::generated::agent_customer_search::attributes::AgentCustomerSearchCustomer as Customer;
use crate::names;
use crate::tables::spy_customer;

/// One window of the customers that match, in the order of their registration, and how many match in all.
pub(super) fn search(conn: &mut Conn, prefix: &str, page: Page) -> Result<(Vec<Customer>, i64), DbError> {
    let pattern = format!("{}%", escaped(&names::key(prefix)));
    on_dialect!(conn, c, Backend => {
        let matching = || {
            let all = spy_customer::table.filter(spy_customer::anonymized_at.is_null()).into_boxed::<Backend>();
            match prefix.is_empty() {
                true => all,
                false => all.filter(
                    spy_customer::customer_reference
                        .eq(prefix)
                        .or(spy_customer::email_key.like(&pattern).escape('!'))
                        .or(spy_customer::last_name_key.assume_not_null().like(&pattern).escape('!'))
                        .or(spy_customer::first_name_key.assume_not_null().like(&pattern).escape('!')),
                ),
            }
        };
        type Row = (String, String, Option<String>, Option<String>);
        let rows: Vec<Row> = matching()
            .order(spy_customer::id_customer)
            .limit(page.limit)
            .offset(page.offset)
            .select((
                spy_customer::customer_reference,
                spy_customer::email,
                spy_customer::first_name,
                spy_customer::last_name,
            ))
            .load(c)?;
        let customer = |(customer_reference, email, first_name, last_name): Row| {
            Customer { customer_reference, email, first_name, last_name }
        };
        Ok((rows.into_iter().map(customer).collect(), matching().count().get_result(c)?))
    })
}

/// What a pattern takes literally.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(c);
    }
    escaped
}
