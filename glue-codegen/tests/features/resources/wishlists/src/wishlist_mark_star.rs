//! Looks at a mark, and does no more.

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Authed;

use crate::generated::wishlist_mark_star::api::WishlistMarkStarApi;
use crate::generated::wishlist_mark_star::errors;
use crate::generated::wishlist_mark_star::routes::Create;
use crate::generated::wishlist_marks::attributes::{WishlistMark, WishlistMarkId, WishlistMarkParents};
use crate::generated::wishlist_marks::storage;

/// The behaviour of `wishlist-mark-star`.
#[derive(Debug)]
pub enum Star {}

impl WishlistMarkStarApi for Star {
    async fn create(cx: &Authed<Create>) -> Outcome<Entity<WishlistMark>> {
        let [wishlist, id] = cx.ids() else { return Err((&errors::NOT_FOUND).into()) };
        let parents = WishlistMarkParents::parse(std::slice::from_ref(wishlist)).ok_or(&errors::PARENT_NOT_FOUND)?;
        let id = WishlistMarkId::parse(id).ok_or(&errors::NOT_FOUND)?;
        let owner = cx.owner();
        let found = cx.db().run(move |conn| {
            if !storage::has_parent(conn, &owner, &parents)? {
                return Ok(Err(&errors::PARENT_NOT_FOUND));
            }
            Ok(storage::find(conn, &owner, &parents, &id)?.ok_or(&errors::NOT_FOUND))
        });
        found.await?.map_err(Into::into)
    }
}
