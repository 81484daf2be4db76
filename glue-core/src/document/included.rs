//! The walk along relations: what is included, level by level, each resource once, then depth first.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use super::relation::{AnyAttributes, ReachableRows, Relation, Relations};
use super::resource::Reference;
use crate::db::{Conn, DbError};
use crate::identity::Identity;
use crate::percent;

/// Relation → indexes of related nodes, in the order of `include`'s relations.
pub(crate) type Edges = Vec<(&'static str, Vec<usize>)>;

/// One included resource.
pub(crate) struct Node {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    /// Below whom it stands, when its path says so.
    above: Option<Holder>,
    pub(crate) attributes: Box<dyn AnyAttributes>,
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

/// More resources than one answer includes; [`super::MAX_RELATED_ROWS`] is one more.
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
    pub(crate) fn push_path(&self, node: &Node, link: &mut String) {
        match node.above {
            Some(Holder::Root(root)) => link.push_str(self.paths.get(root).map_or("", String::as_str)),
            Some(Holder::Node(above)) => {
                if let Some(above) = self.nodes.get(above) {
                    self.push_path(above, link);
                }
            }
            None => {}
        }
        link.push('/');
        link.push_str(node.kind);
        link.push('/');
        percent::push_segment(link, &node.id);
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

/// One resource whose relations are still to be read.
pub(crate) struct Root {
    pub(crate) id: String,
    pub(crate) path: String,
    /// Relation → keys.
    pub(crate) keys: Vec<(&'static str, Vec<String>)>,
}

pub(crate) struct IncludeReader<'a> {
    pub(crate) relations: &'a Relations,
    pub(crate) wanted: &'a [String],
    pub(crate) identity: Option<&'a Identity>,
    pub(crate) reach: &'a ReachableRows,
}

/// Who waits for what a relation reads.
struct Lookup {
    who: Holder,
    keys: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Root(usize),
    Node(usize),
}

/// What one walk has met: nodes by the hash of their type and id, and those whose own relations come next.
#[derive(Default)]
struct Progress {
    known: HashMap<u64, usize>,
    hasher: RandomState,
    next: Vec<(&'static str, Vec<usize>)>,
}

impl IncludeReader<'_> {
    pub(crate) fn run(&self, conn: &mut Conn, kind: &'static str, roots: Vec<Root>) -> Result<Included, DbError> {
        let mut included = Included { roots: vec![Edges::new(); roots.len()], ..Included::default() };
        let mut keys = Vec::with_capacity(roots.len());
        for root in roots {
            included.primary.insert((kind, root.id));
            included.paths.push(root.path);
            keys.push(root.keys);
        }
        let mut met = Progress::default();
        for relation in self.wanted_of(kind) {
            let asking = keys.iter_mut().enumerate().filter_map(|(root, keys)| {
                let (_, keys) = keys.iter_mut().find(|(to, _)| *to == relation.to)?;
                Some(Lookup { who: Holder::Root(root), keys: std::mem::take(keys) })
            });
            self.follow(conn, relation, asking.collect(), &mut included, &mut met)?;
        }
        while !met.next.is_empty() && !included.is_too_large() {
            included.levels += 1;
            for (kind, fresh) in std::mem::take(&mut met.next) {
                for relation in self.wanted_of(kind) {
                    let asking = fresh.iter().filter_map(|&number| {
                        let node = included.nodes.get(number)?;
                        Some(Lookup { who: Holder::Node(number), keys: node.attributes.keys(&node.id, relation.to) })
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
        asking: Vec<Lookup>,
        included: &mut Included,
        met: &mut Progress,
    ) -> Result<(), DbError> {
        let Some(reach) = self.relations.reach(relation, self.identity, self.reach) else { return Ok(()) };
        let mut keys: Vec<String> = asking.iter().flat_map(|asking| &asking.keys).cloned().collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(());
        }
        let mut by_key: HashMap<&str, (Holder, Vec<usize>)> = HashMap::with_capacity(keys.len());
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
                Holder::Root(root) => included.roots.get_mut(root),
                Holder::Node(node) => included.nodes.get_mut(node).map(|node| &mut node.edges),
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
