//! JSON:API documents: the words that every resource shares, and what is related to a resource
//! (reference/framework.md §2).

pub mod error_body;
mod included;
mod listing;
mod relation;
mod resource;
mod sparse;

pub(crate) use included::{Edges, IncludeReader, Included, Root};
pub use listing::Listing;
pub(crate) use relation::Relation;
pub use relation::{
    DanglingRelation, LoadRelated, MAX_RELATED_ROWS, ReachableRows, RelatedResource, RelationDef, RelationSource,
    Relations, TargetDef, TargetKey,
};
pub(crate) use resource::Reference;
pub use resource::{CollectionLinks, Document, Entity, Relationship, Resource, ResourceIdentifier, SelfLink};
pub(crate) use sparse::Sparse;
