//! What a request asks to include beside its resources.

use std::sync::Arc;

use super::links;
use crate::db::{Conn, DbError};
use crate::document::{Entity, IncludeReader, Included, Listing, ReachableRows, Relation, Resource, Root};
use crate::error::Outcome;
use crate::identity::Identity;
use crate::request::{Environment, RequestContext};
use crate::route::Ownership;

/// What a request asks to include, ready to be read on a connection.
pub struct Includes {
    environment: Arc<Environment>,
    wanted: Vec<String>,
    identity: Option<Identity>,
    reach: ReachableRows,
    /// Where the resources are, below the base of every link.
    collection: String,
}

impl Includes {
    /// What the request asks to include beside resources of type `A`; nothing when it asks for nothing.
    #[must_use]
    pub fn of<A: Resource>(cx: &RequestContext) -> Option<Self> {
        let wanted: Vec<String> = cx.query().includes().into_iter().map(str::to_owned).collect();
        if wanted.is_empty() || cx.relations().of(A::TYPE).is_empty() {
            return None;
        }
        let reach = match cx.route().owner {
            Ownership::Unowned => ReachableRows::Everybody,
            Ownership::Rows { .. } | Ownership::Unchecked { .. } => ReachableRows::Owned(cx.identity().cloned()),
        };
        let (environment, identity) = (cx.environment(), cx.identity().cloned());
        Some(Self { environment, wanted, identity, reach, collection: links::path(cx, None) })
    }

    /// Reads it on the connection that `listing` was read on, so that nobody has to wait for another one.
    ///
    /// # Errors
    /// What the database says.
    pub fn beside<A: Resource>(
        includes: Option<Self>,
        conn: &mut Conn,
        mut listing: Listing<A>,
    ) -> Result<Listing<A>, DbError> {
        if let Some(includes) = includes.filter(|_| !listing.entities.is_empty()) {
            listing.included = Some(includes.read(conn, A::TYPE, includes.roots(&listing.entities))?);
        }
        Ok(listing)
    }

    fn roots<A: Resource>(&self, entities: &[Entity<A>]) -> Vec<Root> {
        let wanted = |relation: &&Relation| self.wanted.iter().any(|name| name == relation.to);
        let relations: Vec<&Relation> = self.environment.relations.of(A::TYPE).iter().filter(wanted).collect();
        let root = |entity: &Entity<A>| {
            let id = entity.id.as_deref().unwrap_or_default();
            let keys = relations.iter().map(|relation| (relation.to, entity.attributes.keys(id, relation.to)));
            Root { id: id.to_owned(), path: format!("{}/{id}", self.collection), keys: keys.collect() }
        };
        entities.iter().map(root).collect()
    }

    fn read(&self, conn: &mut Conn, kind: &'static str, roots: Vec<Root>) -> Result<Included, DbError> {
        let (relations, identity) = (&self.environment.relations, self.identity.as_ref());
        IncludeReader { relations, wanted: &self.wanted, identity, reach: &self.reach }.run(conn, kind, roots)
    }
}

/// Reads everything that the request asks to include beside `entities`.
pub(crate) async fn included<A: Resource>(cx: &RequestContext, entities: &[Entity<A>]) -> Outcome<Included> {
    match Includes::of::<A>(cx).filter(|_| !entities.is_empty()) {
        Some(includes) => {
            let roots = includes.roots(entities);
            Ok(cx.db().run(move |conn| includes.read(conn, A::TYPE, roots)).await?)
        }
        None => Ok(Included::default()),
    }
}
