//! The schemas of a document: what its operations send and answer, as readers and generators of clients want them.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, Object, SchemaType, Type};
use utoipa::openapi::{Components, RefOr, Schema};

use super::decoupled;
use super::responses;
use crate::input::OnlyIn;
use crate::profile::{EmptyMembers, Rules};
use crate::route::RouteDef;

/// By name, in order.
type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Every schema that an operation leads to.
pub(super) fn of(rows: &[&'static RouteDef], rules: &Rules) -> Components {
    let mut collected: Vec<(String, RefOr<Schema>)> = Vec::new();
    let payloads = rows.iter().flat_map(|row| row.request.iter().chain(row.response.iter()));
    let refusals = rows.iter().flat_map(|row| responses::schemas(row, rules));
    // Many operations share a schema; each is made once.
    let roots = payloads.map(|payload| payload.schema).chain(refusals).map(|root| (root.name, root.collect));
    let roots: BTreeMap<&str, _> = roots.collect();
    roots.values().for_each(|collect| collect(&mut collected));
    let mut schemas: Schemas = collected.into_iter().collect();
    leave_out_what_is_elsewhere(&mut schemas);
    rows.iter().for_each(|row| leave_out_attributes(&mut schemas, row));
    for row in rows.iter().filter(|row| row.includes.is_empty()) {
        let includes =
            |other: &&&RouteDef| other.response.map(|of| of.schema.name) == row.response.map(|of| of.schema.name);
        if rows.iter().filter(includes).all(|other| other.includes.is_empty()) {
            leave_out_relations(&mut schemas, row);
        }
    }
    if rules.empty_members == EmptyMembers::LeftOut {
        schemas.values_mut().for_each(decoupled::schema);
    }
    let leaves: BTreeMap<String, Object> =
        schemas.iter().filter_map(|(name, schema)| Some((name.clone(), leaf(schema)?))).collect();
    schemas.values_mut().for_each(|schema| tidy(schema, &leaves));
    let reached = reached(&schemas, roots.keys().copied());
    schemas.retain(|name, _| reached.contains(name));
    let mut components = Components::new();
    components.schemas = schemas.into_iter().collect();
    components
}

/// What another application includes has no schema here.
fn leave_out_what_is_elsewhere(schemas: &mut Schemas) {
    let names: BTreeSet<String> = schemas.keys().cloned().collect();
    for schema in schemas.values_mut() {
        if let RefOr::T(Schema::OneOf(one)) = schema {
            one.items.retain(|item| referred(item).is_none_or(|name| names.contains(name)));
            if let [single] = one.items.as_slice() {
                *schema = single.clone();
            }
        }
    }
}

/// Attributes that only other applications have are not there in this one.
fn leave_out_attributes(schemas: &mut Schemas, row: &RouteDef) {
    for limits in row.limits {
        let Some(object) = object_mut(schemas, limits.schema) else { continue };
        let is_here = |name: &str| OnlyIn::allows(limits.only_in, name, row.application);
        object.properties.retain(|name, _| is_here(name));
        object.required.retain(|name| is_here(name));
    }
}

/// Where nothing can be included, documents do not say that there is something.
fn leave_out_relations(schemas: &mut Schemas, row: &RouteDef) {
    let Some(document) = row.response.and_then(|response| object_mut(schemas, response.schema.name)) else { return };
    document.properties.shift_remove("included");
    let data = match document.properties.get("data") {
        Some(RefOr::T(Schema::Array(list))) => match &list.items {
            ArrayItems::RefOrSchema(item) => referred(item),
            ArrayItems::False => None,
        },
        Some(data) => referred(data),
        None => None,
    };
    let Some(data) = data.map(str::to_owned) else { return };
    if let Some(resource) = object_mut(schemas, &data) {
        resource.properties.shift_remove("relationships");
    }
}

fn object_mut<'a>(schemas: &'a mut Schemas, name: &str) -> Option<&'a mut Object> {
    match schemas.get_mut(name)? {
        RefOr::T(Schema::Object(object)) => Some(object),
        RefOr::T(_) | RefOr::Ref(_) => None,
    }
}

fn referred(schema: &RefOr<Schema>) -> Option<&str> {
    match schema {
        RefOr::Ref(to) => to.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    }
}

/// A text with one form, a day or the name of a type: as a component of its own it would hide, in many languages, a type
/// of the same name.
fn leaf(schema: &RefOr<Schema>) -> Option<Object> {
    let RefOr::T(Schema::Object(object)) = schema else { return None };
    let single = object.enum_values.as_ref().is_none_or(|words| words.len() == 1);
    (single && object.schema_type == SchemaType::from(Type::String)).then(|| object.clone())
}

/// Puts leaves where they are used, says `null` as a type, leaves out sizes of integers, and tells readers only what is
/// for them.
fn tidy(schema: &mut RefOr<Schema>, leaves: &BTreeMap<String, Object>) {
    if let RefOr::Ref(to) = schema {
        let Some(leaf) = to.ref_location.rsplit('/').next().and_then(|name| leaves.get(name)) else { return };
        let mut leaf = leaf.clone();
        leaf.description = match leaf.description.filter(|_| leaf.enum_values.is_none()) {
            Some(own) if to.description.is_empty() => Some(own),
            Some(own) => Some(format!("{} {own}", to.description)),
            None => (!to.description.is_empty()).then(|| to.description.clone()),
        };
        *schema = RefOr::T(Schema::Object(leaf));
    }
    let RefOr::T(inner) = schema else { return };
    match inner {
        Schema::Object(object) => {
            if object.schema_type == SchemaType::from(Type::Integer)
                || object.schema_type == SchemaType::from_iter([Type::Integer, Type::Null])
            {
                object.format = None;
            }
            object.properties.values_mut().for_each(|property| tidy(property, leaves));
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                tidy(values, leaves);
            }
        }
        Schema::Array(list) => {
            if let ArrayItems::RefOrSchema(items) = &mut list.items {
                tidy(items, leaves);
            }
        }
        Schema::OneOf(one) => {
            one.items.iter_mut().for_each(|item| tidy(item, leaves));
            if let Some(mut text) = perhaps_a_text(&one.items) {
                text.description = text.description.or(one.description.take());
                *inner = Schema::Object(text);
            }
        }
        Schema::AllOf(all) => all.items.iter_mut().for_each(|item| tidy(item, leaves)),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(|item| tidy(item, leaves)),
        _ => {}
    }
}

/// A text or `null`, as one schema of two types.
fn perhaps_a_text(items: &[RefOr<Schema>]) -> Option<Object> {
    let of = |wanted: Type| {
        items.iter().find_map(|item| match item {
            RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::from(wanted.clone()) => Some(object),
            RefOr::T(_) | RefOr::Ref(_) => None,
        })
    };
    let (text, _) = (of(Type::String)?, of(Type::Null)?);
    let mut text = (items.len() == 2).then(|| text.clone())?;
    text.schema_type = SchemaType::from_iter([Type::String, Type::Null]);
    Some(text)
}

/// The names that lead on from `roots`.
fn reached<'a>(schemas: &Schemas, roots: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut open: Vec<String> = roots.map(str::to_owned).collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some(schema) = schemas.get(&name).filter(|_| reached.insert(name)) else { continue };
        let text = serde_json::to_string(schema).unwrap_or_default();
        let names = text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
        open.extend(names.map(str::to_owned));
    }
    reached
}
