//! Schemas of the documents, by name.

use utoipa::openapi::schema::{OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};

use crate::input::OnlyIn;

/// A schema of the documents, by name.
#[derive(Clone, Copy, Debug)]
pub struct SchemaDef {
    /// The name under `components/schemas`.
    pub name: &'static str,
    /// Adds the schema and those it refers to.
    pub collect: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl SchemaDef {
    /// The definition of `T` under its own name.
    #[must_use]
    pub const fn of<T: utoipa::ToSchema>(name: &'static str) -> Self {
        Self { name, collect: collect::<T> }
    }
}

/// The attributes of a schema that only some applications have.
#[derive(Clone, Copy, Debug)]
pub struct SchemaLimits {
    /// The name of the schema.
    pub schema: &'static str,
    /// Its attributes, each with the applications that have it.
    pub only_in: &'static [OnlyIn],
}

/// A body, going in or coming out.
#[derive(Clone, Copy, Debug)]
pub struct BodyDef {
    /// Its schema.
    pub schema: SchemaDef,
    /// An example that validates against it, as JSON.
    pub example: &'static str,
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
