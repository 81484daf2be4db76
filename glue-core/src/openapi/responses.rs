//! Every answer that an operation can give, from the same rows that refuse requests.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::{ContentBuilder, Ref, Response, ResponseBuilder};

use super::{content, links, media_out, text};
use crate::codes;
use crate::document::MEDIA_TYPE;
use crate::entity_tag::EntityTags;
use crate::error::ErrorRow;
use crate::pipeline::oauth_word;
use crate::profile::Rules;
use crate::route::{Protection, RouteDef, Verb, Wire};

/// Status → response, success first.
pub(super) fn of(row: &RouteDef, rows: &[&'static RouteDef], rules: &Rules) -> Vec<(String, Response)> {
    let mut answers = vec![(row.status.to_string(), success(row, rows))];
    let mut by_status: BTreeMap<u16, Vec<&'static ErrorRow>> = BTreeMap::new();
    for error in framework(row, rules).into_iter().chain(row.errors.iter().copied()) {
        let rows = by_status.entry(error.status).or_default();
        if !rows.iter().any(|known| known.name == error.name) {
            rows.push(error);
        }
    }
    if row.wire == Wire::Page {
        answers.extend(pages(row));
    }
    if tagged(row) && row.verb == Verb::Get {
        let unchanged = ResponseBuilder::new().description("The state that `If-None-Match` names is still the one.");
        answers.push(("304".to_owned(), unchanged.build()));
    }
    for (status, rows) in by_status {
        let refusal = refusal(&rows, row.wire == Wire::Form);
        match answers.iter_mut().find(|(known, _)| *known == status.to_string()) {
            // Both forms of the same status.
            Some((_, page)) => page.content.extend(refusal.content),
            None => answers.push((status.to_string(), refusal)),
        }
    }
    answers
}

/// What a page can answer with beside itself: a way to somewhere else, and pages that say why not.
fn pages(row: &RouteDef) -> Vec<(String, Response)> {
    let page = |about: &str| {
        let mut response = ResponseBuilder::new().description(about);
        if let Some(payload) = &row.response {
            response = response.content(media_out(row.wire), content(payload));
        }
        response.build()
    };
    let elsewhere = ResponseBuilder::new()
        .description("The person goes on to another place.")
        .header("Location", header("Where to."));
    vec![
        ("303".to_owned(), elsewhere.build()),
        ("400".to_owned(), page("A page that says what is wrong with the request.")),
        ("401".to_owned(), page("The page once more: the credentials are wrong.")),
        ("429".to_owned(), page("The page once more: too many attempts.")),
        ("503".to_owned(), page("The page once more: the service is busy.")),
    ]
}

fn success(row: &RouteDef, rows: &[&'static RouteDef]) -> Response {
    match &row.response {
        Some(payload) => {
            let mut response = ResponseBuilder::new()
                .description("Expected response to a valid request.")
                .content(media_out(row.wire), content(payload))
                .header("X-Request-Id", header("The name of this request in the log."));
            if row.wire == Wire::JsonApi {
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
fn framework(row: &RouteDef, rules: &Rules) -> Vec<&'static ErrorRow> {
    let mut errors: Vec<&'static ErrorRow> = Vec::new();
    if row.protection == Protection::Protected {
        errors.push(rules.missing_token);
    }
    errors.push(rules.invalid_token);
    if !row.scopes.is_empty() {
        errors.push(rules.forbidden);
    }
    if row.asks_for_code() {
        errors.extend([&codes::NO_FACTOR_CODE, &codes::WRONG_FACTOR_CODE]);
    }
    if row.api_key {
        errors.push(&codes::UNAUTHORIZED_403);
    }
    if row.wire == Wire::JsonApi {
        errors.push(&codes::TWO_IDENTITIES);
    }
    if row.request.is_some() {
        match row.wire {
            Wire::JsonApi => errors.extend([&codes::INVALID_TYPE, &codes::INVALID_BODY]),
            Wire::Json(_) => errors.push(&codes::INVALID_BODY),
            Wire::Form | Wire::Page => {}
        }
        errors.extend([&codes::BODY_TOO_SLOW, &codes::BODY_TOO_LARGE]);
    }
    if row.wire == Wire::JsonApi {
        errors.push(&codes::NOT_ENCODABLE);
    }
    if row.input.is_some() {
        errors.push(&VALIDATION);
    }
    if matches!(row.wire, Wire::JsonApi | Wire::Json(_)) {
        errors.extend([&codes::BAD_PAGE, &codes::BAD_FILTER, &codes::BAD_CURRENCY, &codes::BAD_PRICE_MODE]);
    }
    if row.parameters.iter().any(|parameter| parameter.name.starts_with("filter[")) {
        errors.push(&codes::BAD_FILTER_VALUE);
    }
    if matches!(row.verb, Verb::Patch | Verb::Delete) {
        errors.push(&codes::NO_ID);
        if row.entity_tags != EntityTags::None {
            errors.push(&codes::TAG_MISMATCH);
        }
        if row.entity_tags == EntityTags::Required && row.verb == Verb::Patch {
            errors.push(&codes::NO_IF_MATCH);
        }
    }
    errors.push(&codes::UNAVAILABLE);
    errors
}

/// Stands for every violation of an attribute's constraints.
const VALIDATION: ErrorRow = ErrorRow {
    name: "VALIDATION",
    status: 422,
    code: Some(codes::VALIDATION),
    detail: "attribute => This field is missing.",
    german: None,
};

fn refusal(rows: &[&'static ErrorRow], form: bool) -> Response {
    let mut details: Vec<&str> = rows.iter().map(|row| row.detail).collect();
    details.dedup();
    let (oauth, plain): (Vec<_>, Vec<_>) =
        rows.iter().copied().partition(|row| oauth_word(row.status, row.code).is_some() && form);
    let mut response = ResponseBuilder::new()
        .description(details.join(" / "))
        .header("X-Request-Id", header("The name of this request in the log."));
    match rows.first().map(|row| row.status) {
        Some(401) => {
            response = response.header("WWW-Authenticate", header("What to authenticate with, and why (RFC 6750)."));
        }
        Some(429 | 503) => {
            response = response.header("Retry-After", header("Seconds until another attempt is worth it."))
        }
        _ => {}
    }
    if !plain.is_empty() {
        let example = |row: &ErrorRow| {
            let mut error = json!({ "status": row.status, "detail": row.detail });
            if let (Some(code), Some(members)) = (row.code, error.as_object_mut()) {
                members.insert("code".into(), code.into());
            }
            json!({ "errors": [error] })
        };
        response = response.content(MEDIA_TYPE, examples("ErrorDocument", &plain, example));
    }
    if !oauth.is_empty() {
        let example =
            |row: &ErrorRow| json!({ "error": oauth_word(row.status, row.code), "error_description": row.detail });
        response = response.content("application/json", examples("OauthErrorDocument", &oauth, example));
    }
    response.build()
}

fn examples(
    schema: &str,
    rows: &[&'static ErrorRow],
    example: impl Fn(&ErrorRow) -> Value,
) -> utoipa::openapi::Content {
    let named = rows.iter().map(|row| {
        (row.name.to_ascii_lowercase(), ExampleBuilder::new().summary(row.detail).value(Some(example(row))).build())
    });
    ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).examples_from_iter(named).build()
}
