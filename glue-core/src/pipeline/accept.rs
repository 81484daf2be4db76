//! Whether the answer's media type suits the caller (reference/framework.md §1.1.5, §1.1.6, §1.2).

use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};

use crate::error::{ApiError, Outcome, codes};
use crate::profile::{Accept, Conventions, Rules};
use crate::route::{MEDIA_TYPE, RouteDef, Wire};

const VENDOR: &str = "application/vnd.api+";

/// Refuses a caller who cannot read any of our answers.
pub(super) fn check(headers: &HeaderMap, rules: &Rules, wire: Wire) -> Outcome<()> {
    match (rules.accept, wire) {
        (Accept::PlainJson, Wire::JsonApi) => return Ok(()),
        (Accept::PlainJson, Wire::Form | Wire::Json(_) | Wire::Page) => {
            return if reads_json(headers) { Ok(()) } else { Err((&codes::NO_ACCEPT).into()) };
        }
        (Accept::Required, _) if !headers.contains_key(ACCEPT) => return Err((&codes::NOT_ACCEPTABLE).into()),
        (Accept::Required | Accept::Optional, _) => {}
    }
    if headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().trim_ascii().is_empty()) {
        return Err((&codes::BLANK_CONTENT_TYPE).into());
    }
    Ok(())
}

/// Refuses only what names a vendor format that no encoder or decoder speaks; everything else is JSON:API.
///
/// Where media types choose the convention, that was found already (reference/framework.md §1.2).
pub(super) fn check_content(headers: &HeaderMap, route: &RouteDef, rules: &Rules) -> Outcome<()> {
    if route.wire != Wire::JsonApi || rules.conventions == Conventions::ByMediaType {
        return Ok(());
    }
    if !speaks_json(headers, &ACCEPT) {
        return Err((&codes::NOT_ENCODABLE).into());
    }
    if route.request.is_some() && !speaks_json(headers, &CONTENT_TYPE) {
        return Err((&codes::INVALID_BODY).into());
    }
    Ok(())
}

/// Refuses a body in a content coding (RFC 9110 §8.4, §15.5.16).
pub(super) fn check_coding(headers: &HeaderMap) -> Outcome<()> {
    let plain = |value: &HeaderValue| value.is_empty() || value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).all(plain) {
        return Ok(());
    }
    Err(ApiError::from(&codes::CODED_BODY).header(ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

/// Whether a header names no vendor format at all, or JSON among them.
fn speaks_json(headers: &HeaderMap, header: &HeaderName) -> bool {
    let Some(value) = headers.get(header).and_then(|value| value.to_str().ok()) else {
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

/// Whether `Accept` names JSON, or everything, with a quality above zero.
fn reads_json(headers: &HeaderMap) -> bool {
    let value = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = matches!(parts.next(), Some("application/json" | "application/*" | "*/*"));
        let refused = parts.any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
        named && !refused
    })
}
