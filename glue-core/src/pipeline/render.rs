//! Errors on the wire, in the application's dialect, and the headers that every answer carries.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONNECTION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use serde::Serialize;

use crate::document::MEDIA_TYPE;
use crate::error::{ApiError, ErrorDocument, ErrorMember, ErrorObject, OauthErrorDocument};
use crate::profile::{Dialect, Profile, Rules};
use crate::route::Wire;

/// The challenge of every 401 (contract/authentication.md §1.1).
pub(super) const REALM: &str = "Bearer realm=\"Access to shop API\"";

const CLIENT_REALM: &str = "Basic realm=\"Access to shop API\"";

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
        // A client that failed to authenticate is asked for its own credentials (RFC 6749 §5.2).
        let client = error.errors().iter().any(|error| error.code == Some("invalid_client"));
        response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static(if client { CLIENT_REALM } else { REALM })));
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
    let (media_type, body) = body(error.errors(), rules, wire);
    response.content_type(HeaderValue::from_static(media_type)).body(body)
}

fn body(errors: &[ErrorObject], rules: &Rules, wire: Wire) -> (&'static str, Vec<u8>) {
    match (wire, rules.dialect) {
        (Wire::JsonApi, Dialect::Rest) => (MEDIA_TYPE, json(&document(errors))),
        (Wire::JsonApi, Dialect::Decoupled) => (MEDIA_TYPE, json(&Decoupled { errors: decoupled(errors) })),
        (Wire::Form, Dialect::Decoupled) => ("application/json", json(&decoupled(errors))),
        (Wire::Form, Dialect::Rest) => match errors.first() {
            // A bad token that came along (contract/authentication.md §1.1, step 4).
            Some(ErrorObject { status: 401, code: Some("001"), detail }) if rules.profile == Profile::Spryker => {
                ("text/plain; charset=utf-8", detail.as_bytes().to_vec())
            }
            Some(ErrorObject { status, code, detail }) => match oauth_word(*status, *code) {
                Some(word) => (
                    "application/json",
                    json(&OauthErrorDocument { error: word.into(), error_description: detail.to_string() }),
                ),
                None => (MEDIA_TYPE, json(&document(errors))),
            },
            None => (MEDIA_TYPE, json(&document(errors))),
        },
    }
}

/// The registered word for an error at an OAuth endpoint: the row's own, or what a refusal of the framework amounts to.
pub(crate) fn oauth_word(status: u16, code: Option<&'static str>) -> Option<&'static str> {
    match (status, code) {
        (_, Some(code)) if code.starts_with(|c: char| c.is_ascii_lowercase()) => Some(code),
        (400 | 408 | 413 | 415, _) => Some("invalid_request"),
        (503, _) => Some("temporarily_unavailable"),
        (500, _) => Some("server_error"),
        _ => None,
    }
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
    errors
        .iter()
        .map(|error| DecoupledMember { status: error.status, code: error.code, message: &error.detail })
        .collect()
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
pub(crate) fn security_headers(headers: &mut HeaderMap) {
    headers.reserve(SECURITY.len() + 4);
    for (name, value) in SECURITY.iter() {
        headers.insert(name.clone(), value.clone());
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    }
}
