//! Documents as bytes: borrowed parts go straight to the serializer, no tree is built in between.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{CollectionLinks, Entity, Listing, Resource, Sparse};
use crate::context::RequestContext;
use crate::error::{ApiError, Outcome};
use crate::profile::Dialect;
use crate::relation::{Edges, Included};

/// The type and the id of a related resource.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Reference<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) id: &'a str,
}

pub(super) fn one<A: Resource>(cx: &RequestContext, entity: &Entity<A>, included: &Included) -> Outcome<Vec<u8>> {
    let fields = cx.query().fields(A::TYPE);
    let data = object(cx, entity, fields.as_deref(), included, 0);
    bytes(&Single { data, included: Nodes { cx, of: included } })
}

pub(super) fn many<A: Resource>(cx: &RequestContext, listing: &Listing<A>, included: &Included) -> Outcome<Vec<u8>> {
    let fields = cx.query().fields(A::TYPE);
    let links = cx.collection_links(listing.page, listing.entities.len(), listing.total);
    let object = |(root, entity)| object(cx, entity, fields.as_deref(), included, root);
    let data: Vec<_> = listing.entities.iter().enumerate().map(object).collect();
    bytes(&Collection { data, links, included: Nodes { cx, of: included } })
}

fn bytes<T: Serialize>(document: &T) -> Outcome<Vec<u8>> {
    let mut body = Vec::with_capacity(512);
    serde_json::to_writer(&mut body, document).map_err(ApiError::internal)?;
    Ok(body)
}

fn object<'a, A: Resource>(
    cx: &RequestContext,
    entity: &'a Entity<A>,
    fields: Option<&'a [&'a str]>,
    included: &'a Included,
    root: usize,
) -> Object<'a, A> {
    Object {
        kind: A::TYPE,
        id: entity.id.as_deref(),
        nameless: if cx.rules().dialect == Dialect::Decoupled { Nameless::Left } else { Nameless::Null },
        attributes: Sparse { attributes: &entity.attributes, fields },
        link: cx.self_link(entity.id.as_deref()).this,
        edges: included.edges(root),
        included,
    }
}

#[derive(Serialize)]
struct Single<'a, A: Resource> {
    data: Object<'a, A>,
    #[serde(skip_serializing_if = "Nodes::is_empty")]
    included: Nodes<'a>,
}

#[derive(Serialize)]
struct Collection<'a, A: Resource> {
    data: Vec<Object<'a, A>>,
    links: CollectionLinks,
    #[serde(skip_serializing_if = "Nodes::is_empty")]
    included: Nodes<'a>,
}

/// What a resource without an id shows (contract/framework.md §2.1, §2.9).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nameless {
    Null,
    Left,
}

struct Object<'a, A> {
    kind: &'static str,
    id: Option<&'a str>,
    nameless: Nameless,
    attributes: Sparse<'a, A>,
    link: String,
    edges: &'a Edges,
    included: &'a Included,
}

impl<A: Serialize> Serialize for Object<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind)?;
        if self.id.is_some() || self.nameless == Nameless::Null {
            map.serialize_entry("id", &self.id)?;
        }
        map.serialize_entry("attributes", &self.attributes)?;
        map.serialize_entry("links", &Link { this: &self.link })?;
        if !self.edges.is_empty() {
            map.serialize_entry("relationships", &Relationships { edges: self.edges, included: self.included })?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Link<'a> {
    #[serde(rename = "self")]
    this: &'a str,
}

/// Keyed by type, always lists.
struct Relationships<'a> {
    edges: &'a Edges,
    included: &'a Included,
}

#[derive(Serialize)]
struct Related<'a> {
    data: Vec<Reference<'a>>,
}

impl Serialize for Relationships<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |nodes: &[usize]| Related { data: nodes.iter().filter_map(|&n| self.included.reference(n)).collect() };
        serializer.collect_map(self.edges.iter().map(|(kind, nodes)| (*kind, of(nodes))))
    }
}

/// `included`, depth first.
struct Nodes<'a> {
    cx: &'a RequestContext,
    of: &'a Included,
}

impl Nodes<'_> {
    fn is_empty(&self) -> bool {
        self.of.is_empty()
    }
}

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.of.nodes().map(|node| NodeObject { cx: self.cx, of: self.of, node }))
    }
}

struct NodeObject<'a> {
    cx: &'a RequestContext,
    of: &'a Included,
    node: &'a crate::relation::Node,
}

impl Serialize for NodeObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.cx.query().fields(self.node.kind);
        let attributes = self.node.attributes.json(fields.as_deref()).map_err(serde::ser::Error::custom)?;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.node.kind)?;
        map.serialize_entry("id", &self.node.id)?;
        map.serialize_entry("attributes", &attributes)?;
        map.serialize_entry("links", &Link { this: &self.cx.included_link(&self.node.path) })?;
        if !self.node.edges.is_empty() {
            map.serialize_entry("relationships", &Relationships { edges: &self.node.edges, included: self.of })?;
        }
        map.end()
    }
}
