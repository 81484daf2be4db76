//! The tables that definitions ask for: what their migrations lead to, in words that every dialect has.

use std::collections::BTreeMap;
use std::fmt;

use crate::definition::{At, Attribute, Definition, Identifier, Kind, OwnerKind, Referred};
use crate::family::owner_column;
use crate::names;
use crate::workspace::Workspace;

/// Every table of a workspace, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema(pub BTreeMap<String, Table>);

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its primary key, a number that the database counts up.
    pub key: String,
    /// Its other columns, in the order of the definition.
    pub columns: Vec<(String, Column)>,
    /// Columns that are unique together.
    pub uniques: Vec<Vec<String>>,
    /// Columns that rows are found by.
    pub indexes: Vec<Vec<String>>,
    /// Columns that hold one of some words, or nothing.
    pub checks: Vec<Check>,
}

/// The words that a column can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The column.
    pub column: String,
    /// The words.
    pub words: Vec<String>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether it can be empty.
    pub nullable: bool,
    /// The table and the key of the row that it refers to; rows go with it when it goes, if so said.
    pub references: Option<Reference>,
    /// What rows have in it that are there when it is added, as JSON.
    pub default: Option<String>,
}

impl Column {
    fn new(kind: ColumnKind) -> Self {
        Self { kind, nullable: false, references: None, default: None }
    }

    /// Whether no migration leads from one to the other. What new rows have is said by whoever adds them.
    #[must_use]
    pub fn is_stored_as(&self, other: &Self) -> bool {
        (self.kind, self.nullable, &self.references) == (other.kind, other.nullable, &other.references)
    }
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The other table.
    pub table: String,
    /// Its key.
    pub key: String,
    /// Whether this row goes when that one does.
    pub cascades: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A text of so many characters at most, compared byte by byte.
    Varchar(u32),
    /// A text of any length.
    Text,
    /// A number of 64 bits.
    BigInt,
    /// `true` or `false`.
    Bool,
    /// A day.
    Date,
    /// A point in time, to the microsecond.
    Timestamp,
}

/// How long a text is when no definition says it.
const TEXT_LENGTH: u32 = 255;

/// How long a UUID is.
const UUID_LENGTH: u32 = 36;

impl Schema {
    /// What the definitions of the workspace's own crates ask for.
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        let mut schema = Self::default();
        for definition in workspace.own().flat_map(|domain| &domain.definitions) {
            schema.add(workspace, definition);
        }
        schema
    }

    fn add(&mut self, workspace: &Workspace, definition: &Definition) {
        let Some(storage) = &definition.storage else { return };
        let table = self.0.entry(storage.table.it.clone()).or_insert_with(|| Table {
            key: storage.key.clone(),
            columns: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
        });
        for attribute in definition.attributes.iter().filter(|attribute| attribute.is_column()) {
            let nullable = attribute.nullable;
            let default = attribute.default.as_ref().map(|at| at.it.clone());
            let references = attribute.references.as_ref().and_then(|to| reference(to.rows.as_ref()?, to.cascades));
            let column = Column { nullable, default, references, ..Column::new(kind(attribute)) };
            table.column(attribute.column_name(), column);
            table.check(attribute);
            if attribute.id {
                table.unique(vec![attribute.column_name()]);
            }
        }
        if let Some(owner) = &definition.owner {
            let column = owner_column(definition, &owner.it);
            let column_of = match column.identifier {
                Identifier::Natural => Column::new(ColumnKind::Varchar(TEXT_LENGTH)),
                Identifier::Surrogate => {
                    let references = Some(people(definition.owner_kind));
                    Column { references, ..Column::new(ColumnKind::BigInt) }
                }
            };
            table.column(column.column, column_of);
        }
        if let Some(parent) = &definition.parent {
            let above = workspace.definitions().find(|other| other.newest && other.name.it == parent.resource.it);
            if let Some((above, rows)) = above.and_then(|above| Some((above, above.storage.as_ref()?))) {
                let default = || format!("fk_{}", names::snake(&above.singular));
                let name = storage.parent.clone().unwrap_or_else(default);
                let references = Reference { table: rows.table.it.clone(), key: rows.key.clone(), cascades: true };
                table.column(name, Column { references: Some(references), ..Column::new(ColumnKind::BigInt) });
            }
        }
        if let Some(deleted) = &storage.deleted {
            table.column(deleted.it.clone(), Column { nullable: true, ..Column::new(ColumnKind::Timestamp) });
        }
        let column = |name: &str| match &definition.owner {
            Some(owner) if owner.it == name => owner_column(definition, name).column,
            _ => {
                let own = definition.attributes.iter().find(|attribute| attribute.name.it == name);
                own.map_or_else(|| names::snake(name), Attribute::column_name)
            }
        };
        let columns = |together: &Vec<At<String>>| together.iter().map(|name| column(&name.it)).collect::<Vec<_>>();
        storage.unique.iter().for_each(|together| table.unique(columns(together)));
        for together in &storage.index {
            if !table.indexes.contains(&columns(together)) {
                table.indexes.push(columns(together));
            }
        }
    }

    /// Reads what [`fmt::Display`] writes; lines that are none are left out.
    #[must_use]
    pub fn parse<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut schema = Self::default();
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["table", name, key] => {
                    let (key, columns) = ((*key).to_owned(), Vec::new());
                    let table = Table { key, columns, uniques: Vec::new(), indexes: Vec::new(), checks: Vec::new() };
                    schema.0.insert((*name).to_owned(), table);
                }
                ["column", table, name, kind, rest @ ..] => {
                    let (Some(table), Some(kind)) = (schema.0.get_mut(*table), ColumnKind::parse(kind)) else {
                        continue;
                    };
                    // A default stands last and may hold blanks.
                    let default = line.split_once(" default ").map(|(_, json)| json.to_owned());
                    let words = rest.iter().position(|word| *word == "default").unwrap_or(rest.len());
                    let rest = rest.get(..words).unwrap_or_default();
                    let mut column = Column { nullable: rest.contains(&"null"), default, ..Column::new(kind) };
                    if let Some(["references", other, key, cascades @ ..]) =
                        rest.iter().position(|word| *word == "references").and_then(|at| rest.get(at..))
                    {
                        column.references = Some(Reference {
                            table: (*other).to_owned(),
                            key: (*key).to_owned(),
                            cascades: cascades.contains(&"cascade"),
                        });
                    }
                    table.columns.push(((*name).to_owned(), column));
                }
                ["unique", table, columns @ ..] => {
                    if let Some(table) = schema.0.get_mut(*table) {
                        table.uniques.push(columns.iter().map(|name| (*name).to_owned()).collect());
                    }
                }
                ["index", table, columns @ ..] => {
                    if let Some(table) = schema.0.get_mut(*table) {
                        table.indexes.push(columns.iter().map(|name| (*name).to_owned()).collect());
                    }
                }
                ["check", table, column, ..] => {
                    let json = line.splitn(4, ' ').last().unwrap_or_default();
                    if let (Some(table), Ok(words)) = (schema.0.get_mut(*table), serde_json::from_str(json)) {
                        table.checks.push(Check { column: (*column).to_owned(), words });
                    }
                }
                _ => {}
            }
        }
        schema
    }
}

impl Table {
    fn column(&mut self, name: String, column: Column) {
        if name != self.key && self.columns.iter().all(|(known, _)| *known != name) {
            self.columns.push((name, column));
        }
    }

    /// Two definitions of one table may know different words: what one writes the other reads.
    fn check(&mut self, attribute: &Attribute) {
        let (column, words) = (attribute.column_name(), attribute.words());
        if words.is_empty() {
            return;
        }
        match self.checks.iter_mut().find(|check| check.column == column) {
            Some(known) => {
                let more = words.iter().filter(|word| !known.words.contains(word)).cloned().collect::<Vec<_>>();
                known.words.extend(more);
            }
            None => self.checks.push(Check { column, words: words.to_vec() }),
        }
    }

    fn unique(&mut self, columns: Vec<String>) {
        if !self.uniques.contains(&columns) && columns != [self.key.clone()] {
            self.uniques.push(columns);
        }
    }

    /// The column of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, column)| column)
    }
}

/// The foreign key of a reference. Tables of others have their own rules for what a key is.
fn reference(rows: &Referred, cascades: bool) -> Option<Reference> {
    rows.is_own.then(|| Reference { table: rows.table.clone(), key: rows.id.clone(), cascades })
}

/// The rows of people, in the framework's own tables.
fn people(kind: OwnerKind) -> Reference {
    let (table, key) = match kind {
        OwnerKind::Customer => ("spy_customer", "id_customer"),
        OwnerKind::User => ("spy_user", "id_user"),
    };
    Reference { table: table.into(), key: key.into(), cascades: false }
}

fn kind(attribute: &Attribute) -> ColumnKind {
    let longest = |most: Option<i64>| most.and_then(|most| u32::try_from(most).ok()).unwrap_or(TEXT_LENGTH);
    match &attribute.kind {
        Kind::Uuid => ColumnKind::Varchar(UUID_LENGTH),
        Kind::String | Kind::Decimal => ColumnKind::Varchar(longest(attribute.max)),
        Kind::Enum(words) => {
            let most = words.iter().map(|word| word.chars().count()).max().unwrap_or_default();
            ColumnKind::Varchar(u32::try_from(most.max(32)).unwrap_or(TEXT_LENGTH))
        }
        Kind::Text | Kind::List(_) | Kind::Object(_) | Kind::Map => ColumnKind::Text,
        Kind::Int | Kind::Money => ColumnKind::BigInt,
        Kind::Bool => ColumnKind::Bool,
        Kind::Date => ColumnKind::Date,
        Kind::DateTime => ColumnKind::Timestamp,
    }
}

impl ColumnKind {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "text" => Self::Text,
            "bigint" => Self::BigInt,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            _ => Self::Varchar(text.strip_prefix("varchar(")?.strip_suffix(')')?.parse().ok()?),
        })
    }
}

impl fmt::Display for ColumnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Varchar(length) => write!(f, "varchar({length})"),
            Self::Text => f.write_str("text"),
            Self::BigInt => f.write_str("bigint"),
            Self::Bool => f.write_str("bool"),
            Self::Date => f.write_str("date"),
            Self::Timestamp => f.write_str("timestamp"),
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, table) in &self.0 {
            writeln!(f, "table {name} {}", table.key)?;
            for (column, of) in &table.columns {
                write!(f, "column {name} {column} {}", of.kind)?;
                if of.nullable {
                    f.write_str(" null")?;
                }
                if let Some(to) = &of.references {
                    write!(f, " references {} {}{}", to.table, to.key, if to.cascades { " cascade" } else { "" })?;
                }
                if let Some(json) = &of.default {
                    write!(f, " default {json}")?;
                }
                writeln!(f)?;
            }
            for together in &table.uniques {
                writeln!(f, "unique {name} {}", together.join(" "))?;
            }
            for together in &table.indexes {
                writeln!(f, "index {name} {}", together.join(" "))?;
            }
            for Check { column, words } in &table.checks {
                writeln!(f, "check {name} {column} {}", serde_json::Value::from(words.clone()))?;
            }
        }
        Ok(())
    }
}
