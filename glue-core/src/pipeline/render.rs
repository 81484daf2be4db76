//! Errors on the wire, in the application's dialect, and the headers that every answer carries.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONNECTION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;

use crate::document::MEDIA_TYPE;
use crate::error::{ApiError, ErrorDocument, ErrorMember, ErrorObject, OauthErrorDocument};
use crate::profile::{Dialect, Rules};
use crate::route::Wire;

/// The challenge of every 401 (contract/authentication.md §1.1).
pub(super) const REALM: &str = "Bearer realm=\"Access to shop API\"";

/// Writes an error as the caller of this application and route reads it.
#[must_use]
pub fn render(error: &ApiError, rules: &Rules, wire: Wire) -> HttpResponse {
    let status = error.status();
    let mut response = HttpResponse::build(status);
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        // RFC 9110's phrase; the one that the `http` crate knows is older.
        response.reason("Unprocessable Content");
    }
    if error.errors().iter().any(|error| error.status == 401) {
        response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static(REALM)));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((RETRY_AFTER, HeaderValue::from_static("1")));
    }
    if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
        // The rest of the body is still on its way and nobody will read it.
        response.insert_header((CONNECTION, HeaderValue::from_static("close")));
        response.force_close();
    }
    if wire == Wire::Form {
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    }
    for header in error.headers() {
        response.insert_header(header.clone());
    }
    let (media_type, body) = body(error.errors(), rules.dialect, wire);
    response.content_type(HeaderValue::from_static(media_type)).body(body)
}

/// The answer to a defect outside the routing table.
#[must_use]
pub fn internal_error(rules: &Rules) -> HttpResponse {
    render(&ApiError::internal("outside the routing table"), rules, Wire::JsonApi)
}

fn body(errors: &[ErrorObject], dialect: Dialect, wire: Wire) -> (&'static str, Vec<u8>) {
    match (wire, dialect) {
        (Wire::JsonApi, Dialect::Rest) => (MEDIA_TYPE, json(&document(errors))),
        (Wire::JsonApi, Dialect::Decoupled) => (MEDIA_TYPE, json(&Decoupled { errors: decoupled(errors) })),
        (Wire::Form, Dialect::Decoupled) => ("application/json", json(&decoupled(errors))),
        (Wire::Form, Dialect::Rest) => match errors.first() {
            Some(ErrorObject { code: Some(code), detail, .. }) if oauth_word(code) => {
                let error = OauthErrorDocument { error: (*code).to_owned(), error_description: detail.to_string() };
                ("application/json", json(&error))
            }
            _ => (MEDIA_TYPE, json(&document(errors))),
        },
    }
}

/// OAuth's codes are words, the framework's are numbers.
fn oauth_word(code: &str) -> bool {
    code.starts_with(|c: char| c.is_ascii_lowercase())
}

fn document(errors: &[ErrorObject]) -> ErrorDocument {
    let member = |error: &ErrorObject| ErrorMember {
        status: error.status,
        code: error.code.map(str::to_owned),
        detail: error.detail.to_string(),
    };
    ErrorDocument { errors: errors.iter().map(member).collect() }
}

#[derive(Serialize)]
struct Decoupled<'a> {
    errors: Vec<DecoupledMember<'a>>,
}

/// All keys always present, `null` when unset (contract/framework.md §2.9).
#[derive(Serialize)]
struct DecoupledMember<'a> {
    status: u16,
    code: Option<&'static str>,
    message: &'a str,
}

fn decoupled(errors: &[ErrorObject]) -> Vec<DecoupledMember<'_>> {
    errors.iter().map(|error| DecoupledMember { status: error.status, code: error.code, message: &error.detail }).collect()
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    // Structs of strings and integers cannot fail to serialise.
    serde_json::to_vec(value).unwrap_or_default()
}

const SECURITY: [(HeaderName, HeaderValue); 7] = [
    (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN")),
    (HeaderName::from_static("content-security-policy"), HeaderValue::from_static("frame-ancestors 'self'")),
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("x-xss-protection"), HeaderValue::from_static("1; mode=block")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("")),
    (
        HeaderName::from_static("strict-transport-security"),
        HeaderValue::from_static("max-age=31536000; includeSubDomains; preload"),
    ),
];

/// contract/backend.md §1.7; what the handler set stays.
pub(super) fn security_headers(headers: &mut HeaderMap) {
    for (name, value) in SECURITY.iter() {
        headers.insert(name.clone(), value.clone());
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    }
}
