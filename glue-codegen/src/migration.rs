//! The next migration: from the tables that were, to those that definitions ask for, in three dialects, up and down.

mod dialect;
mod statements;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use crate::schema::{Check, Column, ColumnKind, Schema, Table};
pub use dialect::Dialect;
use statements::{checked, create, declared, drop_index, foreign, index, indexed, key_name, looked_up, unchecked};

/// One change of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new table.
    CreateTable(String, Table),
    /// A table and its rows go.
    DropTable(String, Table),
    /// A new column.
    AddColumn(String, String, Column),
    /// A column and what is in it goes.
    DropColumn(String, String, Column),
    /// A text may be longer.
    Widen(String, String, Column, Column),
    /// Columns become unique together.
    AddUnique(String, Vec<String>),
    /// Columns need no longer be unique together.
    DropUnique(String, Vec<String>),
    /// Rows are found by columns.
    AddIndex(String, Vec<String>),
    /// Rows are no longer found by them.
    DropIndex(String, Vec<String>),
    /// A column holds one of some words.
    AddCheck(String, Check),
    /// It may hold others.
    DropCheck(String, Check),
}

/// Why there is no migration from one schema to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// `table.column`.
    pub what: String,
    /// What it would take.
    pub why: &'static str,
    /// The way that keeps rows and running instances.
    pub help: &'static str,
}

impl Change {
    /// Whether it loses what is stored.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        matches!(self, Self::DropTable(..) | Self::DropColumn(..))
    }

    /// What it does, for people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::CreateTable(table, _) => format!("create table {table}"),
            Self::DropTable(table, _) => format!("drop table {table}, with its rows"),
            Self::AddColumn(table, column, _) => format!("add column {table}.{column}"),
            Self::DropColumn(table, column, _) => format!("drop column {table}.{column}, with what is in it"),
            Self::Widen(table, column, _, to) => format!("widen column {table}.{column} to {}", to.kind),
            Self::AddUnique(table, columns) => format!("make {table}.({}) unique", columns.join(", ")),
            Self::DropUnique(table, columns) => format!("let {table}.({}) repeat", columns.join(", ")),
            Self::AddIndex(table, columns) => format!("index {table}.({})", columns.join(", ")),
            Self::DropIndex(table, columns) => format!("no longer index {table}.({})", columns.join(", ")),
            Self::AddCheck(table, check) => {
                format!("let {table}.{} hold {}", check.column, check.words.join(", "))
            }
            Self::DropCheck(table, check) => format!("no longer check {table}.{}", check.column),
        }
    }

    /// A name for a migration that begins with it.
    #[must_use]
    pub fn slug(&self) -> String {
        match self {
            Self::CreateTable(table, _) => table.clone(),
            Self::DropTable(table, _) => format!("drop_{table}"),
            Self::AddColumn(table, column, _) => format!("{table}_{column}"),
            Self::DropColumn(table, column, _) => format!("drop_{table}_{column}"),
            Self::Widen(table, column, ..) => format!("widen_{table}_{column}"),
            Self::AddUnique(table, _) | Self::DropUnique(table, _) => format!("{table}_unique"),
            Self::AddIndex(table, _) | Self::DropIndex(table, _) => format!("{table}_index"),
            Self::AddCheck(table, check) | Self::DropCheck(table, check) => format!("{table}_{}_words", check.column),
        }
    }

    /// The change that undoes it, without its rows.
    fn undone(&self) -> Self {
        match self.clone() {
            Self::CreateTable(name, table) => Self::DropTable(name, table),
            Self::DropTable(name, table) => Self::CreateTable(name, table),
            Self::AddColumn(table, name, column) => Self::DropColumn(table, name, column),
            Self::DropColumn(table, name, column) => {
                // What was in it is lost: the column comes back empty.
                Self::AddColumn(table, name, Column { nullable: true, ..column })
            }
            Self::Widen(table, name, from, to) => Self::Widen(table, name, to, from),
            Self::AddUnique(table, columns) => Self::DropUnique(table, columns),
            Self::DropUnique(table, columns) => Self::AddUnique(table, columns),
            Self::AddIndex(table, columns) => Self::DropIndex(table, columns),
            Self::DropIndex(table, columns) => Self::AddIndex(table, columns),
            Self::AddCheck(table, check) => Self::DropCheck(table, check),
            Self::DropCheck(table, check) => Self::AddCheck(table, check),
        }
    }

    fn sql(&self, dialect: Dialect) -> String {
        match self {
            Self::CreateTable(name, table) => create(name, table, dialect),
            Self::DropTable(name, _) => format!("DROP TABLE {};\n", dialect.name(name)),
            Self::AddColumn(table, name, column) => {
                let alter = format!("ALTER TABLE {} ADD COLUMN", dialect.name(table));
                format!("{alter} {};\n", declared(table, name, column, dialect))
                    + &foreign(table, name, column, dialect)
                    + &looked_up(table, name, column, dialect)
            }
            Self::DropColumn(table, name, column) => {
                let alter = format!("ALTER TABLE {} DROP", dialect.name(table));
                let constraint = match (&column.references, dialect) {
                    (Some(_), Dialect::Mysql) => format!("{alter} FOREIGN KEY {};\n", key_name(table, name)),
                    // The index of a reference goes with its column elsewhere.
                    (Some(_), Dialect::Sqlite) => {
                        format!("DROP INDEX IF EXISTS {};\n", index("idx", table, std::slice::from_ref(name)))
                    }
                    (Some(_), Dialect::Postgres) | (None, _) => String::new(),
                };
                format!("{constraint}{alter} COLUMN {};\n", dialect.name(name))
            }
            Self::Widen(table, name, _, to) => {
                let alter = format!("ALTER TABLE {}", dialect.name(table));
                match dialect {
                    // SQLite does not look at lengths.
                    Dialect::Sqlite => String::new(),
                    Dialect::Postgres => {
                        format!("{alter} ALTER COLUMN {} TYPE {};\n", dialect.name(name), dialect.kind(to.kind))
                    }
                    Dialect::Mysql => format!("{alter} MODIFY COLUMN {};\n", declared(table, name, to, dialect)),
                }
            }
            Self::AddUnique(table, columns) => indexed("UNIQUE INDEX uq", table, columns, dialect),
            Self::DropUnique(table, columns) => drop_index("uq", table, columns, dialect),
            Self::AddIndex(table, columns) => indexed("INDEX idx", table, columns, dialect),
            Self::DropIndex(table, columns) => drop_index("idx", table, columns, dialect),
            Self::AddCheck(table, check) => checked(table, check, dialect),
            Self::DropCheck(table, check) => unchecked(table, check, dialect),
        }
    }
}

/// The changes that lead from one schema to the other, in an order in which every reference is there.
///
/// # Errors
/// [`Impossible`], each for a column that cannot be changed while rows are there.
pub fn changes(old: &Schema, new: &Schema) -> Result<Vec<Change>, Vec<Impossible>> {
    let (mut changes, mut impossible) = (Vec::new(), Vec::new());
    for (name, table) in in_order(new) {
        match old.0.get(name) {
            None => changes.push(Change::CreateTable(name.clone(), table.clone())),
            Some(before) => change(name, before, table, &mut changes, &mut impossible),
        }
    }
    for (name, table) in in_order(old).into_iter().rev().filter(|(name, _)| !new.0.contains_key(*name)) {
        changes.push(Change::DropTable(name.clone(), table.clone()));
    }
    if impossible.is_empty() { Ok(changes) } else { Err(impossible) }
}

/// Whether one table has an index that the other has not. That of a reference is there whoever names it, and goes with its
/// column.
fn is_index_of(table: &Table, other: &Table, together: &Vec<String>) -> bool {
    let refers = |of: &Table| match together.as_slice() {
        [only] => of.get(only).is_some_and(|column| column.references.is_some()),
        _ => false,
    };
    !other.indexes.contains(together) && !refers(table) && !refers(other)
}

fn change(name: &str, before: &Table, now: &Table, changes: &mut Vec<Change>, impossible: &mut Vec<Impossible>) {
    let mut refuse =
        |column: &str, why, help| impossible.push(Impossible { what: format!("{name}.{column}"), why, help });
    if before.key != now.key {
        refuse(&now.key, "the key of a table cannot be renamed", "keep `key:`, or make another table");
    }
    for together in before.indexes.iter().filter(|together| is_index_of(before, now, together)) {
        changes.push(Change::DropIndex(name.to_owned(), together.clone()));
    }
    for together in before.uniques.iter().filter(|together| !now.uniques.contains(together)) {
        changes.push(Change::DropUnique(name.to_owned(), together.clone()));
    }
    for check in before.checks.iter().filter(|check| !now.checks.contains(check)) {
        changes.push(Change::DropCheck(name.to_owned(), check.clone()));
    }
    for (column, of) in &now.columns {
        let Some(was) = before.get(column) else {
            if of.nullable || of.default.is_some() {
                changes.push(Change::AddColumn(name.to_owned(), column.clone(), of.clone()));
            } else {
                refuse(
                    column,
                    "the rows that are there have no value for it",
                    "give it a `default:`, or add it with `nullable: true`, fill it in, and require it in the next release",
                );
            }
            continue;
        };
        match (was.kind, of.kind) {
            _ if was.is_stored_as(of) => {}
            (ColumnKind::Varchar(from), ColumnKind::Varchar(to))
                if from < to && was.nullable == of.nullable && was.references == of.references =>
            {
                changes.push(Change::Widen(name.to_owned(), column.clone(), was.clone(), of.clone()));
            }
            _ if (was.kind, was.nullable) == (of.kind, of.nullable) => refuse(
                column,
                "what it refers to cannot change while rows refer to it",
                "write a migration by hand, then `cargo glue migrate --baseline`; or add a column with another name",
            ),
            _ => refuse(
                column,
                "what is stored in it may not fit",
                "add a column with another name, copy what fits, and remove this one in the next release",
            ),
        }
    }
    for (column, of) in before.columns.iter().filter(|(column, _)| now.get(column).is_none()) {
        changes.push(Change::DropColumn(name.to_owned(), column.clone(), of.clone()));
    }
    for together in now.uniques.iter().filter(|together| !before.uniques.contains(together)) {
        changes.push(Change::AddUnique(name.to_owned(), together.clone()));
    }
    for together in now.indexes.iter().filter(|together| is_index_of(now, before, together)) {
        changes.push(Change::AddIndex(name.to_owned(), together.clone()));
    }
    for check in now.checks.iter().filter(|check| !before.checks.contains(check)) {
        changes.push(Change::AddCheck(name.to_owned(), check.clone()));
    }
}

/// The tables, each behind those that it refers to.
fn in_order(schema: &Schema) -> Vec<(&String, &Table)> {
    let mut ordered: Vec<(&String, &Table)> = Vec::new();
    let mut left: Vec<(&String, &Table)> = schema.0.iter().collect();
    while !left.is_empty() {
        let is_ready = |table: &Table, left: &[(&String, &Table)]| {
            let mut others = table.columns.iter().filter_map(|(_, column)| column.references.as_ref());
            !others.any(|to| left.iter().any(|(name, of)| **name == to.table && !std::ptr::eq(*of, table)))
        };
        let (ready, rest): (Vec<_>, Vec<_>) = left.iter().copied().partition(|(_, table)| is_ready(table, &left));
        if ready.is_empty() {
            // A circle: as they come.
            ordered.extend(rest);
            break;
        }
        ordered.extend(ready);
        left = rest;
    }
    ordered
}

/// `up.sql` and `down.sql` of a migration.
#[must_use]
pub fn sql(changes: &[Change], dialect: Dialect) -> (String, String) {
    let written = |sql: String| if sql.is_empty() { "SELECT 1;\n".to_owned() } else { sql };
    let up = changes.iter().map(|change| change.sql(dialect)).collect();
    let down = changes.iter().rev().map(|change| change.undone().sql(dialect)).collect();
    (written(up), written(down))
}

/// A team's first migration: those of the framework are below.
const FIRST: u32 = 1_001;

/// The number of the next migration.
///
/// # Errors
/// A sentence when the folders cannot be read, or two have the same number: one of them would never run.
pub fn next(root: &Path, is_team: bool) -> Result<String, String> {
    let mut numbers: BTreeMap<u32, String> = BTreeMap::new();
    let entries = match fs::read_dir(root.join("migrations/sqlite")) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(format!("migrations/sqlite: {error}")),
    };
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(number) = name.split('_').next().and_then(|number| number.parse().ok()) else { continue };
        if let Some(other) = numbers.insert(number, name.clone()) {
            return Err(format!("migrations {other} and {name} have the same number: only one of them would run"));
        }
    }
    let first = if is_team { FIRST } else { 1 };
    Ok(format!("{:04}", numbers.keys().next_back().map_or(first, |last| last + 1)))
}
