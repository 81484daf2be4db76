//! `OPTIONS` and the origins of browsers (reference/framework.md §1.1.5, §7).

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderMap,
    HeaderName, HeaderValue, ORIGIN,
};

use crate::error::{ApiError, Outcome, codes};
use crate::profile::{MethodsOf, OptionsBody, PreflightHeaders, UnknownPath};
use crate::request::{Application, Cors};
use crate::route::{MEDIA_TYPE, RoutingTable, VisibleRows, Wire};

/// Refuses a preflight without the headers that the dialect asks for.
pub(super) fn complete(request: &RequestHead, application: &Application) -> Outcome<()> {
    if request.method != Method::OPTIONS {
        return Ok(());
    }
    let has = |name: &HeaderName| request.headers.contains_key(name);
    let asks = text(request, &ACCESS_CONTROL_REQUEST_METHOD).is_some();
    match application.rules().preflight.headers {
        PreflightHeaders::All if !(has(&ORIGIN) && asks && has(&ACCESS_CONTROL_REQUEST_HEADERS)) => {
            Err((&codes::NO_PREFLIGHT_HEADERS).into())
        }
        PreflightHeaders::Origin if asks && !has(&ORIGIN) => Err((&codes::NO_ORIGIN).into()),
        PreflightHeaders::Any | PreflightHeaders::All | PreflightHeaders::Origin => Ok(()),
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
    let refusal = application.rules().preflight.refused;
    if let Some(asked) = asked {
        let methods = methods(request, table, application, convention);
        if asked != "OPTIONS" && !methods.contains(&asked) {
            return Err(refusal.into());
        }
    }
    let mut names = text(request, &ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default().split(',').map(str::trim);
    let allowed = |name: &str| application.http.cors.allows_header(name);
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
        return Err(application.rules().not_found.into());
    }
    methods.push("OPTIONS");
    let mut response = match application.rules().preflight.body {
        OptionsBody::Document => HttpResponse::Ok().content_type(MEDIA_TYPE).body(r#"{"data":[],"links":[]}"#),
        OptionsBody::None => HttpResponse::NoContent().finish(),
    };
    let headers = response.headers_mut();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        headers.insert(ALLOW, methods.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    application.http.cors.describe(headers);
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
    let opened = application.http.cors.opens() || request.method == Method::OPTIONS;
    if opened && table.serves_pages_only(request.uri.path()) {
        Cors::undecorate(headers);
    }
}

/// The methods of a path, where somebody who speaks `convention` sees it.
fn methods(
    request: &RequestHead,
    table: &RoutingTable,
    application: &Application,
    convention: Wire,
) -> Vec<&'static str> {
    let rules = application.rules();
    let visible = VisibleRows::by(convention, rules.conventions);
    let methods = table.methods(request.uri.path(), visible, rules.preflight.methods);
    match rules.preflight.unknown_path {
        UnknownPath::EveryMethod if methods.is_empty() => vec!["POST", "DELETE", "PATCH", "GET"],
        UnknownPath::EveryMethod | UnknownPath::NoMethod => methods,
    }
}

/// The refusal of a method that no resource has: 405 with those that the path takes, 404 when the path is not known.
pub(super) fn refuse_method(request: &RequestHead, table: &RoutingTable, application: &Application) -> ApiError {
    let methods = table.methods(request.uri.path(), VisibleRows::All, MethodsOf::Path);
    match HeaderValue::from_str(&methods.join(", ")) {
        Ok(allow) if !methods.is_empty() => ApiError::from(&codes::METHOD_NOT_ALLOWED).header(ALLOW, allow),
        _ => application.rules().not_found.into(),
    }
}

fn text<'a>(request: &'a RequestHead, name: &HeaderName) -> Option<&'a str> {
    request.headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty())
}
