//! Parts that several rooms of a document are made of.

use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, Ref};

use super::decoupled;
use crate::profile::{EmptyMembers, Rules};
use crate::route::{BodyDef, JSON, MEDIA_TYPE, Wire};

/// One media type, also where others do as well: some generators make two types of one schema under two.
pub(super) fn media_in(wire: Wire) -> &'static str {
    match wire {
        Wire::JsonApi => MEDIA_TYPE,
        Wire::Form | Wire::Page => "application/x-www-form-urlencoded",
        Wire::Json(_) => JSON,
    }
}

pub(super) fn media_out(wire: Wire) -> &'static str {
    match wire {
        Wire::JsonApi => MEDIA_TYPE,
        Wire::Form | Wire::Json(_) => JSON,
        Wire::Page => "text/html",
    }
}

pub(super) fn content(payload: &BodyDef, rules: &Rules) -> utoipa::openapi::Content {
    let mut example: Value = serde_json::from_str(payload.example).unwrap_or(Value::Null);
    if rules.empty_members == EmptyMembers::LeftOut {
        decoupled::example(&mut example);
    }
    ContentBuilder::new().schema(Some(Ref::from_schema_name(payload.schema.name))).example(Some(example)).build()
}

pub(super) fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

pub(super) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}
