//! The JSON Schema of a definition file, for editors: what keys there are, and what each says.

/// The schema, JSON Schema 2020-12.
pub const RESOURCE: &str = include_str!("../schema/resource.v1.json");
