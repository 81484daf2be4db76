//! The pages that people see. They need no script and load nothing.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use glue_core::error::{ApiError, Outcome};
use glue_core::reply::HtmlPage;
use glue_core::request::RequestContext;
use sha2::{Digest, Sha256};

use super::request::CheckedRequest;
use crate::SharedEngine;

const STYLE: &str = include_str!("../../templates/authorize.css");

/// The only style that a browser applies, by its hash.
static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(STYLE)));

#[derive(Template)]
#[template(path = "authorize.html")]
struct Ask<'a> {
    style: &'a str,
    client: &'a str,
    scopes: Vec<(&'static str, &'static str)>,
    message: Option<&'a str>,
    action: &'a str,
    fields: Vec<(&'static str, String)>,
    username: &'a str,
    place: &'a str,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'a> {
    style: &'a str,
    message: &'a str,
}

/// Who asks for what, and the form to allow it.
pub(super) fn ask(
    cx: &RequestContext,
    asked: &CheckedRequest,
    username: &str,
    message: Option<&str>,
    status: StatusCode,
) -> Outcome<HtmlPage> {
    let catalogue = cx.service::<SharedEngine>().map(|engine| engine.catalogue()).unwrap_or_default();
    // What is asked for and does not exist is not shown: a client could write there whatever it likes.
    let asked_for =
        |scope: &str| asked.request.scopes.is_empty() || asked.request.scopes.iter().any(|own| own == scope);
    let scopes = catalogue.into_iter().filter(|(scope, _)| asked_for(scope)).collect();
    let page = Ask {
        style: STYLE,
        client: &asked.client,
        scopes,
        message,
        action: cx.route().path,
        fields: asked.fields(),
        username,
        place: &asked.redirect_uri,
    };
    // A browser that checks where a form leads also checks where that leads on to.
    let back = origin(&asked.redirect_uri);
    html(status, &format!("form-action 'self' {back}"), page.render())
}

/// A request that nobody can be sent back from.
pub(super) fn refused(status: StatusCode, message: &str) -> Outcome<HtmlPage> {
    html(status, "form-action 'none'", Refused { style: STYLE, message }.render())
}

fn html(status: StatusCode, forms: &str, rendered: askama::Result<String>) -> Outcome<HtmlPage> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'; {forms}",
        *STYLE_HASH
    );
    Ok(HtmlPage::html(status, &policy, rendered.map_err(ApiError::internal)?))
}

/// Scheme, host and port of a registered redirection; the scheme alone of a program's own.
fn origin(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else {
        return uri.split_once(':').map_or_else(String::new, |(scheme, _)| format!("{scheme}:"));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // A policy cannot name an IPv6 address.
    if matches!(scheme, "http" | "https") && !host.starts_with('[') {
        format!("{scheme}://{host}")
    } else {
        format!("{scheme}:")
    }
}
