//! Demo data: thirty wishlists.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use time::PrimitiveDateTime;

use self::tables::spy_wishlist_item;
use crate::generated::wishlists::storage::spy_wishlist;

const NAMES: [&str; 6] = ["My wishlist", "Birthday", "Office", "Kitchen", "Later", "For Emil"];

/// Adds two lists for each of these customers, with up to three items.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn insert(conn: &mut Conn, customers: &[i64], now: PrimitiveDateTime) -> Result<(), DbError> {
    let owners = customers.iter().flat_map(|customer| [*customer; 2]);
    for (number, (customer, name)) in owners.zip(NAMES.iter().cycle()).enumerate() {
        let uuid = format!("0198f3c2-7d1e-7a52-9f0b-{number:012x}");
        on_dialect!(conn, c => {
            let row = (
                spy_wishlist::uuid.eq(&uuid),
                spy_wishlist::fk_customer.eq(customer),
                spy_wishlist::name.eq(name),
                spy_wishlist::created_at.eq(now),
                spy_wishlist::updated_at.eq(now),
            );
            diesel::insert_into(spy_wishlist::table).values(row).execute(c)?;
            let list = spy_wishlist::table.filter(spy_wishlist::uuid.eq(&uuid));
            let list: i64 = list.select(spy_wishlist::id_wishlist).get_result(c)?;
            for item in 0..number % 4 {
                let row = (
                    spy_wishlist_item::fk_wishlist.eq(list),
                    spy_wishlist_item::sku.eq(format!("{:03}_2172481{item}", 30 + number)),
                    spy_wishlist_item::created_at.eq(now),
                    spy_wishlist_item::updated_at.eq(now),
                );
                diesel::insert_into(spy_wishlist_item::table).values(row).execute(c)?;
            }
        });
    }
    Ok(())
}

/// No verb writes items, so that their definition leaves out a column that a new row needs.
mod tables {
    diesel::table! {
        spy_wishlist_item (id_wishlist_item) {
            id_wishlist_item -> BigInt,
            fk_wishlist -> BigInt,
            sku -> Text,
            created_at -> Timestamp,
            updated_at -> Timestamp,
        }
    }
}
