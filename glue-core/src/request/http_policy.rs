//! What every answer of an application shows of its configuration: headers, and which origins may call.

use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue};

use super::cors::Cors;
use crate::settings::ServerSettings;
use crate::source::Proxies;

/// What every answer of an application shows of its configuration.
#[derive(Clone, Debug)]
pub struct HttpPolicy {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) cors: Cors,
    pub(crate) path_versions: bool,
    pub(crate) proxies: Proxies,
}

impl HttpPolicy {
    /// The security headers of the framework and those of the settings, ready to be sent.
    #[must_use]
    pub fn new(settings: &ServerSettings) -> Self {
        let mut headers: Vec<(HeaderName, HeaderValue)> = SECURITY.to_vec();
        for (name, value) in &settings.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
                headers.retain(|(known, _)| *known != name);
                headers.push((name, value));
            }
        }
        let proxies = Proxies::parse(&settings.trusted_proxies).unwrap_or_default();
        Self { headers, cors: Cors::new(&settings.cors), path_versions: settings.path_versions, proxies }
    }

    /// Adds what every answer of the application carries; what the handler set stays.
    pub(crate) fn decorate(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        // A handler sets one or two headers: a look at those is cheaper than one at each of ours.
        let set = headers.keys().any(|name| self.headers.iter().any(|(known, _)| known == name));
        headers.reserve(self.headers.len() + 4);
        for (name, value) in &self.headers {
            if !set || !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        self.cors.decorate(origin, headers);
    }
}

/// The framework's own response headers (reference/backend.md §1.7).
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
