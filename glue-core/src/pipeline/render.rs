//! Errors on the wire, in the application's dialect, and the headers that every answer carries.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONNECTION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

use super::exchange::Reader;
use crate::document::error_body::ErrorBody;
use crate::error::{ApiError, ErrorKind, codes};
use crate::profile::Rules;
use crate::request::Application;
use crate::route::Wire;

/// The challenge of every 401 (reference/authentication.md §1.1).
pub(super) const REALM: &str = "Bearer realm=\"Access to shop API\"";

const CLIENT_REALM: &str = "Basic realm=\"Access to shop API\"";

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
        let client = error.errors().iter().any(|error| error.kind == ErrorKind::OauthClient);
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
    let body = ErrorBody::of(error.errors(), rules.errors, reader.wire, reader.language);
    response.content_type(HeaderValue::from_static(body.content_type())).body(body.bytes())
}

/// The answer to a method that a path of the framework itself does not take.
pub(crate) fn method_not_allowed(
    application: &Application,
    origin: Option<&HeaderValue>,
    allow: &'static str,
) -> HttpResponse {
    let error = ApiError::from(&codes::METHOD_NOT_ALLOWED)
        .header(actix_web::http::header::ALLOW, HeaderValue::from_static(allow));
    let mut response = render(&error, application.rules(), Reader::english(Wire::JsonApi));
    debug_assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    application.http.decorate(origin, response.headers_mut());
    response
}
