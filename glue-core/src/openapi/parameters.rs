//! What every JSON:API operation understands beside its own parameters.

use serde_json::Value;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use super::text;
use crate::codes;
use crate::document::MEDIA_TYPE;
use crate::entity_tag::EntityTags;
use crate::profile::{Dialect, Rules};
use crate::route::{RouteDef, Verb, Wire};

pub(super) fn of(row: &RouteDef, rules: &Rules) -> Vec<Parameter> {
    if row.wire != Wire::JsonApi {
        return Vec::new();
    }
    let mut parameters = Vec::new();
    if rules.dialect == Dialect::Decoupled {
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
    if row.errors.iter().any(|error| error.row.code == codes::NO_FACTOR_CODE.code) {
        let mut code = header("X-MFA-Code", "The code of the second factor that was sent.", "123456");
        code.required = Required::True;
        parameters.push(code);
    }
    if row.asks_for_code() {
        let about = "The code of the second factor, from callers who have activated one.";
        parameters.push(header("X-MFA-Code", about, "123456"));
    }
    if row.entity_tags != EntityTags::None {
        let (tag, reads) = ("\"5d41402abc4b2a76b9719d911017c592\"", matches!(row.verb, Verb::Get));
        let writes = matches!(row.verb, Verb::Patch | Verb::Delete);
        if reads {
            parameters.push(header(
                "If-None-Match",
                "The entity tag that is known already; 304 when it is still the one.",
                tag,
            ));
        }
        if writes {
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
