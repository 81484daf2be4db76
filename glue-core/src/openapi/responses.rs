//! Every answer that an operation can give, from the same rows that refuse requests.

use std::borrow::Cow;
use std::collections::BTreeMap;

use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};

use super::links;
use super::parts::{content, media_out, text};
use crate::document::error_body::ErrorBody;
use crate::error::{ErrorRow, codes};
use crate::language::Language;
use crate::profile::{Accept, Conventions, DataType, Languages, MarketParameters, Order, Pages, Rules};
use crate::route::{EntityTags, Plain, Protection, QueryParameter, RouteDef, SchemaDef, Verb, Wire};

/// An error that an operation can give, and what whoever meets it speaks.
#[derive(Clone, Copy)]
struct Refusal {
    row: &'static ErrorRow,
    wire: Wire,
}

/// Status → response, success first.
pub(super) fn of(
    row: &RouteDef,
    rows: &[&'static RouteDef],
    rules: &Rules,
    everywhere: &[&'static ErrorRow],
) -> Vec<(String, Response)> {
    let mut answers = vec![(row.status.to_string(), success(row, rows, rules))];
    let mut by_status: BTreeMap<u16, Vec<Refusal>> = BTreeMap::new();
    let everywhere = everywhere.iter().map(|error| Refusal { row: error, wire: row.wire });
    for refusal in refusals(row, rules).chain(everywhere) {
        let refusals = by_status.entry(refusal.row.status).or_default();
        if !refusals.iter().any(|known| known.row.name == refusal.row.name && known.wire == refusal.wire) {
            refusals.push(refusal);
        }
    }
    if row.wire == Wire::Page {
        answers.extend(pages(row, rules));
    }
    if tagged(row) && row.verb == Verb::Get {
        let unchanged = ResponseBuilder::new().description("The state that `If-None-Match` names is still the one.");
        answers.push(("304".to_owned(), unchanged.build()));
    }
    for (status, refusals) in by_status {
        let refusal = refusal(&refusals, rules);
        match answers.iter_mut().find(|(known, _)| *known == status.to_string()) {
            // Both forms of the same status.
            Some((_, page)) => page.content.extend(refusal.content),
            None => answers.push((status.to_string(), refusal)),
        }
    }
    answers
}

/// The schemas of every refusal of a row.
pub(super) fn schemas(row: &RouteDef, rules: &Rules) -> impl Iterator<Item = SchemaDef> {
    refusals(row, rules).filter_map(move |refusal| refusal.body(rules).schema())
}

/// The framework's refusals, then the row's own.
fn refusals(row: &RouteDef, rules: &Rules) -> impl Iterator<Item = Refusal> {
    let own = row.errors.iter().filter(|error| error.is_sent(rules));
    let own = own.map(|error| Refusal { row: error.row, wire: row.wire });
    framework(row, rules).into_iter().chain(own)
}

impl Refusal {
    fn body(self, rules: &Rules) -> ErrorBody {
        ErrorBody::of(&[self.row.sample()], rules.errors, self.wire, Language::English)
    }
}

/// What a page can answer with beside itself: a way to somewhere else, and pages that say why not.
fn pages(row: &RouteDef, rules: &Rules) -> Vec<(String, Response)> {
    let page = |about: &str| {
        let mut response = ResponseBuilder::new().description(about);
        if let Some(payload) = &row.response {
            response = response.content(media_out(row.wire), content(payload, rules));
        }
        response.build()
    };
    let elsewhere = ResponseBuilder::new()
        .description("The person goes on to another place.")
        .header("Location", header("Where to."));
    vec![
        ("303".to_owned(), elsewhere.build()),
        ("400".to_owned(), page("A page that says what is wrong with the request.")),
        ("403".to_owned(), page("The page once more, because the credentials are wrong; or another site sent this.")),
        ("429".to_owned(), page("The page once more: too many attempts.")),
        ("503".to_owned(), page("The page once more: the service is busy.")),
    ]
}

fn success(row: &RouteDef, rows: &[&'static RouteDef], rules: &Rules) -> Response {
    match &row.response {
        Some(payload) => {
            let mut response = ResponseBuilder::new()
                .description("Expected response to a valid request.")
                .content(media_out(row.wire), content(payload, rules))
                .header("X-Request-Id", header("The name of this request in the log."));
            if row.wire == Wire::JsonApi && rules.languages == Languages::Announced {
                response = response.header("Content-Language", header("The language of the answer."));
            }
            for (name, link) in links::of(row, rows) {
                response = response.link(name, link);
            }
            if tagged(row) {
                response = response.header("ETag", header("The entity tag of this state of the resource."));
            }
            response.build()
        }
        None => ResponseBuilder::new().description("Done; the answer has no body.").build(),
    }
}

/// A response header, by what it says.
fn header(about: &str) -> Header {
    HeaderBuilder::new().schema(Some(text().build())).description(Some(about)).build()
}

fn tagged(row: &RouteDef) -> bool {
    row.entity_tags != EntityTags::None && matches!(row.verb, Verb::Get | Verb::Post | Verb::Patch)
}

/// What the pipeline can refuse before the handler is asked.
fn framework(row: &RouteDef, rules: &Rules) -> Vec<Refusal> {
    let routed = routed(row, rules).into_iter().map(|error| Refusal { row: error, wire: row.wire });
    match rules.order {
        // Whoever is refused before the route is known is answered as everybody is.
        Order::RouteFirst => {
            let unrouted = unrouted(rules).into_iter().map(|error| Refusal { row: error, wire: Wire::JsonApi });
            routed.chain(unrouted).collect()
        }
        Order::TokenFirst => {
            let either = [row.wire, other_convention(row.wire)];
            let unrouted = [
                rules.invalid_token,
                rules.malformed_token,
                rules.strange_token,
                &codes::BAD_FILTER,
                &codes::UNAVAILABLE,
            ];
            let head = [&codes::BAD_HOST, &codes::TARGET_TOO_LONG];
            let unrouted =
                unrouted.into_iter().chain(head).flat_map(|error| either.map(|wire| Refusal { row: error, wire }));
            let plain = Wire::Json(Plain::List);
            routed
                .chain(unrouted)
                .chain([
                    Refusal { row: &codes::NO_ACCEPT, wire: plain },
                    Refusal { row: rules.not_found, wire: either[1] },
                ])
                .collect()
        }
    }
}

/// What the stages in front of the route refuse, in the dialect that has no conventions.
fn unrouted(rules: &Rules) -> Vec<&'static ErrorRow> {
    let mut errors = vec![&codes::BAD_HOST, &codes::TARGET_TOO_LONG, &codes::BLANK_CONTENT_TYPE];
    if rules.accept == Accept::Required {
        errors.push(&codes::NOT_ACCEPTABLE);
    }
    if rules.pages == Pages::Judged {
        errors.push(&codes::BAD_PAGE);
    }
    errors
}

/// What the decoupled dialect speaks to whoever did not ask for `wire` (reference/backend.md §1.2).
fn other_convention(wire: Wire) -> Wire {
    match wire {
        Wire::JsonApi => Wire::Json(Plain::List),
        Wire::Form | Wire::Json(_) | Wire::Page => Wire::JsonApi,
    }
}

/// What the stages between the route and the handler refuse.
fn routed(row: &RouteDef, rules: &Rules) -> Vec<&'static ErrorRow> {
    let mut errors: Vec<&'static ErrorRow> = Vec::new();
    if row.protection == Protection::Protected {
        errors.push(rules.missing_token);
    }
    if rules.order == Order::RouteFirst {
        errors.push(rules.invalid_token);
    }
    if !row.scopes.is_empty() {
        errors.push(rules.forbidden);
    }
    if row.protection == Protection::Agent {
        errors.push(&codes::NO_AGENT);
    }
    if row.asks_for_code() {
        errors.extend([&codes::NO_FACTOR_CODE, &codes::WRONG_FACTOR_CODE]);
    }
    if row.api_key {
        errors.push(&codes::UNAUTHORIZED_403);
    }
    let json_api = row.wire == Wire::JsonApi;
    if json_api && rules.order == Order::RouteFirst {
        errors.push(&codes::TWO_IDENTITIES);
    }
    if json_api && rules.conventions == Conventions::One {
        errors.push(&codes::NOT_ENCODABLE);
    }
    if row.request.is_some() {
        if json_api && rules.data_type == DataType::Judged {
            errors.push(&codes::INVALID_TYPE);
        }
        if matches!(row.wire, Wire::JsonApi | Wire::Json(_)) {
            errors.push(&codes::INVALID_BODY);
        }
        errors.extend([&codes::BODY_TOO_SLOW, &codes::BODY_TOO_LARGE, &codes::CODED_BODY]);
    }
    if row.input.is_some() {
        errors.push(&codes::VALIDATION);
    }
    if matches!(row.wire, Wire::JsonApi | Wire::Json(_)) && rules.market == MarketParameters::Judged {
        errors.extend([&codes::BAD_CURRENCY, &codes::BAD_PRICE_MODE]);
    }
    if row.parameters.iter().any(|parameter| matches!(parameter, QueryParameter::Filter { .. })) {
        errors.push(&codes::BAD_FILTER_VALUE);
    }
    if matches!(row.verb, Verb::Patch | Verb::Delete) {
        errors.push(&codes::NO_ID);
    }
    if row.entity_tags != EntityTags::None && row.changes_a_row() {
        errors.push(&codes::TAG_MISMATCH);
    }
    if row.entity_tags == EntityTags::Required && row.verb == Verb::Patch {
        errors.push(&codes::NO_IF_MATCH);
    }
    errors.extend([&codes::BAD_FILTER, &codes::UNAVAILABLE]);
    errors
}

/// The refusals of one status: an example of each, as it is sent.
fn refusal(refusals: &[Refusal], rules: &Rules) -> Response {
    let mut details: Vec<Cow<'static, str>> = Vec::new();
    for refusal in refusals {
        let detail = refusal.row.sample().detail;
        if !details.contains(&detail) {
            details.push(detail);
        }
    }
    let mut response = ResponseBuilder::new()
        .description(details.join(" / "))
        .header("X-Request-Id", header("The name of this request in the log."));
    match refusals.first().map(|refusal| refusal.row.status) {
        Some(401) => {
            response = response.header("WWW-Authenticate", header("What to authenticate with, and why (RFC 6750)."));
        }
        Some(429 | 503) => {
            response = response.header("Retry-After", header("Seconds until another attempt is worth it."))
        }
        _ => {}
    }
    let mut contents: BTreeMap<&str, Vec<(&'static ErrorRow, ErrorBody)>> = BTreeMap::new();
    for refusal in refusals {
        let body = refusal.body(rules);
        let media_type = body.content_type().split(';').next().unwrap_or_default();
        contents.entry(media_type).or_default().push((refusal.row, body));
    }
    for (media_type, bodies) in contents {
        response = response.content(media_type, examples(&bodies));
    }
    response.build()
}

fn examples(bodies: &[(&'static ErrorRow, ErrorBody)]) -> Content {
    let schema: RefOr<Schema> = match bodies.first().and_then(|(_, body)| body.schema()) {
        Some(schema) => Ref::from_schema_name(schema.name).into(),
        None => text().build().into(),
    };
    let named = bodies.iter().map(|(row, body)| {
        let sent = body.bytes();
        let value = serde_json::from_slice(&sent).unwrap_or_else(|_| String::from_utf8_lossy(&sent).into());
        (row.name.to_ascii_lowercase(), ExampleBuilder::new().summary(row.sample().detail).value(Some(value)).build())
    });
    ContentBuilder::new().schema(Some(schema)).examples_from_iter(named).build()
}
