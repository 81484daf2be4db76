//! A definition file as types: everything that one file can say, each part with its place.

mod action;
mod at;
mod attribute;
mod family;
mod fields;
mod owner;
mod read;
mod resource;
mod verb;

pub use action::{ActionUse, SetUse};
pub use at::At;
pub use attribute::{
    Access, Attribute, Computed, Condition, Fold, Kind, MadeUse, ReferenceUse, Referred, Refusal, Rule, Transition,
};
pub use family::{
    Ancestor, EntityTags, IncludedType, LinkUse, ParentUse, RelatedFilter, RelatedRows, RelationUse, RelationVia,
    Target, Tie,
};
pub use fields::{is_sentence, turns};
pub use owner::{Identifier, OwnerColumn, OwnerKind};
pub use read::{read, read_tree};
pub use resource::{ActionOf, AppUse, Definition, ErrorUse, Format, ListUse, Loosened, Owned, Storage, Version};
pub use verb::{CacheUse, DeprecatedUse, Flag, OwnerRule, QueryUse, StateGuard, VerbName, VerbUse};
