//! Columns: how Diesel and Rust call them.

use super::quote::RustStr;
use crate::definition::{Attribute, Definition, Identifier, OwnerColumn};
use crate::names;

pub(super) struct OwnerView {
    pub(super) column: String,
    pub(super) getter: &'static str,
}

pub(super) struct ColumnView {
    pub(super) name: String,
    /// The name in the database, where it cannot be the one in Rust.
    pub(super) sql: String,
    pub(super) ty: String,
}

impl ColumnView {
    pub(super) fn new(table: &str, column: &str, ty: &str) -> Self {
        let name = names::column(table, column);
        Self { sql: sql_name(column, &name), name, ty: ty.to_owned() }
    }
}

/// How Diesel is told of a name that Rust cannot have.
pub(super) fn sql_name(sql: &str, rust: &str) -> String {
    if sql == rust { String::new() } else { format!("#[sql_name = {}]", RustStr(sql)) }
}

pub(super) fn key_type(identifier: Identifier) -> &'static str {
    if identifier == Identifier::Surrogate { "BigInt" } else { "Text" }
}

pub(super) fn owner_view(table: &str, owner: &OwnerColumn) -> OwnerView {
    OwnerView {
        column: names::column(table, &owner.column),
        getter: if owner.identifier == Identifier::Surrogate { "surrogate" } else { "natural" },
    }
}

/// The column of an attribute in its resource's own table.
pub(super) fn own_column(definition: &Definition, attribute: &Attribute) -> String {
    let table = definition.storage.as_ref().map_or("", |storage| storage.table.it.as_str());
    names::column(table, &attribute.column_name())
}
