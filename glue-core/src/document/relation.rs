//! Relations between resource types, and `include`: flat type names, depth first, each resource once, one query per
//! relation and level (reference/framework.md §2.5, §2.6).

use std::collections::HashMap;

use super::resource::{Entity, Resource};
use super::sparse::Sparse;
use crate::db::{Conn, DbError};
use crate::identity::{Identity, Owner, OwnerKind};
use crate::route::{Ownership, Protection, RouteDef, Verb, Version};

/// The rows that one query of a relation reads at most: one more than an answer can include, so that too many are seen.
pub const MAX_RELATED_ROWS: i64 = 20_001;

/// Whose rows an include may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReachableRows {
    /// Those of the caller; nobody's without one.
    Owned(Option<Identity>),
    /// Everybody's: the application lets its callers read every row of the type.
    Everybody,
}

impl ReachableRows {
    /// Whose rows those are, where they belong to callers of this kind; `None` for everybody's.
    #[must_use]
    pub fn owner<K: OwnerKind>(&self) -> Option<Owner<K>> {
        match self {
            Self::Owned(caller) => Some(Owner::of(caller.as_ref())),
            Self::Everybody => None,
        }
    }
}

/// Reads what belongs to any of the keys, in the order of the collection.
pub type LoadRelated = fn(&mut Conn, &ReachableRows, &[String]) -> Result<Vec<RelatedResource>, DbError>;

/// One relation of a resource type, as a definition declares it.
#[derive(Clone, Copy)]
pub struct RelationDef {
    /// The type that has the relation.
    pub from: &'static str,
    /// The type that it leads to; also its name in `include`.
    pub to: &'static str,
    /// How to read the other side.
    pub via: RelationSource,
}

/// How the other side of a relation is read.
#[derive(Clone, Copy)]
pub enum RelationSource {
    /// By the generated query of the children, whose links stand below their parent's.
    Children(LoadRelated),
    /// By the generated query of what children refer to: each ties one of these to one of those.
    Through(LoadRelated),
    /// By the target that the other type's crate offers.
    Target(TargetKey),
}

/// What a target is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetKey {
    /// Its id.
    Id,
    /// Its owner's natural identifier.
    Owner,
}

/// A resource type that other crates may include.
#[derive(Clone, Copy)]
pub struct TargetDef {
    /// The type.
    pub resource: &'static str,
    /// What the keys are.
    pub by: TargetKey,
    /// Reads it.
    pub load: LoadRelated,
}

/// One related resource, and the key that led to it.
pub struct RelatedResource {
    pub(super) key: String,
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) attributes: Box<dyn AnyAttributes>,
}

impl RelatedResource {
    /// What `key` leads to.
    #[must_use]
    pub fn new<A: Resource>(key: String, entity: Entity<A>) -> Self {
        let id = entity.id.unwrap_or_default();
        Self { key, kind: A::TYPE, id, attributes: Box::new(entity.attributes) }
    }
}

/// Attributes of any type.
pub(crate) trait AnyAttributes: Send {
    fn write(&self, application: &str, fields: Option<&[&str]>, body: &mut Vec<u8>) -> serde_json::Result<()>;
    fn keys(&self, id: &str, to: &str) -> Vec<String>;
}

impl<A: Resource> AnyAttributes for A {
    fn write(&self, application: &str, fields: Option<&[&str]>, body: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(body, &Sparse { attributes: self, fields, application })
    }

    fn keys(&self, id: &str, to: &str) -> Vec<String> {
        Resource::keys(self, id, to)
    }
}

/// A relation without anything to lead to.
#[derive(Debug, thiserror::Error)]
#[error("`{from}` has a relation to `{to}`, which this application does not offer")]
pub struct DanglingRelation {
    from: &'static str,
    to: &'static str,
}

/// The relations of one application, by the type that has them.
#[derive(Default)]
pub struct Relations {
    by_type: HashMap<&'static str, Vec<Relation>>,
    access: HashMap<(&'static str, Verb), Access>,
}

pub(crate) struct Relation {
    pub(crate) to: &'static str,
    pub(super) load: LoadRelated,
    pub(super) below_parent: bool,
    /// Whether a key leads to one resource.
    one: bool,
}

/// Who may read a type in this application, from the row that reads it the way an include does.
struct Access {
    open: bool,
    scopes: &'static [&'static str],
    owned: bool,
}

impl Relations {
    /// Ties relations to targets: those whose other side the application mounts. Who may include a type is what the
    /// rows of the type say.
    ///
    /// # Errors
    /// [`DanglingRelation`] when a relation leads nowhere.
    pub fn new<'a>(
        relations: &[RelationDef],
        targets: &[TargetDef],
        rows: impl Iterator<Item = &'a RouteDef>,
    ) -> Result<Self, DanglingRelation> {
        let mut all = Self::default();
        let mut rows: Vec<&RouteDef> = rows.collect();
        let mounted = |relation: &&RelationDef| rows.iter().any(|row| row.resource == relation.to);
        for relation in relations.iter().filter(mounted) {
            let (load, below_parent, one) = match relation.via {
                RelationSource::Children(load) => (load, true, false),
                RelationSource::Through(load) => (load, false, false),
                RelationSource::Target(by) => {
                    let target = targets.iter().find(|target| target.resource == relation.to && target.by == by);
                    let target = target.ok_or(DanglingRelation { from: relation.from, to: relation.to })?;
                    (target.load, false, by == TargetKey::Id)
                }
            };
            let known = all.by_type.entry(relation.from).or_default();
            if known.iter().all(|known| known.to != relation.to) {
                known.push(Relation { to: relation.to, load, below_parent, one });
            }
        }
        // What is included is the newest version of a type: its rows alone say who may read it.
        rows.sort_by_key(|row| row.version);
        let newest: HashMap<&str, Option<Version>> = rows.iter().map(|row| (row.resource, row.version)).collect();
        let current = |row: &&&RouteDef| newest.get(row.resource) == Some(&row.version);
        for row in rows.iter().filter(current).filter(|row| matches!(row.verb, Verb::Get | Verb::List)) {
            let access = Access {
                open: row.protection != Protection::Protected,
                scopes: row.scopes,
                owned: row.owner != Ownership::Unowned,
            };
            all.access.insert((row.resource, row.verb), access);
        }
        Ok(all)
    }

    pub(crate) fn of(&self, kind: &str) -> &[Relation] {
        self.by_type.get(kind).map_or(&[], Vec::as_slice)
    }

    /// What this caller may read along a relation; nothing when the other side's own routes would refuse. One resource
    /// by its id is read as GET reads it, several as the collection is. Children without reading routes of their own
    /// are read through their parent, with the parent's reach; nothing else is.
    pub(super) fn reach(
        &self,
        relation: &Relation,
        identity: Option<&Identity>,
        parent: &ReachableRows,
    ) -> Option<ReachableRows> {
        let order = if relation.one { [Verb::Get, Verb::List] } else { [Verb::List, Verb::Get] };
        let Some(access) = order.iter().find_map(|verb| self.access.get(&(relation.to, *verb))) else {
            return relation.below_parent.then(|| parent.clone());
        };
        if !access.open && !identity.is_some_and(|identity| identity.has_scopes(access.scopes)) {
            return None;
        }
        Some(if access.owned { ReachableRows::Owned(identity.cloned()) } else { ReachableRows::Everybody })
    }
}
