//! Resources in the decoupled dialect: members that are empty are left out, an `id` that is `null` and attributes of which
//! nobody wants any (reference/framework.md §2.9).

use serde_json::Value;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};

/// The schema of a resource object; an id that could be `null` is a text where there is one.
pub(super) fn schema(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    if !["type", "attributes", "links"].iter().all(|member| object.properties.contains_key(*member)) {
        return;
    }
    object.required.retain(|member| member != "attributes");
    if let Some(RefOr::T(Schema::Object(id))) = object.properties.get_mut("id")
        && id.schema_type == SchemaType::from_iter([Type::String, Type::Null])
    {
        id.schema_type = Type::String.into();
        id.description = Some("The id; there is none where a resource has no id.".to_owned());
        object.required.retain(|member| member != "id");
    }
}

/// The example of a document.
pub(super) fn example(document: &mut Value) {
    match document.get_mut("data") {
        Some(Value::Array(resources)) => resources.iter_mut().for_each(resource),
        Some(data) => resource(data),
        None => {}
    }
}

fn resource(resource: &mut Value) {
    if let Some(members) = resource.as_object_mut().filter(|members| members.contains_key("attributes")) {
        members.retain(|name, value| name != "id" || !value.is_null());
    }
}
