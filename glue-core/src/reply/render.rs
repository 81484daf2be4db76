//! Documents as bytes: borrowed parts go straight to the serializer, no tree is built in between.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::links;
use crate::document::{CollectionLinks, Edges, Entity, Included, Listing, Reference, Resource, Sparse};
use crate::error::{ApiError, Outcome};
use crate::profile::EmptyMembers;
use crate::request::RequestContext;
use crate::route::{Plain, Wire};

pub(super) fn one<A: Resource>(cx: &RequestContext, entity: &Entity<A>, included: &Included) -> Outcome<Vec<u8>> {
    let fields = cx.query().fields(A::TYPE);
    if let Wire::Json(plain) = cx.route().wire {
        let attributes = sparse(cx, &entity.attributes, fields.as_deref());
        return match plain {
            Plain::One => bytes(&attributes, 1),
            Plain::List => bytes(&[attributes], 1),
        };
    }
    let data = object(cx, entity, fields.as_deref(), included, 0);
    finished(cx, bytes(&Single { data }, 1 + included.len())?, included)
}

pub(super) fn many<A: Resource>(cx: &RequestContext, listing: &Listing<A>, included: &Included) -> Outcome<Vec<u8>> {
    let fields = cx.query().fields(A::TYPE);
    if matches!(cx.route().wire, Wire::Json(_)) {
        let plain = |attributes| sparse(cx, attributes, fields.as_deref());
        let plain: Vec<_> = listing.entities.iter().map(|entity| plain(&entity.attributes)).collect();
        return bytes(&plain, plain.len());
    }
    let links = links::of_collection(cx, listing.page, listing.entities.len(), listing.total);
    let object = |(root, entity)| object(cx, entity, fields.as_deref(), included, root);
    let data: Vec<_> = listing.entities.iter().enumerate().map(object).collect();
    let resources = listing.entities.len() + included.len();
    finished(cx, bytes(&Collection { data, links }, resources)?, included)
}

/// A document of this many resources, with room for what is included behind it.
fn bytes<T: Serialize>(document: &T, resources: usize) -> Outcome<Vec<u8>> {
    let mut body = Vec::with_capacity(256 + 384 * resources);
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
        empty: cx.rules().empty_members,
        attributes: sparse(cx, &entity.attributes, fields),
        link: links::of_resource(cx, entity.id.as_deref()).this,
        edges: included.edges(root),
        included,
    }
}

/// The attributes that an answer shows.
fn sparse<'a, A>(cx: &RequestContext, attributes: &'a A, fields: Option<&'a [&'a str]>) -> Sparse<'a, A> {
    Sparse { attributes, fields, application: cx.route().application }
}

#[derive(Serialize)]
struct Single<'a, A: Resource> {
    data: Object<'a, A>,
}

#[derive(Serialize)]
struct Collection<'a, A: Resource> {
    data: Vec<Object<'a, A>>,
    links: CollectionLinks,
}

struct Object<'a, A: Resource> {
    kind: &'static str,
    id: Option<&'a str>,
    empty: EmptyMembers,
    attributes: Sparse<'a, A>,
    link: String,
    edges: &'a Edges,
    included: &'a Included,
}

impl<A: Resource> Serialize for Object<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind)?;
        if self.id.is_some() || self.empty == EmptyMembers::Shown {
            map.serialize_entry("id", &self.id)?;
        }
        let left_out = self.empty == EmptyMembers::LeftOut && self.attributes.is_empty();
        if !left_out {
            map.serialize_entry("attributes", &self.attributes)?;
        }
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
struct RelationshipData<'a> {
    data: Vec<Reference<'a>>,
}

impl Serialize for Relationships<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |nodes: &[usize]| RelationshipData {
            data: nodes.iter().filter_map(|&n| self.included.reference(n)).collect(),
        };
        serializer.collect_map(self.edges.iter().map(|(kind, nodes)| (*kind, of(nodes))))
    }
}

/// The document with `included` behind its last member. Resources of any type write themselves into the same bytes.
fn finished(cx: &RequestContext, mut body: Vec<u8>, included: &Included) -> Outcome<Vec<u8>> {
    if !included.is_empty() {
        let closing = body.pop();
        append(cx, &mut body, included).map_err(ApiError::internal)?;
        body.extend(closing);
    }
    Ok(body)
}

fn append(cx: &RequestContext, body: &mut Vec<u8>, included: &Included) -> serde_json::Result<()> {
    let sparse = cx.query().has_fields();
    let mut link = String::new();
    body.extend_from_slice(b",\"included\":[");
    for (number, node) in included.nodes().enumerate() {
        body.extend_from_slice(if number == 0 { b"{\"type\":" } else { b",{\"type\":" });
        serde_json::to_writer(&mut *body, node.kind)?;
        body.extend_from_slice(b",\"id\":");
        serde_json::to_writer(&mut *body, &node.id)?;
        body.extend_from_slice(b",\"attributes\":");
        let fields = if sparse { cx.query().fields(node.kind) } else { None };
        node.attributes.write(cx.route().application, fields.as_deref(), body)?;
        link.clear();
        links::push_included(cx, &mut link, |link| included.push_path(node, link));
        body.extend_from_slice(b",\"links\":");
        serde_json::to_writer(&mut *body, &Link { this: &link })?;
        if !node.edges.is_empty() {
            body.extend_from_slice(b",\"relationships\":");
            serde_json::to_writer(&mut *body, &Relationships { edges: &node.edges, included })?;
        }
        body.push(b'}');
    }
    body.push(b']');
    Ok(())
}
