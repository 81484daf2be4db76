//! What `stores` does: one store with everything that belongs to it, read in a handful of queries.
//!
//! By default an application serves its current store and no other; with several stores served dynamically it serves
//! all of them, without time zones (reference/framework.md §11.0).

mod rows;
mod served;

use crate::generated::stores::api::StoresApi;
use crate::generated::stores::attributes::{Store, StoreId};
use crate::generated::stores::errors;
use crate::generated::stores::routes::{Get, List};
use glue_core::document::{Entity, Listing};
use glue_core::error::Outcome;
use glue_core::input::query::Page;
use glue_core::request::Anyone;
pub use served::ServedStores;

/// The behaviour of `stores`.
#[derive(Debug)]
pub enum Stores {}

impl StoresApi for Stores {
    async fn list(cx: &Anyone<List>) -> Outcome<Listing<Store>> {
        let served = cx.service::<ServedStores>()?.clone();
        let entities = cx.db().run(move |conn| rows::load(conn, &served, None)).await?;
        let total = i64::try_from(entities.len()).unwrap_or(i64::MAX);
        Ok(Listing::new(entities, Page { offset: 0, limit: total.max(1), asked: false }, total))
    }

    async fn get(cx: &Anyone<Get>, id: StoreId) -> Outcome<Entity<Store>> {
        let served = cx.service::<ServedStores>()?.clone();
        let found = cx.db().run(move |conn| rows::load(conn, &served, Some(id.as_str()))).await?;
        Ok(found.into_iter().next().ok_or(&errors::NOT_FOUND)?)
    }
}
