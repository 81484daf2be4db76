//! The table and the columns of one resource, as its templates see them.

use super::quote::RustStr;
use super::{examples, types};
use crate::definition::{Attribute, Definition, Identifier, VerbName};
use crate::names;
use crate::rows::Row;

pub(super) struct StorageView {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) id_column: String,
    pub(super) owner: Option<OwnerView>,
    pub(super) columns: Vec<ColumnView>,
    pub(super) counts: Vec<CountView>,
    pub(super) fields: Vec<RowFieldView>,
    pub(super) sorts: Vec<SortView>,
    pub(super) create: Vec<SetView>,
    pub(super) update: Vec<SetView>,
    pub(super) created_at: bool,
    pub(super) updated_at: bool,
    pub(super) owned_queries: String,
    pub(super) unscoped_queries: String,
    pub(super) duplicates: bool,
}

pub(super) struct OwnerView {
    pub(super) column: String,
    pub(super) getter: &'static str,
}

pub(super) struct ColumnView {
    pub(super) name: String,
    pub(super) ty: String,
}

pub(super) struct CountView {
    pub(super) table: String,
    pub(super) by: String,
}

pub(super) struct RowFieldView {
    pub(super) ident: String,
    pub(super) ty: String,
    pub(super) select: String,
    pub(super) convert: String,
}

pub(super) struct SortView {
    pub(super) wire: String,
    pub(super) column: String,
}

pub(super) struct SetView {
    pub(super) column: String,
    pub(super) ident: String,
    pub(super) required: bool,
}

impl StorageView {
    /// The owner as a parameter.
    pub(super) fn owner_parameter(&self, owned: &bool) -> &'static str {
        if *owned { "owner: &glue_core::identity::Owner," } else { "" }
    }

    /// The owner as a condition.
    pub(super) fn owner_filter(&self, owned: &bool) -> String {
        match &self.owner {
            Some(owner) if *owned => format!(".filter({}::{}.eq(owner.{}()))", self.table, owner.column, owner.getter),
            _ => String::new(),
        }
    }
}

/// The storage of a resource, when it has one.
pub(super) fn of(definition: &Definition, rows: &[Row<'_>]) -> Option<StorageView> {
    let storage = definition.storage.as_ref()?;
    let id = definition.attributes.iter().find(|attribute| attribute.id);
    let stored: Vec<&Attribute> = definition.attributes.iter().filter(|a| !a.id && a.computed.is_none()).collect();
    let owner = rows.iter().find_map(|row| row.owner).map(|attribute| owner_view(definition, attribute));
    let mut columns = vec![ColumnView { name: storage.key.clone(), ty: "BigInt".into() }];
    columns.extend(id.map(|id| ColumnView { name: types::column(id), ty: "Text".into() }));
    columns.extend(storage.owner.as_ref().map(|owner| ColumnView {
        name: owner.column.clone(),
        ty: if owner.identifier == Identifier::Surrogate { "BigInt".into() } else { "Text".into() },
    }));
    columns.extend(stored.iter().map(|a| ColumnView { name: types::column(a), ty: types::sql_type(a) }));
    let has = |name: &str| stored.iter().any(|attribute| attribute.name.it == name);
    Some(StorageView {
        table: storage.table.it.clone(),
        key: storage.key.clone(),
        id_column: id.map(types::column).unwrap_or_default(),
        owner,
        columns,
        counts: definition
            .attributes
            .iter()
            .filter_map(|a| a.computed.as_ref())
            .map(|c| CountView { table: c.count.clone(), by: c.by.clone() })
            .collect(),
        fields: definition
            .attributes
            .iter()
            .filter(|a| !a.id && a.access.reads())
            .map(|a| row_field(&storage.table.it, &storage.key, a))
            .collect(),
        sorts: definition.list.sort.iter().filter_map(|at| sort_view(definition, &at.it)).collect(),
        create: sets(definition, VerbName::Post),
        update: sets(definition, VerbName::Patch),
        created_at: has("createdAt"),
        updated_at: has("updatedAt"),
        owned_queries: String::new(),
        unscoped_queries: String::new(),
        duplicates: definition.errors.iter().any(|error| error.name.it == "duplicate"),
    })
}

fn owner_view(definition: &Definition, attribute: &str) -> OwnerView {
    match definition.storage.as_ref().and_then(|storage| storage.owner.as_ref()) {
        Some(owner) => OwnerView {
            column: owner.column.clone(),
            getter: if owner.identifier == Identifier::Surrogate { "surrogate" } else { "natural" },
        },
        None => {
            let column = definition.attributes.iter().find(|a| a.name.it == attribute).map(types::column);
            OwnerView { column: column.unwrap_or_else(|| names::snake(attribute)), getter: "natural" }
        }
    }
}

fn row_field(table: &str, key: &str, attribute: &Attribute) -> RowFieldView {
    let ident = names::ident(&names::snake(&attribute.name.it));
    match &attribute.computed {
        Some(computed) => RowFieldView {
            ty: "Option<i64>".into(),
            select: format!(
                "{0}::table.filter({0}::{1}.eq({table}::{key})).count().single_value()",
                computed.count, computed.by
            ),
            convert: format!("row.{ident}.unwrap_or_default()"),
            ident,
        },
        None => RowFieldView {
            ty: types::row_type(attribute),
            select: format!("{table}::{}", types::column(attribute)),
            convert: types::from_row(attribute, &ident),
            ident,
        },
    }
}

fn sort_view(definition: &Definition, name: &str) -> Option<SortView> {
    let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == name)?;
    Some(SortView { wire: RustStr(name).to_string(), column: types::column(attribute) })
}

fn sets(definition: &Definition, verb: VerbName) -> Vec<SetView> {
    let set = |attribute: &Attribute| SetView {
        column: types::column(attribute),
        ident: names::ident(&names::snake(&attribute.name.it)),
        required: attribute.required.contains(&verb),
    };
    examples::written(definition, verb).filter(|attribute| attribute.computed.is_none()).map(set).collect()
}
