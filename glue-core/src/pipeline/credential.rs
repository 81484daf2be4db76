//! The guard: who is calling, and whether the verb is theirs.

use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};

use super::render::REALM;
use super::routing::Caller;
use crate::error::{ApiError, ErrorRow, Outcome, codes};
use crate::identity::{CallerKind, Identity};
use crate::input::query::Query;
use crate::profile::{ApiKeyPlaces, Challenge, ClientCredentialPlaces, EndedToken, Order};
use crate::request::{Agents, Application, Rejection};
use crate::request_id::RequestId;
use crate::route::{Protection, RouteDef, Wire};

const AGENT: HeaderName = HeaderName::from_static("x-agent-authorization");

const ANONYMOUS: HeaderName = HeaderName::from_static("x-anonymous-customer-unique-id");

const FACTOR_CODE: HeaderName = HeaderName::from_static("x-mfa-code");

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The headers that say who calls, beside `Authorization`.
pub(super) const CREDENTIALS: [HeaderName; 4] = [AGENT, ANONYMOUS, FACTOR_CODE, API_KEY];

/// No token of ours comes near this; a longer one is not worth its hashing.
const MAX_TOKEN: usize = 8 * 1024;

/// How far the token of a request was judged. A dialect does that before the route is known, or after the body was looked at
/// (reference/framework.md §4.2; reference/backend.md §1.1).
pub(super) enum Token {
    /// Not at all: the route comes first.
    Unread,
    /// It is somebody's, or there is none.
    Judged(Option<Identity>),
    /// The verb is theirs.
    Admitted(Option<Identity>),
}

impl Token {
    /// Judges it, where that comes first. A token that is sent is judged on every verb, also on public ones.
    pub(super) fn early(headers: &HeaderMap, wire: Wire, application: &Application) -> Outcome<Self> {
        match application.rules().order {
            Order::TokenFirst => judged(headers, wire, EndedToken::Refused, application).map(Self::Judged),
            Order::RouteFirst => Ok(Self::Unread),
        }
    }

    /// Who calls, as far as the route may depend on it.
    pub(super) fn caller(&self) -> Caller {
        match self {
            Self::Judged(None) | Self::Admitted(None) => Caller::Nobody,
            Self::Unread | Self::Judged(Some(_)) | Self::Admitted(Some(_)) => Caller::Perhaps,
        }
    }

    /// Asks whether the verb is the caller's, where the caller is known.
    pub(super) async fn admitted(
        self,
        route: &RouteDef,
        sent: SentCredentials<'_>,
        application: &Application,
    ) -> Outcome<Self> {
        match self {
            Self::Judged(identity) => admit(identity, route, sent, application).await.map(Self::Admitted),
            Self::Unread | Self::Admitted(_) => Ok(self),
        }
    }

    /// Who calls, once everything that comes before was looked at.
    pub(super) async fn identity(
        self,
        route: &RouteDef,
        sent: SentCredentials<'_>,
        application: &Application,
    ) -> Outcome<Option<Identity>> {
        match self {
            Self::Admitted(identity) => Ok(identity),
            Self::Judged(identity) => admit(identity, route, sent, application).await,
            Self::Unread => admit(identify(sent.headers, route, application)?, route, sent, application).await,
        }
    }
}

/// Who calls a row; where clients authenticate with `Basic`, that is no token.
fn identify(headers: &HeaderMap, route: &RouteDef, application: &Application) -> Outcome<Option<Identity>> {
    if client_credentials(headers, route, application).is_some() {
        return Ok(None);
    }
    let ended = match route.protection {
        Protection::Protected => EndedToken::Refused,
        Protection::Optional | Protection::Public | Protection::Agent | Protection::Client => {
            application.rules().ended_token
        }
    };
    judged(headers, route.wire, ended, application)
}

/// What a client says of itself in `Authorization`, where the row and the profile have it (RFC 6749 §2.3.1).
pub(super) fn client_credentials(
    headers: &HeaderMap,
    route: &RouteDef,
    application: &Application,
) -> Option<HeaderValue> {
    let listens =
        route.reads_client() && application.rules().client_credentials == ClientCredentialPlaces::FormOrHeader;
    let mut values = headers.get_all(AUTHORIZATION);
    let (value, None) = (values.next().filter(|_| listens)?, values.next()) else { return None };
    let scheme = value.as_bytes().split(|byte| *byte == b' ').next()?;
    scheme.eq_ignore_ascii_case(b"Basic").then(|| value.clone())
}

fn judged(headers: &HeaderMap, wire: Wire, ended: EndedToken, application: &Application) -> Outcome<Option<Identity>> {
    let rules = application.rules();
    let counts = |value: &&HeaderValue| rules.order == Order::TokenFirst || !value.as_bytes().is_empty();
    let mut values = headers.get_all(AUTHORIZATION).filter(counts);
    let Some(sent) = values.next() else { return Ok(None) };
    if rules.order == Order::RouteFirst
        && wire == Wire::JsonApi
        && headers.get(ANONYMOUS).is_some_and(|value| !value.as_bytes().is_empty())
    {
        return Err((&codes::TWO_IDENTITIES).into());
    }
    let refused = |row: &'static ErrorRow, reason: &'static str| {
        challenge(row.into(), application, "invalid_token", &[]).caused_by(reason)
    };
    if values.next().is_some() {
        return Err(refused(rules.invalid_token, "two Authorization headers"));
    }
    let token = match bearer(sent) {
        Ok(token) => token,
        Err(Shape::NotTwoParts) => return Err(refused(rules.malformed_token, "not a scheme and a token")),
        Err(Shape::NotBearer) => return Err(refused(rules.invalid_token, "not a bearer token")),
    };
    match application.authenticator.authenticate(token, application.environment.clock.now()) {
        Ok(identity) => Ok(Some(identity)),
        Err(Rejection::Ended(_)) if ended == EndedToken::Ignored => Ok(None),
        Err(Rejection::Invalid(reason) | Rejection::Ended(reason)) => Err(refused(rules.invalid_token, reason)),
        Err(Rejection::Stranger(reason)) => Err(refused(rules.strange_token, reason)),
        Err(Rejection::Unavailable(reason)) => Err(ApiError::unavailable(reason)),
    }
}

/// Who acts through the caller, where agents act and the request says so (reference/authentication.md §1.1, step 10).
pub(super) fn agent(headers: &HeaderMap, application: &Application) -> Outcome<Option<Identity>> {
    if application.agents == Agents::Unknown {
        return Ok(None);
    }
    let mut values = headers.get_all(AGENT);
    let Some(sent) = values.next() else { return Ok(None) };
    let refused = |reason: &'static str| Err(ApiError::from(&codes::INVALID_AGENT_TOKEN).caused_by(reason));
    let (Ok(token), None) = (bearer(sent), values.next()) else { return refused("not one bearer token") };
    match application.authenticator.authenticate(token, application.environment.clock.now()) {
        Ok(identity) if identity.kind == CallerKind::Agent => Ok(Some(identity)),
        Ok(_) => refused("somebody else's token"),
        Err(Rejection::Invalid(reason) | Rejection::Stranger(reason) | Rejection::Ended(reason)) => refused(reason),
        Err(Rejection::Unavailable(reason)) => Err(ApiError::unavailable(reason)),
    }
}

/// Which guest calls, when exactly one is named.
pub(super) fn guest(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(ANONYMOUS);
    let (value, None) = (values.next()?, values.next()) else { return None };
    value.to_str().ok().filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Where credentials of a request can be.
#[derive(Clone, Copy)]
pub(super) struct SentCredentials<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) query: &'a Query,
    pub(super) id: &'a RequestId,
}

/// Who calls a row that is theirs. Where an API key does as well as a token, it is looked at when the token is not
/// enough; a token that is sent and not valid is refused all the same.
async fn admit(
    identity: Option<Identity>,
    route: &RouteDef,
    sent: SentCredentials<'_>,
    application: &Application,
) -> Outcome<Option<Identity>> {
    let refused = match authorize(identity.as_ref(), route, application) {
        Ok(()) => return Ok(identity),
        Err(refused) => refused,
    };
    let Some(key) = api_key(sent, application).filter(|_| route.api_key) else { return Err(refused) };
    match application.authenticator.api_key(key, application.environment.clock.now()).await {
        // A key without scopes opens every verb that takes keys.
        Ok(identity) if identity.scopes.is_empty() || identity.has_scopes(route.scopes) => {
            let (key, method, path) = (&identity.natural, route.verb.method(), route.path);
            tracing::info!(target: "audit", event = "api_key_used", ?key, method, path, request_id = %sent.id);
            Ok(Some(identity))
        }
        Ok(_) => Err(ApiError::from(&codes::UNAUTHORIZED_403).caused_by("the API key lacks a scope")),
        Err(Rejection::Invalid(reason) | Rejection::Stranger(reason) | Rejection::Ended(reason)) => {
            Err(ApiError::from(&codes::UNAUTHORIZED_403).caused_by(reason))
        }
        Err(Rejection::Unavailable(reason)) => Err(ApiError::unavailable(reason)),
    }
}

/// The code of a second factor, when exactly one came.
pub(super) fn factor_code(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(FACTOR_CODE);
    let (value, None) = (values.next()?, values.next()) else { return Some(String::new()) };
    if value.is_empty() { None } else { Some(value.to_str().unwrap_or_default().trim().to_owned()) }
}

/// The key of a request: from its header, and where a shop has it also from the query, which logs and histories keep.
fn api_key<'a>(sent: SentCredentials<'a>, application: &Application) -> Option<&'a str> {
    let mut values = sent.headers.get_all(API_KEY);
    match (values.next(), values.next()) {
        (Some(key), None) => Some(key.to_str().unwrap_or_default()),
        (Some(_), Some(_)) => Some(""),
        (None, _) if application.rules().api_key == ApiKeyPlaces::HeaderOrQuery => sent.query.get("api_key"),
        (None, _) => None,
    }
}

/// Whether the verb is the caller's.
fn authorize(identity: Option<&Identity>, route: &RouteDef, application: &Application) -> Outcome<()> {
    let rules = application.rules();
    match (identity, route.protection) {
        (Some(identity), _) if identity.has_scopes(route.scopes) => Ok(()),
        (Some(_), _) => {
            let refused = ApiError::from(rules.forbidden).caused_by("the token lacks a scope");
            Err(challenge(refused, application, "insufficient_scope", route.scopes))
        }
        (None, Protection::Protected) => Err(rules.missing_token.into()),
        (None, Protection::Optional | Protection::Public | Protection::Agent | Protection::Client) => Ok(()),
    }
}

/// The token of an `Authorization` header, when it has the shape of one.
#[cfg(feature = "testing")]
pub(crate) fn token(header: &HeaderValue) -> Option<&str> {
    bearer(header).ok()
}

/// What is wrong with the shape of a credential.
enum Shape {
    NotTwoParts,
    NotBearer,
}

/// Exactly `Bearer`, blanks, one token (reference/authentication.md §1.1, step 12).
fn bearer(header: &HeaderValue) -> Result<&str, Shape> {
    let mut parts = header.to_str().map_err(|_| Shape::NotTwoParts)?.split_ascii_whitespace();
    let (Some(scheme), Some(token), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Shape::NotTwoParts);
    };
    if scheme == "Bearer" && token.len() <= MAX_TOKEN { Ok(token) } else { Err(Shape::NotBearer) }
}

fn challenge(error: ApiError, application: &Application, word: &str, scopes: &[&str]) -> ApiError {
    if application.rules().challenge != Challenge::Rfc6750 {
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
