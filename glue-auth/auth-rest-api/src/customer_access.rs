//! `GET /customer-access`: what strangers cannot see (reference/authentication.md §1.8), as the routing table has it.

use glue_core::document::{Entity, Listing};
use glue_core::error::Outcome;
use glue_core::request::Anyone;
use glue_core::route::{Protection, RouteDef};

use crate::generated::customer_access::api::CustomerAccessApi;
use crate::generated::customer_access::attributes::CustomerAccess as Attributes;
use crate::generated::customer_access::routes::List;

/// The behaviour of `customer-access`.
#[derive(Debug)]
pub enum CustomerAccess {}

/// What a shop can keep from strangers, in the order of the contract (§5.6).
const CONTENT: [&str; 7] = [
    "abstract-product-prices",
    "concrete-product-prices",
    "checkout",
    "checkout-data",
    "guest-cart-items",
    "wishlists",
    "wishlist-items",
];

/// The types of what a shop can keep from strangers of which every verb needs a token.
#[derive(Clone, Debug, Default)]
pub struct Restricted(Vec<&'static str>);

impl Restricted {
    /// Reads the rows that an application mounts.
    #[must_use]
    pub fn of(rows: &[&'static RouteDef]) -> Self {
        let closed = |kind: &&&'static str| {
            let mut of_type = rows.iter().filter(|row| row.resource == **kind).peekable();
            of_type.peek().is_some() && of_type.all(|row| row.protection == Protection::Protected)
        };
        Self(CONTENT.iter().filter(closed).copied().collect())
    }
}

impl CustomerAccessApi for CustomerAccess {
    async fn list(cx: &Anyone<List>) -> Outcome<Listing<Attributes>> {
        let types = cx.service::<Restricted>()?.0.iter().map(|kind| (*kind).to_owned()).collect();
        let only = Entity { id: None, attributes: Attributes { resource_types: types } };
        let page = cx.page(1, 1)?;
        Ok(Listing::new(vec![only], glue_core::input::query::Page { asked: false, ..page }, 1))
    }
}
