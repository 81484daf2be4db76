//! `OPTIONS` and the origins of browsers (contract/framework.md §1.1.5, §7).

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderMap, HeaderName, HeaderValue, ORIGIN, VARY,
};

use crate::codes;
use crate::context::Application;
use crate::document::MEDIA_TYPE;
use crate::error::{ApiError, Outcome};
use crate::profile::{Dialect, Profile};
use crate::route::Wire;
use crate::settings::CorsSettings;
use crate::table::{MethodsOf, RoutingTable, Seen};

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
    fn opens(&self) -> bool {
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
}

/// Refuses a preflight without the headers that the dialect asks for.
pub(super) fn complete(request: &RequestHead, application: &Application) -> Outcome<()> {
    if request.method != Method::OPTIONS {
        return Ok(());
    }
    let has = |name: &HeaderName| request.headers.contains_key(name);
    let asks = text(request, &ACCESS_CONTROL_REQUEST_METHOD).is_some();
    match (application.rules.dialect, application.rules.profile) {
        (Dialect::Rest, Profile::Spryker) if !(has(&ORIGIN) && asks && has(&ACCESS_CONTROL_REQUEST_HEADERS)) => {
            Err((&codes::NO_PREFLIGHT_HEADERS).into())
        }
        (Dialect::Decoupled, _) if asks && !has(&ORIGIN) => Err((&codes::NO_ORIGIN).into()),
        (Dialect::Rest | Dialect::Decoupled, _) => Ok(()),
    }
}

/// Refuses what announces a method or a header that the route does not take. Browsers send these headers with a
/// preflight; the contract checks them on every method.
pub(super) fn check(
    request: &RequestHead,
    table: &RoutingTable,
    application: &Application,
    convention: Wire,
) -> Outcome<()> {
    let asked = text(request, &ACCESS_CONTROL_REQUEST_METHOD);
    let refusal = match application.rules.dialect {
        Dialect::Rest => &codes::PREFLIGHT_REFUSED,
        Dialect::Decoupled => &codes::PREFLIGHT_REFUSED_400,
    };
    if let Some(asked) = asked {
        let methods = methods(request, table, application, convention);
        if asked != "OPTIONS" && !methods.contains(&asked) {
            return Err(refusal.into());
        }
    }
    let mut names = text(request, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default().split(',').map(str::trim);
    let allowed =
        |name: &str| application.surface.cors.allowed_headers.iter().any(|known| known.eq_ignore_ascii_case(name));
    if !names.all(|name| name.is_empty() || allowed(name)) {
        return Err(refusal.into());
    }
    Ok(())
}

/// The answer to `OPTIONS`: which methods and headers the path takes. It never touches the resource.
pub(super) fn answer(
    request: &RequestHead,
    table: &RoutingTable,
    application: &Application,
    convention: Wire,
) -> Outcome<HttpResponse> {
    let mut methods = methods(request, table, application, convention);
    if methods.is_empty() {
        return Err(application.rules.not_found.into());
    }
    methods.push("OPTIONS");
    let mut response = match application.rules.dialect {
        Dialect::Rest => HttpResponse::Ok().content_type(MEDIA_TYPE).body(r#"{"data":[],"links":[]}"#),
        Dialect::Decoupled => HttpResponse::NoContent().finish(),
    };
    let headers = response.headers_mut();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        headers.insert(ALLOW, methods.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    let cors = &application.surface.cors;
    if let (Some(line), Some(age)) = (&cors.allowed_headers_line, &cors.max_age) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, line.clone());
        headers.insert(ACCESS_CONTROL_MAX_AGE, age.clone());
    }
    Ok(response)
}

/// Takes the headers of CORS from a path whose rows are pages for people: no script of another origin has business at
/// the authorization endpoint (RFC 9700 §2.6).
pub(super) fn close_pages(
    request: &RequestHead,
    table: &RoutingTable,
    application: &Application,
    headers: &mut HeaderMap,
) {
    let opened = application.surface.cors.opens() || request.method == Method::OPTIONS;
    if opened && table.is_for_people(request.uri.path()) {
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

/// The methods of a path; in the decoupled dialect every one of a path that is not known.
fn methods(
    request: &RequestHead,
    table: &RoutingTable,
    application: &Application,
    convention: Wire,
) -> Vec<&'static str> {
    let dialect = application.rules.dialect;
    let of = match (dialect, application.rules.profile) {
        (Dialect::Rest, Profile::Spryker) => MethodsOf::Resource,
        (Dialect::Rest, Profile::Documented) | (Dialect::Decoupled, _) => MethodsOf::Path,
    };
    let methods = table.methods(request.uri.path(), Seen::by(convention, dialect), of);
    match dialect {
        Dialect::Decoupled if methods.is_empty() => vec!["POST", "DELETE", "PATCH", "GET"],
        Dialect::Rest | Dialect::Decoupled => methods,
    }
}

/// The refusal of a method that no resource has: 405 with those that the path takes, 404 when the path is not known.
pub(super) fn refuse_method(request: &RequestHead, table: &RoutingTable, application: &Application) -> ApiError {
    let methods = table.methods(request.uri.path(), Seen::All, MethodsOf::Path);
    match HeaderValue::from_str(&methods.join(", ")) {
        Ok(allow) if !methods.is_empty() => ApiError::from(&codes::METHOD_NOT_ALLOWED).header(ALLOW, allow),
        _ => application.rules.not_found.into(),
    }
}

fn text<'a>(request: &'a RequestHead, name: &HeaderName) -> Option<&'a str> {
    request.headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty())
}
