//! The tables of others that queries of one resource touch.

use super::columns::{ColumnView, key_type, sql_name};
use super::types;
use crate::definition::{Attribute, Computed, Definition, Storage, Tie};
use crate::names;

/// A table of another resource, with the columns that queries here need of it.
pub(super) struct TableView {
    /// Its name in the database.
    table: String,
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) key: String,
    pub(super) columns: Vec<ColumnView>,
}

/// The tables of others that queries touch: those whose rows are counted, and those in front.
pub(super) fn of(definition: &Definition) -> Vec<TableView> {
    let computed = definition.attributes.iter().filter_map(computed);
    let own = definition.storage.as_ref().map(|storage| storage.table.it.as_str());
    let referred = definition.attributes.iter().filter_map(|a| a.references.as_ref()?.rows.as_ref());
    let referred = referred.filter(|rows| own != Some(rows.table.as_str())).map(|rows| {
        let mut columns = vec![(rows.key.as_str(), "BigInt"), (&rows.id, "Text")];
        columns.extend(rows.owner.as_ref().map(|(_, at)| (at.column.as_str(), key_type(at.identifier))));
        columns.extend(rows.deleted.iter().map(|column| (column.as_str(), "Nullable<Timestamp>")));
        view(&rows.table, &rows.key, &columns)
    });
    let related = definition.list.related.iter().filter_map(|filter| filter.rows.as_ref());
    let related = related.filter(|rows| own != Some(rows.table.as_str())).map(|rows| {
        let (compared, ty) = (rows.attribute.column_name(), types::sql_type(&rows.attribute));
        let mut columns = vec![(rows.key.as_str(), "BigInt"), (&compared, ty.as_str())];
        columns.push(match &rows.tie {
            Tie::Children(column) => (column, "BigInt"),
            Tie::Reference { id, .. } => (id, "Text"),
        });
        columns.extend(rows.deleted.iter().map(|column| (column.as_str(), "Nullable<Timestamp>")));
        view(&rows.table, &rows.key, &columns)
    });
    let links = definition.links.iter().flat_map(|link| {
        let (refers, id) = (link.attribute.column_name(), link.from.id.column_name());
        let ty = types::sql_type(&link.attribute);
        let mut columns =
            vec![(link.key.as_str(), "BigInt"), (&refers, ty.as_str()), (&link.from.referred_by, "BigInt")];
        columns.extend(link.deleted.iter().map(|column| (column.as_str(), "Nullable<Timestamp>")));
        let from = view(&link.from.table, &link.from.key, &[(&link.from.key, "BigInt"), (&id, "Text")]);
        [view(&link.table, &link.key, &columns), from]
    });
    let mut above: Option<&str> = None;
    let ancestors = definition.ancestors.iter().map(|ancestor| {
        let id = ancestor.id.column_name();
        let mut columns = vec![(ancestor.key.as_str(), "BigInt"), (&id, "Text")];
        if let Some((_, owner)) = &ancestor.owner {
            columns.push((&owner.column, key_type(owner.identifier)));
        }
        columns.extend(ancestor.deleted.iter().map(|column| (column.as_str(), "Nullable<Timestamp>")));
        columns.extend(above.replace(&ancestor.referred_by).map(|fk| (fk, "BigInt")));
        view(&ancestor.table, &ancestor.key, &columns)
    });
    let mut tables: Vec<TableView> = Vec::new();
    for table in computed.chain(referred).chain(related).chain(links).chain(ancestors) {
        match tables.iter_mut().find(|known| known.table == table.table) {
            // The key of the one that stands first will do: no query here updates another resource's row.
            Some(known) => known.columns.extend(table.columns),
            None => tables.push(table),
        }
    }
    for table in &mut tables {
        unique(&mut table.columns);
    }
    tables
}

/// Each column once.
pub(super) fn unique(columns: &mut Vec<ColumnView>) {
    let mut seen: Vec<String> = Vec::new();
    columns.retain(|column| {
        let fresh = !seen.contains(&column.name);
        seen.push(column.name.clone());
        fresh
    });
}

/// All tables of this file, when they are more than one.
pub(super) fn together(definition: &Definition, storage: &Storage) -> String {
    let mut all = vec![names::table(&storage.table.it)];
    all.extend(of(definition).into_iter().map(|table| table.name));
    if all.len() > 1 { all.join(", ") } else { String::new() }
}

/// A table by its name, with its key and some columns.
fn view(table: &str, key: &str, columns: &[(&str, &str)]) -> TableView {
    TableView {
        name: names::table(table),
        sql: sql_name(table, &names::table(table)),
        key: names::column(table, key),
        columns: columns.iter().map(|(column, ty)| ColumnView::new(table, column, ty)).collect(),
        table: table.to_owned(),
    }
}

/// The table that a computed attribute reads.
fn computed(attribute: &Attribute) -> Option<TableView> {
    let computed = attribute.computed.as_ref()?;
    // An average is a text here, of integers there.
    let folded =
        |nullable: bool| types::sql_type(&Attribute { nullable, ..attribute.clone() }).replace("Text", "BigInt");
    let (key, mut columns, deleted) = match computed {
        Computed::Count { by, deleted, .. } => (by, vec![(by, "BigInt".to_owned())], deleted),
        Computed::Fold { take, by, deleted, nullable, .. } => {
            (by, vec![(by, "BigInt".to_owned()), (take, folded(*nullable))], deleted)
        }
        Computed::Lookup { take, key, deleted, .. } => {
            (key, vec![(key, "Text".to_owned()), (take, "Text".to_owned())], deleted)
        }
    };
    columns.extend(deleted.iter().map(|column| (column, "Nullable<Timestamp>".to_owned())));
    let columns: Vec<(&str, &str)> = columns.iter().map(|(name, ty)| (name.as_str(), ty.as_str())).collect();
    Some(view(computed.table(), key, &columns))
}
