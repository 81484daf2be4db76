//! Where a browser says that a request comes from.

use actix_web::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether another site's page sent a request. Browsers say so in `Sec-Fetch-Site`, older ones by their `Origin`, which is this
/// application's own when it has its address or the host that the request was sent to.
pub(super) fn is_cross_site(headers: &HeaderMap, public_url: &str) -> bool {
    if headers.contains_key(FETCH_SITE) {
        return headers.get_all(FETCH_SITE).any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = |origin: &str| {
        let here = origin.split_once("://").is_some_and(|(_, at)| at.eq_ignore_ascii_case(host));
        here || origin.eq_ignore_ascii_case(origin_of(public_url))
    };
    headers.get_all(ORIGIN).any(|sent| !sent.to_str().is_ok_and(own))
}

/// Scheme, host and port of a URL, as `Origin` carries them (RFC 6454 §6.2).
fn origin_of(url: &str) -> &str {
    let path = url.find("://").and_then(|scheme| Some(scheme + 3 + url.get(scheme + 3..)?.find('/')?));
    path.and_then(|end| url.get(..end)).unwrap_or(url)
}
