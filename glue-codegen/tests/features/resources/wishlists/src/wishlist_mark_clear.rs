//! Looks at a wishlist, and does no more.

use glue_core::error::Outcome;
use glue_core::request::Authed;

use crate::generated::wishlist_mark_clear::api::WishlistMarkClearApi;
use crate::generated::wishlist_mark_clear::attributes::CreateWishlistMarkClear;
use crate::generated::wishlist_mark_clear::errors;
use crate::generated::wishlist_mark_clear::routes::Create;
use crate::generated::wishlist_marks::attributes::WishlistMarkParents;
use crate::generated::wishlist_marks::storage;

/// The behaviour of `wishlist-mark-clear`.
#[derive(Debug)]
pub enum Clear {}

impl WishlistMarkClearApi for Clear {
    async fn create(cx: &Authed<Create>, input: CreateWishlistMarkClear) -> Outcome<()> {
        if input.reason == "none" {
            return Err((&errors::NOT_FOUND).into());
        }
        let parents = WishlistMarkParents::parse(cx.ids()).ok_or(&errors::PARENT_NOT_FOUND)?;
        let owner = cx.owner();
        let there = cx.db().run(move |conn| storage::has_parent(conn, &owner, &parents)).await?;
        if there { Ok(()) } else { Err((&errors::PARENT_NOT_FOUND).into()) }
    }
}
