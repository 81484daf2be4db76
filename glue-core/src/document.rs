//! The members that every JSON:API document shares, and replies as handlers return them.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use crate::error::ApiError;

/// The media type of every JSON:API answer, with nothing after it (contract/framework.md §1.1.8).
pub const MEDIA_TYPE: &str = "application/vnd.api+json";

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

/// One resource as behaviour returns it: its id and its attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity<A> {
    /// The id; `None` for resources without one, tokens for example.
    pub id: Option<String>,
    /// The attributes.
    pub attributes: A,
}

/// Some resources of a collection, and how many there are in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<A> {
    /// The resources of the window, in order.
    pub entities: Vec<Entity<A>>,
    /// The window they were read from.
    pub page: crate::query::Page,
    /// How many resources the whole collection has.
    pub total: i64,
}

/// A success with a body.
#[derive(Debug)]
pub struct Reply<T> {
    status: StatusCode,
    media_type: &'static str,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: T,
}

impl<T: Serialize> Reply<T> {
    /// 200 with a JSON:API document.
    pub fn ok(document: T) -> Self {
        Self { status: StatusCode::OK, media_type: MEDIA_TYPE, headers: Vec::new(), body: document }
    }

    /// 201 with a JSON:API document.
    pub fn created(document: T) -> Self {
        Self { status: StatusCode::CREATED, media_type: MEDIA_TYPE, headers: Vec::new(), body: document }
    }

    /// 200 with plain JSON.
    pub fn json(body: T) -> Self {
        Self { status: StatusCode::OK, media_type: "application/json", headers: Vec::new(), body }
    }

    /// Tells every cache not to keep this answer (RFC 6749 §5.1).
    #[must_use]
    pub fn no_store(self) -> Self {
        self.header(actix_web::http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T: Serialize> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut body = Vec::with_capacity(512);
        if let Err(error) = serde_json::to_writer(&mut body, &self.body) {
            return HttpResponse::from_error(ApiError::internal(error));
        }
        let mut response = HttpResponse::build(self.status);
        response.content_type(HeaderValue::from_static(self.media_type));
        for header in self.headers {
            response.insert_header(header);
        }
        response.body(body)
    }
}

/// 204: done, and nothing to say.
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}
