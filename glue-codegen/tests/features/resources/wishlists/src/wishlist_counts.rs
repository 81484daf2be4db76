//! Counts the caller's wishlists.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Authed;
use glue_core::identity::{Customer, Owner};
use glue_core::on_dialect;

use crate::generated::wishlist_counts::api::WishlistCountsApi;
use crate::generated::wishlist_counts::attributes::WishlistCount;
use crate::generated::wishlist_counts::routes::Get;

/// The behaviour of `wishlist-counts`.
#[derive(Debug)]
pub enum Counts {}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    wishlists: i64,
}

impl WishlistCountsApi for Counts {
    async fn get(cx: &Authed<Get>) -> Outcome<Entity<WishlistCount>> {
        let owner: Owner<Customer> = cx.owner();
        let counted: Counted = cx.db().run(move |conn| {
            let sql = "SELECT COUNT(*) AS wishlists FROM spy_wishlist JOIN spy_customer ON id_customer = fk_customer WHERE customer_reference = ?";
            Ok(on_dialect!(conn, c => diesel::sql_query(sql).bind::<Text, _>(owner.natural()).get_result(c)?))
        }).await?;
        Ok(Entity { id: None, attributes: WishlistCount { wishlists: counted.wishlists } })
    }
}
