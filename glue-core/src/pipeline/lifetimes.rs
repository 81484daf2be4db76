//! How long an answer is good for, and how long its operation is there.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, VARY};
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::credential::CREDENTIALS;
use crate::route::{CacheLifetime, RouteDef};

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Midnight in GMT, as HTTP writes it (RFC 9110 §5.6.7).
const HTTP_DATE: StaticFormatDescription =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] 00:00:00 GMT");

/// Adds what the row says to an answer. A handler that says something of caches itself is left alone.
pub(super) fn add(route: &RouteDef, request: &HeaderMap, status: StatusCode, headers: &mut HeaderMap) {
    let good = status.is_success() || status == StatusCode::NOT_MODIFIED;
    if let Some(lifetime) = route.cache.filter(|_| good && !headers.contains_key(CACHE_CONTROL)) {
        headers.insert(CACHE_CONTROL, kept(lifetime, request));
        // What else decides what is answered: who asks, the media type, the language and the store.
        let vary = "Accept, Accept-Language, Authorization, Content-Type, Store";
        headers.append(VARY, HeaderValue::from_static(vary));
    }
    if let Some(deprecation) = route.deprecated {
        // A structured date (RFC 9745 §2.1).
        let since = format!("@{}", deprecation.since.midnight().assume_utc().unix_timestamp());
        if let Ok(since) = HeaderValue::try_from(since) {
            headers.insert(DEPRECATION, since);
        }
        if let Some(sunset) = deprecation.sunset.and_then(http_date) {
            headers.insert(SUNSET, sunset);
        }
    }
}

/// Whoever says who they are gets an answer of their own, which nobody else may be given.
fn kept(lifetime: CacheLifetime, request: &HeaderMap) -> HeaderValue {
    let names_somebody =
        request.contains_key(AUTHORIZATION) || CREDENTIALS.iter().any(|name| request.contains_key(name));
    let whose = if lifetime.shared && !names_somebody { "public" } else { "private" };
    let value = format!("{whose}, max-age={}", lifetime.seconds);
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("no-store"))
}

fn http_date(date: Date) -> Option<HeaderValue> {
    HeaderValue::try_from(date.format(HTTP_DATE).ok()?).ok()
}
