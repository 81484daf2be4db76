//! Some resources of a collection.

use super::included::Included;
use super::resource::Entity;
use crate::input::query::Page;

/// Some resources of a collection, and how many there are in all.
pub struct Listing<A> {
    /// The resources of the window, in order.
    pub entities: Vec<Entity<A>>,
    /// The window they were read from.
    pub page: Page,
    /// How many resources the whole collection has.
    pub total: i64,
    /// What was read to be included beside them.
    pub(crate) included: Option<Included>,
}

impl<A> Listing<A> {
    /// These resources of a window, and how many there are in all.
    #[must_use]
    pub fn new(entities: Vec<Entity<A>>, page: Page, total: i64) -> Self {
        Self { entities, page, total, included: None }
    }
}
