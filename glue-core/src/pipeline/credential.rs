//! The guard: who is calling, and whether the verb is theirs.

use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};

use super::render::REALM;
use crate::codes;
use crate::context::Application;
use crate::error::{ApiError, Outcome};
use crate::guard::Rejection;
use crate::identity::Identity;
use crate::profile::Challenge;
use crate::route::{Protection, RouteDef, Wire};

const ANONYMOUS: HeaderName = HeaderName::from_static("x-anonymous-customer-unique-id");

/// No token of ours comes near this; a longer one is not worth its hashing.
const MAX_TOKEN: usize = 8 * 1024;

/// Judges the credential of a request. A token that is sent is judged on every verb, also on public ones.
pub(super) fn judge(headers: &HeaderMap, route: &RouteDef, application: &Application) -> Outcome<Option<Identity>> {
    let rules = &application.rules;
    let mut values = headers.get_all(AUTHORIZATION).filter(|value| !value.as_bytes().is_empty());
    let sent = values.next();
    if route.wire == Wire::JsonApi
        && sent.is_some()
        && headers.get(ANONYMOUS).is_some_and(|value| !value.as_bytes().is_empty())
    {
        return Err((&codes::TWO_IDENTITIES).into());
    }
    let Some(sent) = sent else {
        return match route.protection {
            Protection::Protected => Err(rules.missing_token.into()),
            Protection::Optional | Protection::Public { .. } => Ok(None),
        };
    };
    let invalid =
        |reason: &'static str| challenge(rules.invalid_token.into(), application, "invalid_token", &[]).because(reason);
    if values.next().is_some() {
        return Err(invalid("two Authorization headers"));
    }
    let token = bearer(sent).ok_or_else(|| invalid("not a bearer token"))?;
    let identity = match application.authenticator.authenticate(token, application.clock.now()) {
        Ok(identity) => identity,
        Err(Rejection::Invalid(reason)) => return Err(invalid(reason)),
        Err(Rejection::Unavailable(reason)) => return Err(ApiError::unavailable(reason)),
    };
    if !identity.has_scopes(route.scopes) {
        let refused = ApiError::from(rules.forbidden).because("the token lacks a scope");
        return Err(challenge(refused, application, "insufficient_scope", route.scopes));
    }
    Ok(Some(identity))
}

/// Exactly `Bearer`, blanks, one token (contract/authentication.md §1.1, step 12).
fn bearer(header: &HeaderValue) -> Option<&str> {
    let mut parts = header.to_str().ok()?.split_ascii_whitespace();
    let (scheme, token) = (parts.next()?, parts.next()?);
    let one = parts.next().is_none() && scheme == "Bearer" && token.len() <= MAX_TOKEN;
    one.then_some(token)
}

fn challenge(error: ApiError, application: &Application, word: &str, scopes: &[&str]) -> ApiError {
    if application.rules.challenge != Challenge::Rfc6750 {
        return error;
    }
    let mut text = format!("{REALM}, error=\"{word}\"");
    if !scopes.is_empty() {
        text.push_str(&format!(", scope=\"{}\"", scopes.join(" ")));
    }
    match HeaderValue::from_str(&text) {
        Ok(value) => error.header(WWW_AUTHENTICATE, value),
        Err(_) => error,
    }
}
