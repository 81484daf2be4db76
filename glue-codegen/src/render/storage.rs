//! The table and the columns of one resource, as its templates see them.

use super::columns::{ColumnView, OwnerView, key_type, own_column, owner_view, sql_name};
use super::filters::FilterView;
use super::links::LinkView;
use super::quote::RustStr;
use super::states::{self, ReferenceView, TransitionView};
use super::tables::{self, TableView};
use super::{examples, filters, links, types};
use crate::definition::{Ancestor, At, Attribute, Computed, Definition, Fold, Kind, OwnerKind, Storage, VerbName};
use crate::names;
use crate::rows::Row;

pub(super) struct StorageView {
    pub(super) table: String,
    pub(super) sql: String,
    pub(super) key: String,
    pub(super) id_column: String,
    /// Whether `mine` stands for the id of the owner's row.
    pub(super) mine: bool,
    pub(super) owner: Option<OwnerView>,
    /// The kind of caller whom the rows belong to, as a type.
    pub(super) owner_kind: &'static str,
    pub(super) columns: Vec<ColumnView>,
    pub(super) fields: Vec<RowFieldView>,
    pub(super) sorts: Vec<SortView>,
    /// The order of rows when clients ask for none.
    pub(super) order: String,
    pub(super) create: Vec<SetView>,
    pub(super) update: Vec<SetView>,
    /// The column that says when a row was deleted, where deleted rows are kept.
    pub(super) deleted: Option<String>,
    pub(super) created_at: bool,
    pub(super) updated_at: bool,
    pub(super) ancestors: Vec<AncestorView>,
    pub(super) filters: Vec<FilterView>,
    pub(super) together: String,
    pub(super) tables: Vec<TableView>,
    pub(super) reaches: Vec<ReachView>,
    pub(super) links: Vec<LinkView>,
    pub(super) owned_queries: String,
    pub(super) unscoped_queries: String,
    pub(super) duplicates: bool,
    /// The rows that a new one, or a change, has to find.
    pub(super) references: Vec<ReferenceView>,
    /// The states from which a change leads to what is sent.
    pub(super) transitions: Vec<TransitionView>,
}

/// A resource in front of this one.
pub(super) struct AncestorView {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) id_column: String,
    /// Whether `mine` stands for the id of the owner's row.
    pub(super) mine: bool,
    /// Its field among the parents of a request.
    pub(super) field: String,
    pub(super) owner: Option<OwnerView>,
    /// The column that says when a row was deleted, where deleted rows are kept.
    pub(super) deleted: Option<String>,
    /// The column of the next table that refers to its key.
    pub(super) referred_by: String,
}

/// A query that includes lead to.
pub(super) struct ReachView {
    pub(super) kind: &'static str,
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
    /// What gives it its value before the row is written, as a statement; nothing where it is sent or said.
    pub(super) before: String,
    pub(super) column: String,
    pub(super) ident: String,
    pub(super) value: String,
    pub(super) required: bool,
}

impl StorageView {
    /// Whether a new row takes something of its body.
    pub(super) fn reads_input(&self) -> bool {
        self.create.iter().any(|set| set.value.contains("input."))
    }

    /// The references in the body of a verb.
    pub(super) fn refers(&self, key: &str) -> Vec<&ReferenceView> {
        self.references.iter().filter(|reference| reference.key == key).collect()
    }

    /// The first reference, where nothing but a reference can have gone: an owner's number is one too.
    pub(super) fn lost_reference(&self) -> Option<&ReferenceView> {
        self.references.first().filter(|_| !self.is_tied())
    }

    /// Whether a row refers to its owner's.
    pub(super) fn is_tied(&self) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.getter == "surrogate")
    }

    /// Whether an owner bounds one of them.
    pub(super) fn refers_to_owned(&self, key: &str, owned: &bool) -> bool {
        *owned && self.refers(key).iter().any(|reference| reference.owner.is_some())
    }

    /// What bounds a query, as parameters: the owner, and the ids of the path.
    pub(super) fn bounds(&self, owned: &bool, one: &str, module: &str) -> String {
        let kind = self.owner_kind;
        let owner = if *owned { format!("owner: &glue_core::identity::Owner<{kind}>, ") } else { String::new() };
        if self.ancestors.is_empty() {
            return owner;
        }
        format!("{owner}parents: &crate::generated::{module}::attributes::{one}Parents,")
    }

    /// The row that the path names, as a condition. Nobody's row is `mine` where rows are everybody's.
    pub(super) fn this_row(&self, owned: &bool) -> String {
        let mine = if self.mine && *owned { ".or(id.is_mine().into_sql::<diesel::sql_types::Bool>())" } else { "" };
        format!(".filter({}::{}.eq(id.as_str()){mine})", self.table, self.id_column)
    }

    /// The same as conditions.
    pub(super) fn bounded(&self, owned: &bool) -> String {
        let mut text = match &self.owner {
            Some(owner) if *owned => format!(".filter({}::{}.eq(owner.{}()))", self.table, owner.column, owner.getter),
            _ => String::new(),
        };
        if let Some(nearest) = self.ancestors.last() {
            let keys = self.keys_of(self.ancestors.len(), *owned);
            text.push_str(&format!(".filter({}::{}.eq_any({keys}))", self.table, nearest.referred_by));
        }
        text.push_str(&self.kept());
        text
    }

    /// Leaves out rows that were deleted and are kept.
    pub(super) fn kept(&self) -> String {
        self.deleted.as_ref().map(|column| format!(".filter({}::{column}.is_null())", self.table)).unwrap_or_default()
    }

    /// The key of the parent that the path names, as a query.
    pub(super) fn parent_key(&self, owned: &bool) -> String {
        self.keys_of(self.ancestors.len(), *owned)
    }

    /// The keys of the ancestor number `depth`, counted from one, that the path names and the caller may reach.
    fn keys_of(&self, depth: usize, owned: bool) -> String {
        let Some(ancestor) = depth.checked_sub(1).and_then(|at| self.ancestors.get(at)) else { return String::new() };
        let AncestorView { table, key, id_column, field, owner, deleted, .. } = ancestor;
        let mine = if ancestor.mine && owned {
            format!(".or(parents.{field}.is_mine().into_sql::<diesel::sql_types::Bool>())")
        } else {
            String::new()
        };
        let mut text = format!("{table}::table.filter({table}::{id_column}.eq(parents.{field}.as_str()){mine})");
        if let Some(column) = deleted {
            text.push_str(&format!(".filter({table}::{column}.is_null())"));
        }
        if let Some(owner) = owner.as_ref().filter(|_| owned) {
            text.push_str(&format!(".filter({table}::{}.eq(owner.{}()))", owner.column, owner.getter));
        }
        if let Some(above) = depth.checked_sub(2).and_then(|at| self.ancestors.get(at)) {
            let keys = self.keys_of(depth - 1, owned);
            text.push_str(&format!(".filter({table}::{}.eq_any({keys}))", above.referred_by));
        }
        text.push_str(&format!(".select({table}::{key})"));
        text
    }

    /// The parent in front of this resource.
    pub(super) fn nearest(&self) -> Option<&AncestorView> {
        self.ancestors.last()
    }

    /// Narrows an include to the rows of an owner, wherever the owner stands in the family; empty when nobody owns them.
    pub(super) fn reached(&self) -> String {
        if let Some(owner) = &self.owner {
            return format!("query = query.filter({}::{}.eq(owner.{}()));", self.table, owner.column, owner.getter);
        }
        let Some(at) = self.ancestors.iter().rposition(|ancestor| ancestor.owner.is_some()) else {
            return String::new();
        };
        let mut keys = String::new();
        for (ancestor, next) in self.ancestors.iter().zip(self.ancestors.iter().skip(1)).skip(at) {
            let AncestorView { table, key, owner, referred_by, .. } = ancestor;
            let narrowed = match owner {
                Some(owner) if keys.is_empty() => {
                    format!(".filter({table}::{}.eq(owner.{}()))", owner.column, owner.getter)
                }
                _ => keys,
            };
            let keys_here = format!("{table}::table{narrowed}.select({table}::{key})");
            keys = format!(".filter({}::{referred_by}.eq_any({keys_here}))", next.table);
        }
        let Some(nearest) = self.ancestors.last() else { return String::new() };
        match &nearest.owner {
            Some(owner) if at + 1 == self.ancestors.len() => {
                format!("query = query.filter({}::{}.eq(owner.{}()));", nearest.table, owner.column, owner.getter)
            }
            _ => format!("query = query{keys};"),
        }
    }
}

/// The kind of caller whom the rows of a resource belong to, as a type.
pub(super) fn owner_kind(definition: &Definition) -> &'static str {
    match definition.owned().map_or(definition.owner_kind, |owned| owned.kind) {
        OwnerKind::Customer => "glue_core::identity::Customer",
        OwnerKind::User => "glue_core::identity::User",
    }
}

/// The storage of a resource, when it has one.
pub(super) fn of(definition: &Definition, rows: &[Row<'_>]) -> Option<StorageView> {
    let storage = definition.storage.as_ref()?;
    let id = definition.attributes.iter().find(|attribute| attribute.id);
    let stored: Vec<&Attribute> = definition.attributes.iter().filter(|a| !a.id && a.is_column()).collect();
    let owned = definition.owner.as_ref().filter(|_| rows.iter().any(|row| row.owner.is_some()));
    let own = storage.table.it.as_str();
    let owner = owned.map(|at| owner_view(own, &crate::family::owner_column(definition, &at.it)));
    let column = |name: &str, ty: &str| ColumnView::new(own, name, ty);
    let mut columns = vec![column(&storage.key, "BigInt")];
    columns.extend(id.map(|id| column(&id.column_name(), "Text")));
    columns.extend(storage.owner.as_ref().map(|owner| column(&owner.column, key_type(owner.identifier))));
    columns.extend(definition.ancestors.last().map(|a| column(&a.referred_by, "BigInt")));
    columns.extend(storage.deleted.as_ref().map(|at| column(&at.it, "Nullable<Timestamp>")));
    columns.extend(stored.iter().map(|a| column(&a.column_name(), &types::sql_type(a))));
    let mine = definition.attributes.iter().filter_map(|a| a.references.as_ref()?.rows.as_ref());
    for rows in mine.filter(|rows| rows.table == own) {
        columns.extend(rows.deleted.as_ref().map(|deleted| column(deleted, "Nullable<Timestamp>")));
        columns.extend(rows.owner.as_ref().map(|(_, at)| column(&at.column, key_type(at.identifier))));
        columns.push(column(&rows.id, "Text"));
    }
    tables::unique(&mut columns);
    let has = |name: &str| stored.iter().any(|attribute| attribute.name.it == name);
    Some(StorageView {
        table: names::table(own),
        sql: sql_name(own, &names::table(own)),
        key: names::column(own, &storage.key),
        id_column: id.map(|id| names::column(own, &id.column_name())).unwrap_or_default(),
        mine: definition.mine.is_some(),
        owner,
        owner_kind: owner_kind(definition),
        columns,
        tables: tables::of(definition),
        together: tables::together(definition, storage),
        ancestors: ancestors(definition),
        filters: filters::of(definition, storage),
        reaches: reaches(definition),
        links: links::of(definition, own, id),
        fields: definition
            .attributes
            .iter()
            .filter(|a| !a.id && a.access.reads())
            .map(|a| row_field(definition, storage, a))
            .collect(),
        sorts: definition.list.sort.iter().filter_map(|at| sort_view(definition, &at.it)).collect(),
        order: order(definition),
        create: sets(definition, VerbName::Post),
        update: sets(definition, VerbName::Patch),
        deleted: storage.deleted.as_ref().map(|at| names::column(own, &at.it)),
        created_at: has("createdAt"),
        updated_at: has("updatedAt"),
        owned_queries: String::new(),
        unscoped_queries: String::new(),
        references: states::references(definition),
        transitions: states::transitions(definition),
        duplicates: definition.errors.iter().any(|error| error.name.it == "duplicate"),
    })
}

/// The resources in front, each with the column of the next table that refers to it.
fn ancestors(definition: &Definition) -> Vec<AncestorView> {
    let own = definition.storage.as_ref().map_or("", |storage| storage.table.it.as_str());
    let below = definition.ancestors.iter().skip(1).map(|ancestor| ancestor.table.as_str()).chain([own]);
    definition.ancestors.iter().zip(below).map(|(ancestor, below)| ancestor_view(ancestor, below)).collect()
}

fn ancestor_view(ancestor: &Ancestor, below: &str) -> AncestorView {
    let table = ancestor.table.as_str();
    AncestorView {
        table: names::table(table),
        key: names::column(table, &ancestor.key),
        id_column: names::column(table, &ancestor.id.column_name()),
        mine: ancestor.mine,
        field: names::ident(&names::snake(&ancestor.singular)),
        owner: ancestor.owner.as_ref().map(|(_, owner)| owner_view(table, owner)),
        deleted: ancestor.deleted.as_ref().map(|column| names::column(table, column)),
        referred_by: names::column(below, &ancestor.referred_by),
    }
}

fn reaches(definition: &Definition) -> Vec<ReachView> {
    let of = |kind, wanted: bool| wanted.then_some(ReachView { kind });
    let target = definition.target;
    [of("below", target.child), of("by_id", target.by_id), of("of_owners", target.by_owner)]
        .into_iter()
        .flatten()
        .collect()
}

fn row_field(definition: &Definition, storage: &Storage, attribute: &Attribute) -> RowFieldView {
    let ident = names::ident(&names::snake(&attribute.name.it));
    let own = storage.table.it.as_str();
    let table = names::table(own);
    match &attribute.computed {
        Some(Computed::Count { table: counted, by, deleted }) => {
            let kept = deleted.as_ref().map(|column| states::kept(counted, column)).unwrap_or_default();
            let (other, by, key) =
                (names::table(counted), names::column(counted, by), names::column(own, &storage.key));
            RowFieldView {
                ty: "Option<i64>".into(),
                select: format!("{other}::table.filter({other}::{by}.eq({table}::{key})){kept}.count().single_value()"),
                convert: format!("row.{ident}.unwrap_or_default()"),
                ident,
            }
        }
        Some(Computed::Fold { fold, table: read, take, by, deleted, .. }) => {
            let other = names::table(read);
            let [take, by] = [take, by].map(|column| names::column(read, column));
            let kept = deleted.as_ref().map(|column| states::kept(read, column)).unwrap_or_default();
            let mine =
                format!("{other}::table.filter({other}::{by}.eq({table}::{}))", names::column(own, &storage.key));
            let (function, ty, convert) = folded(definition, attribute, *fold);
            RowFieldView {
                ty,
                select: format!("{mine}{kept}.select({function}({other}::{take})).single_value()"),
                convert,
                ident,
            }
        }
        Some(Computed::Lookup { table: read, take, key, by, deleted }) => {
            let other = names::table(read);
            let [take, key] = [take, key].map(|column| names::column(read, column));
            let by = names::column(own, by);
            let kept = deleted.as_ref().map(|column| states::kept(read, column)).unwrap_or_default();
            RowFieldView {
                ty: "Option<String>".into(),
                select: format!(
                    "{other}::table.filter({other}::{key}.eq({table}::{by})){kept}.select({other}::{take}).single_value()"
                ),
                convert: format!("row.{ident}"),
                ident,
            }
        }
        None => RowFieldView {
            ty: types::row_type(definition, attribute),
            select: format!("{table}::{}", names::column(own, &attribute.column_name())),
            convert: types::from_row(attribute, &ident),
            ident,
        },
    }
}

/// What makes one value of many: the function, the type that it gives, and how that becomes the attribute.
fn folded(definition: &Definition, attribute: &Attribute, fold: Fold) -> (&'static str, String, String) {
    let ident = names::ident(&names::snake(&attribute.name.it));
    let same = || (types::row_type(definition, attribute), types::from_row(attribute, &ident));
    let (function, (ty, convert)) = match fold {
        Fold::Sum => ("glue_core::db::sum", ("Option<i64>".into(), format!("row.{ident}.unwrap_or_default()"))),
        Fold::Average => {
            let convert = format!("row.{ident}.map(glue_core::value::hundredths)");
            ("glue_core::db::average", ("Option<i64>".into(), convert))
        }
        Fold::Min => ("diesel::dsl::min", same()),
        Fold::Max => ("diesel::dsl::max", same()),
    };
    (function, ty, convert)
}

/// The order of rows when clients ask for none, as calls.
fn order(definition: &Definition) -> String {
    let table = definition.storage.as_ref().map_or("", |storage| storage.table.it.as_str());
    let call = |(name, descends): &(At<String>, bool)| {
        let column = sort_view(definition, &name.it)?.column;
        let direction = if *descends { "desc" } else { "asc" };
        Some(format!(".then_order_by({}::{column}.{direction}())", names::table(table)))
    };
    definition.list.order.iter().filter_map(call).collect()
}

fn sort_view(definition: &Definition, name: &str) -> Option<SortView> {
    let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == name)?;
    Some(SortView { wire: RustStr(name).to_string(), column: own_column(definition, attribute) })
}

fn sets(definition: &Definition, verb: VerbName) -> Vec<SetView> {
    let sent = examples::written(definition, verb).filter(|attribute| attribute.is_column());
    let mut sets: Vec<SetView> = sent.map(|attribute| set(definition, attribute, verb)).collect();
    let new = |attribute: &&Attribute| verb == VerbName::Post && !attribute.access.writes(verb);
    for attribute in definition.attributes.iter().filter(new) {
        let ident = names::ident(&names::snake(&attribute.name.it));
        let column = own_column(definition, attribute);
        if let Some(fill) = &attribute.fill {
            let value = format!("filled_{}", names::snake(&attribute.name.it));
            let before = format!("let {value} = {}(conn)?;", fill.it);
            sets.push(SetView { before, column: column.clone(), ident: ident.clone(), value, required: true });
        }
        if let Some(mut value) = types::literal(attribute) {
            if matches!(attribute.kind, Kind::Int | Kind::Money) {
                value.push_str("_i64");
            }
            sets.push(SetView { before: String::new(), column, ident, value, required: true });
        }
    }
    sets
}

pub(super) fn set(definition: &Definition, attribute: &Attribute, verb: VerbName) -> SetView {
    let ident = names::ident(&names::snake(&attribute.name.it));
    let always = attribute.required.contains(&verb) || (verb == VerbName::Post && attribute.default.is_some());
    let wrapped = matches!(attribute.kind, Kind::Date | Kind::DateTime);
    let value = match (always, verb, attribute.nullable) {
        (true, _, _) if types::is_json(&attribute.kind) => format!("glue_core::db::Json(&input.{ident})"),
        (false, VerbName::Post, _) if types::is_json(&attribute.kind) => {
            format!("input.{ident}.as_ref().map(glue_core::db::Json)")
        }
        (false, _, true) if types::is_json(&attribute.kind) => "value.as_ref().map(glue_core::db::Json)".to_owned(),
        (false, _, false) if types::is_json(&attribute.kind) => "glue_core::db::Json(value)".to_owned(),
        (true, _, _) if wrapped => format!("input.{ident}.0"),
        (true, _, _) => format!("&input.{ident}"),
        (false, VerbName::Post, _) if wrapped => format!("input.{ident}.map(|at| at.0)"),
        (false, VerbName::Post, _) => format!("&input.{ident}"),
        (false, _, true) if wrapped => "value.map(|at| at.0)".to_owned(),
        (false, _, false) if wrapped => "value.0".to_owned(),
        (false, _, _) => "value".to_owned(),
    };
    SetView { before: String::new(), column: own_column(definition, attribute), ident, value, required: always }
}
