//! Errors on the wire, in the application's dialect, and the headers that every answer carries.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::http::{Method, StatusCode};
use serde::Serialize;

use crate::context::{Application, Surface};
use crate::document::MEDIA_TYPE;
use crate::error::{ApiError, ErrorDocument, ErrorMember, ErrorObject, OauthErrorDocument};
use crate::profile::{Dialect, Profile, Rules};
use crate::route::{Plain, Wire};

/// The challenge of every 401 (contract/authentication.md §1.1).
pub(super) const REALM: &str = "Bearer realm=\"Access to shop API\"";

const CLIENT_REALM: &str = "Basic realm=\"Access to shop API\"";

/// Who reads an answer: the media type spoken and the language read.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub(crate) wire: Wire,
    /// The current store's number and the number of the locale in it.
    pub(crate) language: (usize, usize),
    german: bool,
}

impl Reader {
    /// What a request says before it is routed.
    pub(crate) fn of(request: &ServiceRequest, application: &Application) -> Self {
        let wire = match application.rules.dialect {
            Dialect::Rest => Wire::JsonApi,
            Dialect::Decoupled => convention(request),
        };
        let language = application.shop.language(request.query_string(), request.headers());
        let german = application.rules.dialect == Dialect::Decoupled && application.shop.speaks(language, "de");
        Self { wire, language, german }
    }

    /// Somebody of whom nothing is known.
    #[must_use]
    pub fn english(wire: Wire) -> Self {
        Self { wire, language: (0, 0), german: false }
    }

    fn language(self) -> &'static str {
        if self.german { "de" } else { "en" }
    }
}

/// The JSON:API convention applies when `Content-Type` is exactly its media type, or `Accept` is on a read; everything
/// else speaks plain JSON (contract/backend.md §1.2).
fn convention(request: &ServiceRequest) -> Wire {
    let is = |name| request.headers().get(name).is_some_and(|value| value.as_bytes() == MEDIA_TYPE.as_bytes());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if is(CONTENT_TYPE) || (reads && is(ACCEPT)) { Wire::JsonApi } else { Wire::Json(Plain::List) }
}

/// Writes an error as the caller of this application and route reads it.
#[must_use]
pub fn render(error: &ApiError, rules: &Rules, reader: Reader) -> HttpResponse {
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
    // What went wrong once says nothing about the next time, and may answer to a credential (RFC 6749 §5.2).
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    for header in error.headers() {
        response.insert_header(header.clone());
    }
    let (media_type, body) = body(error.errors(), rules, reader);
    response.content_type(HeaderValue::from_static(media_type)).body(body)
}

fn body(errors: &[ErrorObject], rules: &Rules, reader: Reader) -> (&'static str, Vec<u8>) {
    match (reader.wire, rules.dialect) {
        (Wire::JsonApi | Wire::Json(_) | Wire::Page, Dialect::Rest) => (MEDIA_TYPE, json(&document(errors))),
        (Wire::JsonApi, Dialect::Decoupled) => (MEDIA_TYPE, json(&Decoupled { errors: decoupled(errors, reader) })),
        (Wire::Form | Wire::Json(_) | Wire::Page, Dialect::Decoupled) => {
            ("application/json", json(&decoupled(errors, reader)))
        }
        (Wire::Form, Dialect::Rest) => match errors.first() {
            // A bad token that came along (contract/authentication.md §1.1, step 4).
            Some(ErrorObject { status: 401, code: Some("001"), detail, .. }) if rules.profile == Profile::Spryker => {
                ("text/plain; charset=utf-8", detail.as_bytes().to_vec())
            }
            Some(ErrorObject { status, code, detail, .. }) => match oauth_word(*status, *code) {
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

/// This dialect translates (contract/backend.md §1.8).
fn decoupled(errors: &[ErrorObject], reader: Reader) -> Vec<DecoupledMember<'_>> {
    errors
        .iter()
        .map(|error| DecoupledMember { status: error.status, code: error.code, message: error.text(reader.language()) })
        .collect()
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    // Structs of strings and integers cannot fail to serialise.
    serde_json::to_vec(value).unwrap_or_default()
}

/// The framework's own response headers (contract/backend.md §1.7).
pub(crate) const SECURITY: [(HeaderName, HeaderValue); 8] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, private")),
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

/// Puts the headers of every answer in; what the handler set stays.
pub(super) fn security_headers(surface: &Surface, headers: &mut HeaderMap) {
    // A handler sets one or two headers: a look at those is cheaper than one at each of ours.
    let set = headers.keys().any(|name| surface.headers.iter().any(|(own, _)| own == name));
    headers.reserve(surface.headers.len() + 4);
    for (name, value) in &surface.headers {
        if !set || !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
}
