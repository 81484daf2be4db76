//! Relations between resource types, and `include`: flat type names, depth first, each resource once, one query per
//! relation and level (contract/framework.md §2.5, §2.6).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use crate::context::{Application, RequestContext};
use crate::db::{Conn, DbError};
use crate::document::{Entity, Listing, Reference, Resource, Sparse};
use crate::error::Outcome;
use crate::identity::{Identity, Owner};
use crate::route::{Ownership, Protection, RouteDef, Verb};

/// Whose rows an include may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those of one owner.
    Owned(Owner),
    /// Everybody's: the application lets its callers read every row of the type.
    Everybody,
}

/// Reads what belongs to any of the keys, in the order of the collection.
pub type Load = fn(&mut Conn, &Reach, &[String]) -> Result<Vec<Related>, DbError>;

/// One relation of a resource type, as a definition declares it.
#[derive(Clone, Copy)]
pub struct RelationDef {
    /// The type that has the relation.
    pub from: &'static str,
    /// The type that it leads to; also its name in `include`.
    pub to: &'static str,
    /// How to read the other side.
    pub via: Via,
}

/// How the other side of a relation is read.
#[derive(Clone, Copy)]
pub enum Via {
    /// By the generated query of the children, whose links stand below their parent's.
    Children(Load),
    /// By the target that the other type's crate offers.
    Target(By),
}

/// What a target is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
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
    pub by: By,
    /// Reads it.
    pub load: Load,
}

/// One related resource, and the key that led to it.
pub struct Related {
    key: String,
    kind: &'static str,
    id: String,
    attributes: Box<dyn Attributes>,
}

impl Related {
    /// What `key` leads to.
    #[must_use]
    pub fn new<A: Resource>(key: String, entity: Entity<A>) -> Self {
        let id = entity.id.unwrap_or_default();
        Self { key, kind: A::TYPE, id, attributes: Box::new(entity.attributes) }
    }
}

/// Attributes of any type.
pub(crate) trait Attributes: Send {
    fn write(&self, fields: Option<&[&str]>, body: &mut Vec<u8>) -> serde_json::Result<()>;
    fn keys(&self, id: &str, to: &str) -> Vec<String>;
}

impl<A: Resource> Attributes for A {
    fn write(&self, fields: Option<&[&str]>, body: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(body, &Sparse { attributes: self, fields })
    }

    fn keys(&self, id: &str, to: &str) -> Vec<String> {
        Resource::keys(self, id, to)
    }
}

/// A relation without anything to lead to.
#[derive(Debug, thiserror::Error)]
#[error("`{from}` has a relation to `{to}`, which this application does not offer")]
pub struct Dangling {
    from: &'static str,
    to: &'static str,
}

/// The relations of one application, by the type that has them.
#[derive(Default)]
pub struct Relations {
    by_type: HashMap<&'static str, Vec<Relation>>,
    access: HashMap<(&'static str, Verb), Access>,
}

struct Relation {
    to: &'static str,
    load: Load,
    below_parent: bool,
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
    /// [`Dangling`] when a relation leads nowhere.
    pub fn new<'a>(
        relations: &[RelationDef],
        targets: &[TargetDef],
        rows: impl Iterator<Item = &'a RouteDef>,
    ) -> Result<Self, Dangling> {
        let mut all = Self::default();
        let rows: Vec<&RouteDef> = rows.collect();
        let mounted = |relation: &&RelationDef| rows.iter().any(|row| row.resource == relation.to);
        for relation in relations.iter().filter(mounted) {
            let (load, below_parent, one) = match relation.via {
                Via::Children(load) => (load, true, false),
                Via::Target(by) => {
                    let target = targets.iter().find(|target| target.resource == relation.to && target.by == by);
                    let target = target.ok_or(Dangling { from: relation.from, to: relation.to })?;
                    (target.load, false, by == By::Id)
                }
            };
            let known = all.by_type.entry(relation.from).or_default();
            if known.iter().all(|known| known.to != relation.to) {
                known.push(Relation { to: relation.to, load, below_parent, one });
            }
        }
        for row in rows.into_iter().filter(|row| matches!(row.verb, Verb::Get | Verb::List)) {
            let access = Access {
                open: row.protection != Protection::Protected,
                scopes: row.scopes,
                owned: row.owner != Ownership::Unowned,
            };
            all.access.insert((row.resource, row.verb), access);
        }
        Ok(all)
    }

    fn of(&self, kind: &str) -> &[Relation] {
        self.by_type.get(kind).map_or(&[], Vec::as_slice)
    }

    /// What this caller may read along a relation; nothing when the other side's own routes would refuse. One resource
    /// by its id is read as GET reads it, several as the collection is. Children without reading routes of their own
    /// are read through their parent, with the parent's reach; nothing else is.
    fn reach(&self, relation: &Relation, identity: Option<&Identity>, parent: &Reach) -> Option<Reach> {
        let order = if relation.one { [Verb::Get, Verb::List] } else { [Verb::List, Verb::Get] };
        let Some(access) = order.iter().find_map(|verb| self.access.get(&(relation.to, *verb))) else {
            return relation.below_parent.then(|| parent.clone());
        };
        if !access.open && !identity.is_some_and(|identity| identity.has_scopes(access.scopes)) {
            return None;
        }
        Some(if access.owned { Reach::Owned(Owner::from(identity)) } else { Reach::Everybody })
    }
}

/// Relation → indexes of related nodes, in the order of `include`'s relations.
pub(crate) type Edges = Vec<(&'static str, Vec<usize>)>;

/// One included resource.
pub(crate) struct Node {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    /// Below whom it stands, when its path says so.
    above: Option<Who>,
    pub(crate) attributes: Box<dyn Attributes>,
    pub(crate) edges: Edges,
}

/// Everything that one answer includes.
#[derive(Default)]
pub(crate) struct Included {
    nodes: Vec<Node>,
    roots: Vec<Edges>,
    /// Where each root is, below the base of every link.
    paths: Vec<String>,
    /// How often a relation of what was included was followed.
    levels: usize,
    /// What stands in the document as primary data already.
    primary: HashSet<(&'static str, String)>,
    order: Vec<usize>,
}

/// More resources than one answer includes.
const MAX_NODES: usize = 20_000;

/// More levels than relations lead through; a type related to itself ends here.
const MAX_LEVELS: usize = 16;

/// Databases bound the parameters of a statement.
const KEYS_AT_ONCE: usize = 1_000;

static NO_EDGES: Edges = Vec::new();

impl Included {
    /// Whether this is more than any one answer should hold.
    pub(crate) fn is_too_large(&self) -> bool {
        self.nodes.len() > MAX_NODES || self.levels > MAX_LEVELS
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub(crate) fn edges(&self, root: usize) -> &Edges {
        self.roots.get(root).unwrap_or(&NO_EDGES)
    }

    pub(crate) fn reference(&self, node: usize) -> Option<Reference<'_>> {
        self.nodes.get(node).map(|node| Reference { kind: node.kind, id: &node.id })
    }

    /// Where a node is, below the base of every link.
    pub(crate) fn push_path(&self, node: &Node, path: &mut String) {
        match node.above {
            Some(Who::Root(root)) => path.push_str(self.paths.get(root).map_or("", String::as_str)),
            Some(Who::Node(above)) => {
                if let Some(above) = self.nodes.get(above) {
                    self.push_path(above, path);
                }
            }
            None => {}
        }
        path.push('/');
        path.push_str(node.kind);
        path.push('/');
        path.push_str(&node.id);
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.order.iter().filter_map(|&node| self.nodes.get(node))
    }

    /// Depth first, what is related before what it is related to, each once.
    fn arrange(&mut self) {
        let primary = |node: &Node| self.primary.contains(&(node.kind, node.id.clone()));
        let mut seen: Vec<bool> = self.nodes.iter().map(primary).collect();
        // The flag says whether the relations of a node stand in the list already.
        let mut stack: Vec<(usize, bool)> = Vec::new();
        for edges in self.roots.iter().rev() {
            stack.extend(edges.iter().flat_map(|(_, nodes)| nodes).rev().map(|&node| (node, false)));
        }
        while let Some((node, complete)) = stack.pop() {
            if complete {
                self.order.push(node);
                continue;
            }
            match seen.get_mut(node) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            stack.push((node, true));
            let edges = self.nodes.get(node).map_or(&NO_EDGES, |node| &node.edges);
            stack.extend(edges.iter().flat_map(|(_, nodes)| nodes).rev().map(|&node| (node, false)));
        }
    }
}

/// What a request asks to include, ready to be read on a connection.
pub struct Includes {
    application: Arc<Application>,
    wanted: Vec<String>,
    identity: Option<Identity>,
    reach: Reach,
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
            Ownership::Unowned => Reach::Everybody,
            Ownership::Rows { .. } => Reach::Owned(Owner::from(cx.identity())),
        };
        let (application, identity) = (cx.application(), cx.identity().cloned());
        Some(Self { application, wanted, identity, reach, collection: cx.resource_path(None) })
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
        let relations: Vec<&Relation> = self.application.relations.of(A::TYPE).iter().filter(wanted).collect();
        let root = |entity: &Entity<A>| {
            let id = entity.id.as_deref().unwrap_or_default();
            let keys = relations.iter().map(|relation| (relation.to, entity.attributes.keys(id, relation.to)));
            Root { id: id.to_owned(), path: format!("{}/{id}", self.collection), keys: keys.collect() }
        };
        entities.iter().map(root).collect()
    }

    fn read(&self, conn: &mut Conn, kind: &'static str, roots: Vec<Root>) -> Result<Included, DbError> {
        let (relations, identity) = (&self.application.relations, self.identity.as_ref());
        Walk { relations, wanted: &self.wanted, identity, reach: &self.reach }.run(conn, kind, roots)
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

/// One resource whose relations are still to be read.
struct Root {
    id: String,
    path: String,
    /// Relation → keys.
    keys: Vec<(&'static str, Vec<String>)>,
}

struct Walk<'a> {
    relations: &'a Relations,
    wanted: &'a [String],
    identity: Option<&'a Identity>,
    reach: &'a Reach,
}

/// Who waits for what a relation reads.
struct Asking {
    who: Who,
    keys: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Root(usize),
    Node(usize),
}

/// What one walk has met: nodes by the hash of their type and id, and those whose own relations come next.
#[derive(Default)]
struct Met {
    known: HashMap<u64, usize>,
    hasher: RandomState,
    next: Vec<(&'static str, Vec<usize>)>,
}

impl Walk<'_> {
    fn run(&self, conn: &mut Conn, kind: &'static str, roots: Vec<Root>) -> Result<Included, DbError> {
        let mut included = Included { roots: vec![Edges::new(); roots.len()], ..Included::default() };
        let mut keys = Vec::with_capacity(roots.len());
        for root in roots {
            included.primary.insert((kind, root.id));
            included.paths.push(root.path);
            keys.push(root.keys);
        }
        let mut met = Met::default();
        for relation in self.wanted_of(kind) {
            let asking = keys.iter_mut().enumerate().filter_map(|(root, keys)| {
                let (_, keys) = keys.iter_mut().find(|(to, _)| *to == relation.to)?;
                Some(Asking { who: Who::Root(root), keys: std::mem::take(keys) })
            });
            self.follow(conn, relation, asking.collect(), &mut included, &mut met)?;
        }
        while !met.next.is_empty() && !included.is_too_large() {
            included.levels += 1;
            for (kind, fresh) in std::mem::take(&mut met.next) {
                for relation in self.wanted_of(kind) {
                    let asking = fresh.iter().filter_map(|&number| {
                        let node = included.nodes.get(number)?;
                        Some(Asking { who: Who::Node(number), keys: node.attributes.keys(&node.id, relation.to) })
                    });
                    let asking = asking.collect();
                    self.follow(conn, relation, asking, &mut included, &mut met)?;
                }
            }
        }
        included.arrange();
        Ok(included)
    }

    fn wanted_of(&self, kind: &str) -> impl Iterator<Item = &Relation> {
        let wanted = |relation: &&Relation| self.wanted.iter().any(|name| name == relation.to);
        self.relations.of(kind).iter().filter(wanted)
    }

    /// One query for everybody who asks.
    fn follow(
        &self,
        conn: &mut Conn,
        relation: &Relation,
        asking: Vec<Asking>,
        included: &mut Included,
        met: &mut Met,
    ) -> Result<(), DbError> {
        let Some(reach) = self.relations.reach(relation, self.identity, self.reach) else { return Ok(()) };
        let mut keys: Vec<String> = asking.iter().flat_map(|asking| &asking.keys).cloned().collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(());
        }
        let mut by_key: HashMap<&str, (Who, Vec<usize>)> = HashMap::with_capacity(keys.len());
        for asking in &asking {
            by_key.extend(asking.keys.iter().map(|key| (key.as_str(), (asking.who, Vec::new()))));
        }
        let mut fresh = Vec::new();
        let mut loaded = Vec::new();
        for keys in keys.chunks(KEYS_AT_ONCE) {
            loaded.append(&mut (relation.load)(conn, &reach, keys)?);
        }
        for related in loaded {
            let Some((who, nodes)) = by_key.get_mut(related.key.as_str()) else { continue };
            let hash = met.hasher.hash_one((related.kind, &related.id));
            let same = |node: &&Node| node.kind == related.kind && node.id == related.id;
            let known =
                met.known.get(&hash).copied().filter(|&node| included.nodes.get(node).as_ref().is_some_and(same));
            nodes.push(known.unwrap_or_else(|| {
                let node = included.nodes.len();
                let above = relation.below_parent.then_some(*who);
                let (kind, id, attributes) = (related.kind, related.id, related.attributes);
                included.nodes.push(Node { kind, id, above, attributes, edges: Edges::new() });
                met.known.insert(hash, node);
                fresh.push(node);
                node
            }));
        }
        for asking in &asking {
            let found = asking.keys.iter().filter_map(|key| by_key.get(key.as_str()));
            let nodes: Vec<usize> = found.flat_map(|(_, nodes)| nodes).copied().collect();
            let edges = match asking.who {
                Who::Root(root) => included.roots.get_mut(root),
                Who::Node(node) => included.nodes.get_mut(node).map(|node| &mut node.edges),
            };
            if let Some(edges) = edges.filter(|_| !nodes.is_empty()) {
                edges.push((relation.to, nodes));
            }
        }
        if !fresh.is_empty() && !self.relations.of(relation.to).is_empty() {
            met.next.push((relation.to, fresh));
        }
        Ok(())
    }
}
