//! Pages for people: HTML, or a way to somewhere else.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, Responder};

/// What a person's browser gets. No page is kept, framed, or told where the person came from.
#[derive(Debug)]
pub struct HtmlPage {
    status: StatusCode,
    location: Option<HeaderValue>,
    policy: Option<HeaderValue>,
    retry: Option<i64>,
    html: String,
}

impl HtmlPage {
    /// A page of HTML with a status and what it may load (`Content-Security-Policy`).
    #[must_use]
    pub fn html(status: StatusCode, policy: &str, html: String) -> Self {
        Self { status, location: None, policy: HeaderValue::from_str(policy).ok(), retry: None, html }
    }

    /// The same, to be asked for again after so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: i64) -> Self {
        self.retry = Some(seconds);
        self
    }

    /// 303 to another place; a page without a word when that is none.
    #[must_use]
    pub fn elsewhere(location: &str) -> Self {
        let location = HeaderValue::from_str(location).ok();
        let status = if location.is_some() { StatusCode::SEE_OTHER } else { StatusCode::BAD_REQUEST };
        Self { status, location, policy: None, retry: None, html: String::new() }
    }
}

impl Responder for HtmlPage {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
        response.insert_header((HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")));
        response.insert_header((HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")));
        if let Some(seconds) = self.retry {
            response.insert_header((RETRY_AFTER, HeaderValue::from(seconds)));
        }
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        let closed = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        response.insert_header((HeaderName::from_static("content-security-policy"), self.policy.unwrap_or(closed)));
        response.content_type(HeaderValue::from_static("text/html; charset=utf-8")).body(self.html)
    }
}
