//! JSON:API documents: what every resource shares, and replies as handlers return them (reference/framework.md §2).

use serde::Serialize;

use crate::input::OnlyIn;

/// The attributes of one resource type as clients read them. Generated code implements it.
pub trait Resource: Serialize + Send + 'static {
    /// JSON:API's `type`.
    const TYPE: &'static str;

    /// The attributes that only some applications have; the others do not show them.
    const ONLY_IN: &'static [OnlyIn] = &[];

    /// The values by which the relation to the type `to` finds what belongs to this resource; its id unless the
    /// definition names an attribute.
    fn keys(&self, id: &str, to: &str) -> Vec<String> {
        let _ = to;
        vec![id.to_owned()]
    }
}

/// A document as the OpenAPI schema describes it, and the attributes that it is made of.
pub trait Document {
    /// The attributes of its primary data.
    type Attributes: Resource;
}

/// `links` of a resource.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SelfLink {
    /// Where this resource is.
    #[serde(rename = "self")]
    pub this: String,
}

/// `links` of a collection: the other windows only when one was asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CollectionLinks {
    /// The collection as it was asked for.
    #[serde(rename = "self")]
    pub this: String,
    /// The last window.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last: Option<String>,
    /// The first window.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first: Option<String>,
    /// The window before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prev: Option<String>,
    /// The window after this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

impl CollectionLinks {
    /// The links of a collection that is not paged through.
    #[must_use]
    pub fn only(this: String) -> Self {
        Self { this, last: None, first: None, prev: None, next: None }
    }
}

/// The type and the id of a related resource.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ResourceIdentifier {
    /// The name of the resource.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the resource.
    pub id: String,
}

/// The related resources of one type: a list, also when there can be one only (reference/framework.md §2.6).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(description = "The related resources of one type: a list, also when there can be one only.")]
pub struct Relationship {
    /// Which resources are related.
    pub data: Vec<ResourceIdentifier>,
}

/// One resource as behaviour returns it: its id and its attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity<A> {
    /// The id; `None` for resources without one, tokens for example.
    pub id: Option<String>,
    /// The attributes.
    pub attributes: A,
}

/// The type and the id of a related resource.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Reference<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) id: &'a str,
}
