//! What clients filter a collection by, as the storage template sees it.

use super::columns::own_column;
use super::quote::RustStr;
use super::states;
use crate::definition::{Attribute, Definition, Kind, RelatedRows, Storage, Tie};
use crate::names;

/// An attribute that clients filter by.
pub(super) struct FilterView {
    /// The type of the resource that has it.
    pub(super) resource: String,
    pub(super) wire: String,
    pub(super) variant: String,
    /// The column, with its table.
    pub(super) column: String,
    pub(super) ty: String,
    pub(super) parse: &'static str,
    /// The related rows that are looked at, when it is not the resource's own.
    pub(super) related: Option<RelatedView>,
}

/// Related rows, as a query, and the column here that is among them.
pub(super) struct RelatedView {
    pub(super) rows: String,
    pub(super) column: String,
}

/// What clients filter by: attributes of the resource, and of what it is related to.
pub(super) fn of(definition: &Definition, storage: &Storage) -> Vec<FilterView> {
    let own = definition.list.filter.iter().filter_map(|at| {
        let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == at.it)?;
        let column = format!("{}::{}", names::table(&storage.table.it), own_column(definition, attribute));
        Some(filter_view(&definition.name.it, &at.it, names::variant(&at.it), attribute, column))
    });
    let related = definition.list.related.iter().filter_map(|filter| {
        let rows = filter.rows.as_ref()?;
        let table = names::table(&rows.table);
        let column = format!("{table}::{}", names::column(&rows.table, &rows.attribute.column_name()));
        let variant = names::variant(&format!("{}-{}", filter.resource, filter.name));
        let view = filter_view(&filter.resource, &filter.name, variant, &rows.attribute, column);
        Some(FilterView { related: Some(related_view(definition, storage, rows)?), ..view })
    });
    own.chain(related).collect()
}

fn related_view(definition: &Definition, storage: &Storage, rows: &RelatedRows) -> Option<RelatedView> {
    let (own, table) = (&storage.table.it, names::table(&rows.table));
    let kept = rows.deleted.as_ref().map(|column| states::kept(&rows.table, column)).unwrap_or_default();
    let (selected, column) = match &rows.tie {
        Tie::Children(by) => (names::column(&rows.table, by), names::column(own, &storage.key)),
        Tie::Reference { attribute, id } => {
            let attribute = definition.attributes.iter().find(|own| own.name.it == *attribute)?;
            let nullable = if attribute.nullable { ".nullable()" } else { "" };
            (names::column(&rows.table, id) + nullable, own_column(definition, attribute))
        }
    };
    Some(RelatedView {
        rows: format!("{table}::table.select({table}::{selected}){kept}"),
        column: format!("{}::{column}", names::table(own)),
    })
}

fn filter_view(resource: &str, name: &str, variant: String, attribute: &Attribute, column: String) -> FilterView {
    let (ty, parse) = match attribute.kind {
        Kind::Int | Kind::Money => ("i64", "integer"),
        Kind::Bool => ("bool", "flag"),
        Kind::Date => ("time::Date", "day"),
        Kind::DateTime => ("time::PrimitiveDateTime", "point_in_time"),
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Map => ("String", "text"),
    };
    FilterView {
        resource: RustStr(resource).to_string(),
        wire: RustStr(name).to_string(),
        variant,
        column,
        ty: ty.into(),
        parse,
        related: None,
    }
}
