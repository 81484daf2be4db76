//! Replies as handlers return them (reference/framework.md §2).

use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, PRAGMA};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use super::includes::included;
use super::render;
use crate::document::{Document, Entity, Included, Listing};
use crate::error::{ApiError, Outcome, codes};
use crate::request::{EntityTag, RequestContext};
use crate::route::{JSON, MEDIA_TYPE, Wire};

/// A success with a body that the schema of `T` describes.
#[derive(Debug)]
pub struct Reply<T> {
    status: StatusCode,
    media_type: &'static str,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
    schema: PhantomData<T>,
}

impl<T: Document> Reply<T> {
    /// 200 with one resource; 304 when the client has its state already.
    ///
    /// # Errors
    /// When what it includes cannot be read.
    pub async fn one(cx: &RequestContext, entity: Entity<T::Attributes>) -> Outcome<Self> {
        let tag = cx.tags().map(|()| EntityTag::of(&entity.attributes, cx.route().application));
        // The tag is that of the resource: what is included may have changed on its own.
        let alone = cx.reads() && cx.query().includes().is_empty();
        if let Some(tag) = tag.as_ref().filter(|tag| alone && cx.preconditions().has_seen(tag)) {
            return Ok(Self::new(StatusCode::NOT_MODIFIED, MEDIA_TYPE, Vec::new()).tagged(Some(tag)));
        }
        let included = match included(cx, std::slice::from_ref(&entity)).await {
            Ok(included) if included.is_too_large() && cx.reads() => return Err((&codes::INCLUDE_TOO_LARGE).into()),
            // What was written is written: a failed look at something else must not make the client write it again.
            Ok(included) if included.is_too_large() => Included::default(),
            Ok(included) => included,
            Err(error) if !cx.reads() => {
                tracing::warn!(request_id = %cx.request_id(), %error, "what was asked to be included could not be read");
                Included::default()
            }
            Err(error) => return Err(error),
        };
        let body = render::one(cx, &entity, &included)?;
        Ok(Self::new(StatusCode::OK, media_type(cx), body).tagged(tag.as_ref()))
    }

    /// The resource that was created, with the status of the route: 201 unless the definition says otherwise.
    ///
    /// # Errors
    /// When what it includes cannot be read.
    pub async fn created(cx: &RequestContext, entity: Entity<T::Attributes>) -> Outcome<Self> {
        let mut reply = Self::one(cx, entity).await?;
        reply.status = StatusCode::from_u16(cx.route().status).unwrap_or(StatusCode::CREATED);
        Ok(reply)
    }

    /// 200 with a collection.
    ///
    /// # Errors
    /// When what it includes cannot be read.
    pub async fn many(cx: &RequestContext, mut listing: Listing<T::Attributes>) -> Outcome<Self> {
        let tag = match listing.entities.as_slice() {
            [one] => cx.tags().map(|()| EntityTag::of(&one.attributes, cx.route().application)),
            _ => None,
        };
        let included = match listing.included.take() {
            Some(included) => included,
            None => included(cx, &listing.entities).await?,
        };
        if included.is_too_large() {
            return Err((&codes::INCLUDE_TOO_LARGE).into());
        }
        let body = render::many(cx, &listing, &included)?;
        Ok(Self::new(StatusCode::OK, media_type(cx), body).tagged(tag.as_ref()))
    }
}

impl<T: Serialize> Reply<T> {
    /// 200 with plain JSON.
    ///
    /// # Errors
    /// The defect row when `body` cannot be written as JSON.
    pub fn json(body: &T) -> Outcome<Self> {
        let body = serde_json::to_vec(body).map_err(ApiError::internal)?;
        Ok(Self::new(StatusCode::OK, JSON, body))
    }
}

impl<T> Reply<T> {
    fn new(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, media_type, headers: Vec::new(), body, schema: PhantomData }
    }

    fn tagged(mut self, tag: Option<&EntityTag>) -> Self {
        self.headers.extend(tag.map(EntityTag::header));
        self
    }

    /// Tells every cache not to keep this answer, also those of HTTP/1.0 (RFC 6749 §5.1).
    #[must_use]
    pub fn no_store(self) -> Self {
        let no_cache = HeaderValue::from_static("no-cache");
        self.header(CACHE_CONTROL, HeaderValue::from_static("no-store")).header(PRAGMA, no_cache)
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for header in self.headers {
            response.insert_header(header);
        }
        if self.status == StatusCode::NOT_MODIFIED {
            return response.finish();
        }
        response.content_type(HeaderValue::from_static(self.media_type)).body(self.body)
    }
}

fn media_type(cx: &RequestContext) -> &'static str {
    if cx.route().wire == Wire::JsonApi { MEDIA_TYPE } else { JSON }
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

/// 200 without a body, for endpoints whose answer says nothing (RFC 7009 §2.2).
#[derive(Debug, Clone, Copy)]
pub struct EmptyOk;

impl Responder for EmptyOk {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store"))).finish()
    }
}
