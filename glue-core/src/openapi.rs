//! The OpenAPI 3.1 document of one application, built from the rows that its server mounts.

mod decoupled;
mod links;
mod parameters;
mod responses;
mod schemas;

use std::borrow::Cow;

use serde_json::Value;
pub use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter as ApiParameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, OAuth2, Password, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ContactBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr,
    Required, Schema, ServerBuilder,
};

use crate::document::{JSON, MEDIA_TYPE};
use crate::error::ErrorRow;
use crate::profile::{Dialect, Rules};
use crate::route::{Ownership, Parameter, Payload, Protection, RouteDef, Verb, Wire};

/// What a document says beside its operations.
#[derive(Clone, Debug)]
pub struct About {
    /// The title.
    pub title: &'static str,
    /// A paragraph for frontend developers.
    pub description: &'static str,
    /// The scopes that tokens of this application can carry, and who gets them.
    pub scopes: &'static [(&'static str, &'static str)],
    /// The grants of its token endpoint (RFC 6749 §1.3).
    pub grants: &'static [&'static str],
    /// The base of every link, without a slash at its end.
    pub public_url: String,
    /// What every operation may be refused with, beside what the framework itself refuses: a second credential, a store,
    /// the stages of a project.
    pub refusals: Vec<&'static ErrorRow>,
    /// Where the operations are: the base of every link, or `/` for wherever the document comes from.
    pub server: String,
}

/// The name of the security scheme of tokens.
const SCHEME: &str = "oauth2";

/// The name of the security scheme of API keys.
const API_KEY: &str = "apiKey";

/// Builds the document from the table's rows; the same rows in another order give the same document.
#[must_use]
pub fn document(rows: &[&'static RouteDef], rules: &Rules, about: &About) -> OpenApi {
    let mut sorted = rows.to_vec();
    sorted.sort_by_cached_key(|row| (row.shown_path(), row.verb.method()));
    let mut tags: Vec<(&str, &str)> = sorted.iter().map(|row| (row.resource, row.about)).collect();
    tags.sort_unstable();
    tags.dedup();
    let mut paths = PathsBuilder::new();
    for row in &sorted {
        paths = paths
            .path(row.shown_path(), PathItem::new(method(row.verb), operation(row, &sorted, rules, &about.refusals)));
    }
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title(about.title)
                .version("1.0.0")
                .description(Some(format!("{}\n\n{}", about.description, understood(rules))))
                .contact(Some(
                    ContactBuilder::new().name(Some(about.title)).url(Some(about.public_url.clone())).build(),
                ))
                .license(Some(
                    LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build(),
                ))
                .build(),
        )
        .servers(Some([ServerBuilder::new().url(about.server.clone()).build()]))
        .paths(paths.build())
        .components(Some(schemas::of(&sorted, rules)))
        .tags(Some(tags.into_iter().map(|(tag, about)| TagBuilder::new().name(tag).description(Some(about)).build())))
        .build();
    if let Some(components) = document.components.as_mut() {
        let page = sorted.iter().find(|row| row.wire == Wire::Page).map(|row| row.path);
        components.add_security_scheme(SCHEME, scheme(about, page));
        if rows.iter().any(|row| row.api_key) {
            let header = ApiKeyValue::with_description("X-Api-Key", "A key that an operator made.");
            components.add_security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(header)));
        }
    }
    document
}

/// What every operation of a resource understands, said once.
fn understood(rules: &Rules) -> &'static str {
    match rules.dialect {
        Dialect::Rest => {
            "Every operation on a resource also reads `currency` and `priceMode` (`GROSS_MODE` or `NET_MODE`) from the \
             query, and from the header `X-Anonymous-Customer-Unique-Id` the guest who calls, not together with \
             `Authorization`."
        }
        Dialect::Decoupled => {
            "Resources under `application/vnd.api+json` are found with exactly that as `Content-Type`, whatever the \
             method, or on reads as `Accept`; to everybody else they do not exist (404 with the code 007), and clients \
             that send no `Content-Type` without a body have to be told to."
        }
    }
}

/// A schema that is one of others, by name.
#[must_use]
pub fn one_of(schemas: &[&str]) -> RefOr<Schema> {
    if let [one] = schemas {
        return Ref::from_schema_name(*one).into();
    }
    let mut one = OneOfBuilder::new();
    for name in schemas {
        one = one.item(Ref::from_schema_name(*name));
    }
    one.into()
}

/// Adds the schema of `T` and those it refers to.
pub fn collect<T: utoipa::ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// The flows that an application has; that of codes begins on its page, where there is one.
fn scheme(about: &About, page: Option<&str>) -> SecurityScheme {
    let scopes = || Scopes::from_iter(about.scopes.iter().map(|(scope, who)| ((*scope).to_owned(), (*who).to_owned())));
    let token = format!("{}/token", about.public_url);
    let refreshes = about.grants.contains(&"refresh_token");
    let flow = |grant: &&str| match (*grant, page) {
        ("password", _) if refreshes => {
            Some(Flow::Password(Password::with_refresh_url(token.clone(), scopes(), token.clone())))
        }
        ("password", _) => Some(Flow::Password(Password::new(token.clone(), scopes()))),
        ("authorization_code", Some(page)) => {
            let page = format!("{}{page}", about.public_url);
            Some(Flow::AuthorizationCode(match refreshes {
                true => AuthorizationCode::with_refresh_url(page, token.clone(), scopes(), token.clone()),
                false => AuthorizationCode::new(page, token.clone(), scopes()),
            }))
        }
        ("client_credentials", _) => Some(Flow::ClientCredentials(ClientCredentials::new(token.clone(), scopes()))),
        _ => None,
    };
    SecurityScheme::OAuth2(OAuth2::new(about.grants.iter().filter_map(flow)))
}

fn operation(
    row: &RouteDef,
    rows: &[&'static RouteDef],
    rules: &Rules,
    refusals: &[&'static ErrorRow],
) -> OperationBuilder {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(row.operation_id))
        .summary(Some(row.summary))
        .tag(row.resource)
        .securities(Some(security(row)));
    operation = operation.description(Some(describe(row)));
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
fn describe(row: &RouteDef) -> String {
    let mut sentences = vec![if row.description.is_empty() { row.about } else { row.description }.to_owned()];
    sentences.push(match row.protection {
        Protection::Protected if row.api_key => match row.scopes {
            [] => "Needs an access token or an API key.".to_owned(),
            scopes => format!("Needs an access token with `{}`, or an API key.", scopes.join("`, `")),
        },
        Protection::Protected if row.scopes.is_empty() => "Needs an access token.".to_owned(),
        Protection::Protected => format!("Needs an access token with `{}`.", row.scopes.join("`, `")),
        Protection::Optional => "An access token is judged when it is sent.".to_owned(),
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
    sentences.join(" ")
}

fn security(row: &RouteDef) -> Vec<SecurityRequirement> {
    let needed = SecurityRequirement::new(SCHEME, row.scopes.iter().copied());
    match row.protection {
        Protection::Protected if row.api_key => {
            vec![needed, SecurityRequirement::new(API_KEY, std::iter::empty::<String>())]
        }
        Protection::Protected => vec![needed],
        Protection::Optional => vec![SecurityRequirement::default(), needed],
        Protection::Public => vec![],
    }
}

fn method(verb: Verb) -> HttpMethod {
    match verb {
        Verb::List | Verb::Get => HttpMethod::Get,
        Verb::Post => HttpMethod::Post,
        Verb::Patch => HttpMethod::Patch,
        Verb::Delete => HttpMethod::Delete,
    }
}

/// One media type, also where others do as well: some generators make two types of one schema under two.
fn media_in(wire: Wire) -> &'static str {
    match wire {
        Wire::JsonApi => MEDIA_TYPE,
        Wire::Form | Wire::Page => "application/x-www-form-urlencoded",
        Wire::Json(_) => JSON,
    }
}

fn media_out(wire: Wire) -> &'static str {
    match wire {
        Wire::JsonApi => MEDIA_TYPE,
        Wire::Form | Wire::Json(_) => JSON,
        Wire::Page => "text/html",
    }
}

fn content(payload: &Payload, rules: &Rules) -> utoipa::openapi::Content {
    let mut example: Value = serde_json::from_str(payload.example).unwrap_or(Value::Null);
    if rules.dialect == Dialect::Decoupled {
        decoupled::example(&mut example);
    }
    ContentBuilder::new().schema(Some(Ref::from_schema_name(payload.schema.name))).example(Some(example)).build()
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

fn path_parameter(name: &str, example: Option<&str>) -> ApiParameter {
    let mut words = String::new();
    for c in name.strip_suffix("Id").unwrap_or(name).chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(format!("Id of {words}.")))
        .schema(Some(text().min_length(Some(1)).build()))
        .example(example.map(Value::from))
        .build()
}

fn query_parameter(row: &RouteDef, parameter: &Parameter) -> ApiParameter {
    let integer = |minimum: Option<i64>| {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).minimum(minimum).build()
    };
    let string = || text().build();
    let (name, description, schema, example): (Cow<'_, str>, Cow<'_, str>, Object, Value) = match *parameter {
        Parameter::Fields(attributes) => {
            let some = attributes.get(..2).unwrap_or(attributes).join(",");
            let about = format!("The attributes to answer with, all of them without this: {}.", attributes.join(", "));
            (format!("fields[{}]", row.resource).into(), about.into(), string(), some.into())
        }
        Parameter::PageOffset => {
            let about = "Resources to skip, none when negative; takes effect together with `page[limit]`.";
            ("page[offset]".into(), about.into(), integer(None), 0.into())
        }
        Parameter::PageLimit { default, max } => {
            let about = format!("Resources to return; at most {max} have an effect.");
            ("page[limit]".into(), about.into(), integer(Some(1)), default.into())
        }
        Parameter::Sort(attributes) => {
            let first = attributes.first().map(|first| format!("-{first}")).unwrap_or_default();
            let attributes = attributes.join(", ");
            let about = format!("Attributes to sort by, a minus for descending: {attributes}. Others are ignored.");
            ("sort".into(), about.into(), string(), first.into())
        }
        Parameter::Filter { attribute, example } => {
            let about = format!(
                "Only resources with this `{attribute}`, or a JSON object with one of `in`, `nin`, `ne`, `gt`, `gte`, `lt`, `lte`."
            );
            (format!("filter[{}.{attribute}]", row.resource).into(), about.into(), string(), example.into())
        }
        Parameter::Own { name, description, example, .. } => {
            (name.into(), description.into(), string(), example.into())
        }
    };
    let required = matches!(parameter, Parameter::Own { required: true, .. });
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(if required { Required::True } else { Required::False })
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}
