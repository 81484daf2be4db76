#![doc = include_str!("../README.md")]

use std::ops::Range;

use glue_app::{DemoData, DemoSecrets, NamedHash};
use glue_core::db::{Conn, DbError};
use time::PrimitiveDateTime;

/// The demo data.
pub const DATA: DemoData = DemoData { insert, hashes };

/// The customers with wishlists, by their place; `DE--21` has none, because clients start there with an empty shelf.
const WITH_WISHLISTS: Range<usize> = 29..44;

fn insert(conn: &mut Conn, secrets: &DemoSecrets, now: PrimitiveDateTime) -> Result<bool, DbError> {
    if !customers::demo::is_empty(conn)? {
        return Ok(false);
    }
    let customers = customers::demo::insert(conn, &secrets.hash, now)?;
    users::demo::insert(conn, &secrets.hash, now)?;
    stores::demo::insert(conn)?;
    wishlists::demo::insert(conn, customers.get(WITH_WISHLISTS).unwrap_or_default(), now)?;
    companies::demo::insert(conn, &customers)?;
    warehouses::demo::insert(conn, users::demo::WAREHOUSE_USER)?;
    auth_rest_api::insert_demo_clients(conn, &secrets.client, &secrets.hash)?;
    Ok(true)
}

fn hashes(conn: &mut Conn) -> Result<Vec<NamedHash>, DbError> {
    let mut hashes = users::demo::hashes(conn)?;
    hashes.extend(customers::demo::hashes(conn)?);
    hashes.extend(auth_rest_api::demo_hashes(conn)?);
    Ok(hashes)
}
