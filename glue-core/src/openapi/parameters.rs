//! What every JSON:API operation understands beside its own parameters.

use std::borrow::Cow;

use serde_json::Value;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use super::parts::text;
use crate::profile::{Conventions, Rules};
use crate::route::path::MINE;
use crate::route::{EntityTags, FactorCode, MEDIA_TYPE, QueryParameter, RouteDef, Verb, Wire};

pub(super) fn of(row: &RouteDef, rules: &Rules) -> Vec<Parameter> {
    if row.wire != Wire::JsonApi {
        return Vec::new();
    }
    let mut parameters = Vec::new();
    if rules.conventions == Conventions::ByMediaType {
        let about = "Exactly this, with every method: without it no resource of this convention is found.";
        let mut convention = header("Content-Type", about, MEDIA_TYPE);
        convention.required = Required::True;
        convention.schema = Some(text().enum_values(Some([MEDIA_TYPE])).build().into());
        parameters.push(convention);
    }
    if row.response.is_some() {
        if !row.includes.is_empty() {
            let about =
                format!("Resource types to include, over all levels: {}. Others are ignored.", row.includes.join(", "));
            parameters.push(query("include", &about, row.includes.join(",").into()));
        }
        for kind in row.includes {
            let about = format!("The attributes of included `{kind}` to answer with; all of them without this.");
            parameters.push(parameter(&format!("fields[{kind}]"), ParameterIn::Query, &about, None));
        }
        parameters.push(header(
            "Accept-Language",
            "The languages read, best first; answered with one of the store's.",
            "de",
        ));
    }
    if row.factor_code == FactorCode::Always {
        let mut code = header("X-MFA-Code", "The code of the second factor that was sent.", "123456");
        code.required = Required::True;
        parameters.push(code);
    }
    if row.guest {
        let about = "The guest who calls, by an id that the client made; not together with `Authorization`.";
        parameters.push(header("X-Anonymous-Customer-Unique-Id", about, "c7b3f2a4-guest"));
    }
    if row.asks_for_code() {
        let about = "The code of the second factor, from callers who have activated one.";
        parameters.push(header("X-MFA-Code", about, "123456"));
    }
    parameters.extend(entity_tags(row));
    parameters
}

/// The tags of states that a client has seen.
fn entity_tags(row: &RouteDef) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    if row.entity_tags != EntityTags::None {
        let (tag, reads) = ("\"5d41402abc4b2a76b9719d911017c592\"", matches!(row.verb, Verb::Get));
        if reads {
            parameters.push(header(
                "If-None-Match",
                "The entity tag that is known already; 304 when it is still the one.",
                tag,
            ));
        }
        if row.changes_a_row() {
            let about = "The entity tag of the state that the change is meant for; 412 when it is another one.";
            let mut parameter = header("If-Match", about, tag);
            if row.entity_tags == EntityTags::Required && row.verb == Verb::Patch {
                parameter.required = Required::True;
            }
            parameters.push(parameter);
        }
    }
    parameters
}

fn query(name: &str, about: &str, example: Value) -> Parameter {
    parameter(name, ParameterIn::Query, about, Some(example))
}

fn header(name: &str, about: &str, example: &str) -> Parameter {
    parameter(name, ParameterIn::Header, about, Some(example.into()))
}

fn parameter(name: &str, place: ParameterIn, about: &str, example: Option<Value>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(text().build()))
        .example(example)
        .build()
}

pub(super) fn path_parameter(name: &str, example: Option<&str>) -> Parameter {
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
        .description(Some(match example {
            Some(MINE) => format!("Id of {words}, or `{MINE}` for the caller's own."),
            Some(_) | None => format!("Id of {words}."),
        }))
        .schema(Some(text().min_length(Some(1)).build()))
        .example(example.map(Value::from))
        .build()
}

pub(super) fn query_parameter(row: &RouteDef, parameter: &QueryParameter) -> Parameter {
    let integer = |minimum: Option<i64>| {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).minimum(minimum).build()
    };
    let string = || text().build();
    let (name, description, schema, example): (Cow<'_, str>, Cow<'_, str>, Object, Value) = match *parameter {
        QueryParameter::Fields(attributes) => {
            let some = attributes.get(..2).unwrap_or(attributes).join(",");
            let about = format!("The attributes to answer with, all of them without this: {}.", attributes.join(", "));
            (format!("fields[{}]", row.answered_type()).into(), about.into(), string(), some.into())
        }
        QueryParameter::PageOffset => {
            let about = "Resources to skip, none when negative; takes effect together with `page[limit]`.";
            ("page[offset]".into(), about.into(), integer(None), 0.into())
        }
        QueryParameter::PageLimit { default, max } => {
            let about = format!("Resources to return; at most {max} have an effect.");
            ("page[limit]".into(), about.into(), integer(Some(1)), default.into())
        }
        QueryParameter::Sort(attributes) => {
            let first = attributes.first().map(|first| format!("-{first}")).unwrap_or_default();
            let attributes = attributes.join(", ");
            let about = format!("Attributes to sort by, a minus for descending: {attributes}. Others are ignored.");
            ("sort".into(), about.into(), string(), first.into())
        }
        QueryParameter::Filter { resource, attribute, example } => {
            let whose = if resource == row.resource { String::new() } else { format!(" among their `{resource}`") };
            let about = format!(
                "Only resources with this `{attribute}`{whose}, or a JSON object with one of `in`, `nin`, `ne`, `gt`, `gte`, `lt`, `lte`."
            );
            (format!("filter[{resource}.{attribute}]").into(), about.into(), string(), example.into())
        }
        QueryParameter::Own { name, description, example, .. } => {
            (name.into(), description.into(), string(), example.into())
        }
    };
    let required = matches!(parameter, QueryParameter::Own { required: true, .. });
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(if required { Required::True } else { Required::False })
        .description(Some(description))
        .schema(Some(schema))
        .example(Some(example))
        .build()
}
