//! The routing table and its rows: the only input of mount, guard, documents and listings.

mod ambiguity;
mod def;
mod lifetime;
mod parameter;
pub mod path;
mod schema;
mod table;
mod wire;

pub use ambiguity::AmbiguousRoute;
pub use def::{
    AgentRoute, AnsweredResource, EntityTags, FactorCode, OpenRoute, Ownership, Place, PossibleError, ProtectedRoute,
    Protection, Route, RouteDef, Verb,
};
pub use lifetime::{CacheLifetime, Deprecation, day};
pub use parameter::QueryParameter;
pub use path::Version;
pub use schema::{BodyDef, SchemaDef, SchemaLimits, collect, one_of};
pub use table::{Operation, RoutingTable};
pub(crate) use table::{RouteMatch, VisibleRows};
pub(crate) use wire::JSON;
pub use wire::{MEDIA_TYPE, Plain, Wire};
