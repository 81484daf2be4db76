//! Which origins of browsers may call (reference/framework.md §7.1).

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderMap, HeaderValue, VARY,
};

use crate::settings::CorsSettings;

/// What scripts of other origins may read beside the body.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Retry-After, X-Request-Id");

/// Which origins may call, ready to be compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cors {
    any: bool,
    origins: Vec<HeaderValue>,
    allowed_headers: Vec<String>,
    allowed_headers_line: Option<HeaderValue>,
    max_age: Option<HeaderValue>,
}

impl Cors {
    pub(crate) fn new(settings: &CorsSettings) -> Self {
        let line = HeaderValue::from_str(&settings.headers.join(", ")).ok();
        Self {
            any: settings.origins.iter().any(|origin| origin == "*"),
            origins: settings.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect(),
            allowed_headers: settings.headers.iter().map(|name| name.to_ascii_lowercase()).collect(),
            allowed_headers_line: line,
            max_age: HeaderValue::from_str(&settings.max_age_seconds.to_string()).ok(),
        }
    }

    /// Whether any other origin may call.
    pub(crate) fn opens(&self) -> bool {
        self.any || !self.origins.is_empty()
    }

    /// The headers that every answer carries when origins are configured.
    pub(crate) fn decorate(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        if self.any {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        } else if !self.origins.is_empty() {
            // The answer depends on the origin also when it is not on the list.
            headers.append(VARY, HeaderValue::from_static("Origin"));
            if let Some(origin) = origin.filter(|origin| self.origins.contains(origin)) {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            }
        }
    }

    /// Whether scripts may send a request header.
    pub(crate) fn allows_header(&self, name: &str) -> bool {
        self.allowed_headers.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// What the answer to a preflight says beside the methods.
    pub(crate) fn describe(&self, headers: &mut HeaderMap) {
        if let (Some(line), Some(age)) = (&self.allowed_headers_line, &self.max_age) {
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, line.clone());
            headers.insert(ACCESS_CONTROL_MAX_AGE, age.clone());
        }
    }

    /// Takes the headers of CORS from an answer.
    pub(crate) fn undecorate(headers: &mut HeaderMap) {
        for name in [
            ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS,
            ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_HEADERS,
            ACCESS_CONTROL_MAX_AGE,
        ] {
            headers.remove(name);
        }
    }
}
