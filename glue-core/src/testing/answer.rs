//! What came back, and assertions on it that say what they expected.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE};
use serde_json::Value;

use super::BASE;
use super::documented;
use crate::error::ErrorRow;
use crate::profile::Rules;

pub(super) struct Expected {
    pub(super) rules: Rules,
    pub(super) document: Arc<Value>,
}

/// An answer, read to its end.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; `null` when it is none.
    pub json: Value,
    expected: Expected,
}

#[expect(clippy::panic, reason = "a test kit fails loudly")]
impl Answer {
    pub(super) async fn read(response: ServiceResponse<BoxBody>, expected: Expected) -> Self {
        Self::from_response(response.into_parts().1, expected).await
    }

    pub(super) async fn read_error(error: &actix_web::Error, expected: Expected) -> Self {
        Self::from_response(error.error_response(), expected).await
    }

    async fn from_response(response: HttpResponse<BoxBody>, expected: Expected) -> Self {
        let status = response.status().as_u16();
        let reason = response.head().reason().to_owned();
        let headers = response.headers().clone();
        let bytes = to_bytes(response.into_body()).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, reason, headers, text, json, expected }
    }

    /// The value at a JSON pointer.
    #[must_use]
    pub fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer.
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_default().to_owned()
    }

    /// Refused with this status and code, in the form of every error.
    #[track_caller]
    pub fn is(&self, status: u16, code: &str) {
        self.is_refused(status, Some(code));
    }

    /// Refused with this status and code, or without a code.
    #[track_caller]
    pub fn is_refused(&self, status: u16, code: Option<&str>) {
        let error = self.at("/errors/0");
        let same = self.status == status && error.get("code").and_then(Value::as_str) == code;
        let formed = error.get("status").and_then(Value::as_u64) == Some(u64::from(status))
            && error.get("detail").is_some_and(Value::is_string);
        if !same || !formed {
            panic!("expected {status} {code:?}, got {} {}", self.status, self.text);
        }
        self.has_the_headers_of_every_answer();
    }

    /// Succeeded with this status.
    #[track_caller]
    pub fn is_ok(&self, status: u16) -> &Self {
        if self.status != status {
            panic!("expected {status}, got {} {}", self.status, self.text);
        }
        self.has_the_headers_of_every_answer();
        self
    }

    /// Answered with this status and a body that the document describes.
    #[track_caller]
    pub fn is_documented(&self, operation: &str, status: u16) {
        // Which media type an answer has is the document's business: some refusals are texts.
        if self.status != status {
            panic!("expected {status}, got {} {}", self.status, self.text);
        }
        self.has_the_framework_headers();
        let media_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (document, text) = (&self.expected.document, Value::from(self.text.as_str()));
        let body = if media_type.starts_with("text/") { &text } else { &self.json };
        if let Err(why) = documented::validate(document, operation, status, media_type, body) {
            panic!("{operation} answers {status} with a body that is not documented: {why}\n{}", self.text);
        }
    }

    /// Refused because of its token.
    #[track_caller]
    pub fn is_invalid_token(&self) {
        self.is_row(self.expected.rules.invalid_token);
        let challenge = self.headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert!(challenge.starts_with("Bearer realm="), "no challenge: {challenge}");
    }

    /// Refused because there is no token.
    #[track_caller]
    pub fn is_missing_token(&self) {
        self.is_row(self.expected.rules.missing_token);
    }

    /// Refused because the token does not carry the scopes.
    #[track_caller]
    pub fn is_forbidden(&self) {
        self.is_row(self.expected.rules.forbidden);
    }

    #[track_caller]
    fn is_row(&self, row: &ErrorRow) {
        self.is_refused(row.status, row.code);
        assert_eq!(self.text_at("/errors/0/detail"), row.detail);
    }

    /// Neither refused for its identity nor lost on its way: the handler was asked.
    #[track_caller]
    pub fn passed_the_guard(&self) {
        let code = self.text_at("/errors/0/code");
        let unrouted = self.status == 404 && self.at("/errors/0/code").is_null();
        if ["001", "002", "4102", "4103"].contains(&code.as_str()) || unrouted {
            panic!("the guard refused: {} {}", self.status, self.text);
        }
    }

    /// The handler was asked; an id that nothing has may be unknown to it.
    #[track_caller]
    pub fn passed_the_guard_or_not_found(&self) {
        let code = self.text_at("/errors/0/code");
        if ["001", "002"].contains(&code.as_str()) || self.status >= 500 {
            panic!("the guard refused: {} {}", self.status, self.text);
        }
    }

    /// Where the resource that was just created is.
    #[track_caller]
    #[must_use]
    pub fn created_path(&self) -> String {
        self.is_ok(if self.status == 202 { 202 } else { 201 });
        let link = self.text_at("/data/links/self");
        link.strip_prefix(BASE).map_or_else(|| panic!("no self link in {}", self.text), str::to_owned)
    }

    /// The value of a header.
    ///
    /// # Panics
    /// When it is not there.
    #[must_use]
    #[track_caller]
    pub fn text_of(&self, header: &str) -> String {
        let value = self.headers.get(header).and_then(|value| value.to_str().ok());
        value.map_or_else(|| panic!("no {header} with {}", self.text), str::to_owned)
    }

    #[track_caller]
    fn has_the_framework_headers(&self) {
        assert!(self.headers.contains_key("x-request-id"), "no request id");
        assert_eq!(self.headers.get("x-content-type-options").map(|value| value.as_bytes()), Some(&b"nosniff"[..]));
    }

    #[track_caller]
    fn has_the_headers_of_every_answer(&self) {
        self.has_the_framework_headers();
        if !self.text.is_empty() {
            let media_type = self.headers.get("content-type").and_then(|value| value.to_str().ok());
            assert!(
                matches!(media_type, Some("application/vnd.api+json" | "application/json")),
                "media type {media_type:?}"
            );
        }
    }
}
