//! One operation of a document, from its row.

use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{Deprecated, Required};

use super::parameters::{self, path_parameter, query_parameter};
use super::parts::{content, media_in, path_parameters};
use super::responses;
use super::security::security;
use crate::error::ErrorRow;
use crate::profile::{ClientCredentialPlaces, Rules};
use crate::route::{Deprecation, Ownership, Protection, RouteDef, Verb};

pub(super) fn operation(
    row: &RouteDef,
    rows: &[&'static RouteDef],
    rules: &Rules,
    refusals: &[&'static ErrorRow],
) -> OperationBuilder {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(row.operation_id))
        .summary(Some(row.summary))
        .tag(row.resource)
        .securities(Some(security(row, rules)));
    operation = operation.description(Some(describe(row, rules)));
    operation = operation.deprecated(row.deprecated.map(|_| Deprecated::True));
    for (number, name) in path_parameters(row.path).enumerate() {
        operation = operation.parameter(path_parameter(name, row.path_examples.get(number).copied()));
    }
    for parameter in row.parameters {
        operation = operation.parameter(query_parameter(row, parameter));
    }
    for parameter in parameters::of(row, rules) {
        operation = operation.parameter(parameter);
    }
    if let Some(payload) = &row.request {
        // Without an envelope, a body without attributes can as well be none.
        let needed = if payload.example == "{}" { Required::False } else { Required::True };
        let mut body = RequestBodyBuilder::new().required(Some(needed));
        body = body.content(media_in(row.wire), content(payload, rules));
        operation = operation.request_body(Some(body.build()));
    }
    for (status, response) in responses::of(row, rows, rules, refusals) {
        operation = operation.response(status, response);
    }
    operation
}

/// What the definition says, then who may call and what they reach.
fn describe(row: &RouteDef, rules: &Rules) -> String {
    let mut sentences = vec![if row.description.is_empty() { row.about } else { row.description }.to_owned()];
    sentences.push(match row.protection {
        Protection::Protected if row.api_key => match row.scopes {
            [] => "Needs an access token or an API key.".to_owned(),
            scopes => format!("Needs an access token with `{}`, or an API key.", scopes.join("`, `")),
        },
        Protection::Protected if row.scopes.is_empty() => "Needs an access token.".to_owned(),
        Protection::Protected => format!("Needs an access token with `{}`.", row.scopes.join("`, `")),
        Protection::Optional => "An access token is judged when it is sent.".to_owned(),
        Protection::Agent => {
            "Needs an agent's access token, in `Authorization` or in `X-Agent-Authorization`.".to_owned()
        }
        Protection::Client => match rules.client_credentials {
            ClientCredentialPlaces::FormOrHeader => {
                "The client has to authenticate, in `Authorization` or in the form."
            }
            ClientCredentialPlaces::Form => "The client has to authenticate, in the form.",
        }
        .to_owned(),
        Protection::Public => match row.because {
            Some(because) => format!("Public because: {because}."),
            None => "Public.".to_owned(),
        },
    });
    match row.owner {
        Ownership::Unowned => {}
        Ownership::Rows { attribute } => {
            sentences.push(format!("Only what belongs to the caller (`{attribute}`) exists here."));
        }
        Ownership::Unchecked { attribute } => {
            sentences
                .push(format!("Only what belongs to the caller (`{attribute}`) exists here, but no test shows it."));
        }
    }
    if let Some(because) = row.because.filter(|_| row.protection != Protection::Public) {
        sentences.push(format!("Checks less than others do because: {because}."));
    }
    sentences.extend(row.cache.map(|lifetime| {
        let whose = if lifetime.shared { ", also by shared caches" } else { "" };
        format!("Answers may be kept for {} seconds{whose}.", lifetime.seconds)
    }));
    if let Some(Deprecation { since, sunset, instead }) = row.deprecated {
        sentences.push(format!("Deprecated since {since}."));
        sentences.extend(instead.map(|instead| format!("Instead: {instead}.")));
        sentences.extend(sunset.map(|sunset| format!("It goes on {sunset}.")));
    }
    sentences.join(" ")
}

pub(super) fn method(verb: Verb) -> HttpMethod {
    match verb {
        Verb::List | Verb::Get => HttpMethod::Get,
        Verb::Post => HttpMethod::Post,
        Verb::Patch => HttpMethod::Patch,
        Verb::Delete => HttpMethod::Delete,
    }
}
