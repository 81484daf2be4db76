//! Whether the answer's media type suits the caller.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderName};

use crate::codes;
use crate::document::MEDIA_TYPE;
use crate::error::Outcome;
use crate::route::{RouteDef, Wire};

const VENDOR: &str = "application/vnd.api+";

/// Refuses only what names a vendor format that no encoder or decoder speaks; everything else is JSON:API
/// (contract/framework.md §1.1.6).
pub(super) fn check(request: &ServiceRequest, route: &RouteDef) -> Outcome<()> {
    if route.wire != Wire::JsonApi {
        return Ok(());
    }
    if !speaks_json(request, &ACCEPT) {
        return Err((&codes::NOT_ENCODABLE).into());
    }
    if route.request.is_some() && !speaks_json(request, &CONTENT_TYPE) {
        return Err((&codes::INVALID_BODY).into());
    }
    Ok(())
}

/// Whether a header names no vendor format at all, or JSON among them.
fn speaks_json(request: &ServiceRequest, header: &HeaderName) -> bool {
    let Some(value) = request.headers().get(header).and_then(|value| value.to_str().ok()) else {
        return true;
    };
    if value == MEDIA_TYPE || value == "*/*" {
        return true;
    }
    let lower = value.to_ascii_lowercase();
    let mut formats =
        lower.split(VENDOR).skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next()).peekable();
    formats.peek().is_none() || formats.any(|format| format == Some("json"))
}
