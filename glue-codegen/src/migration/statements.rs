//! Statements, dialect by dialect.

use std::fmt::Write as _;

use super::dialect::Dialect;
use crate::schema::{Check, Column, ColumnKind, Reference, Table};
use crate::{manifest, names};

/// The longest name that PostgreSQL keeps whole.
const MAX_NAME: usize = 63;

/// The name of an index or a key; what is too long ends in a hash of the whole.
pub(super) fn index(kind: &str, table: &str, columns: &[String]) -> String {
    let whole = format!("{kind}_{table}_{}", columns.join("_"));
    if whole.len() <= MAX_NAME {
        return whole;
    }
    let hash = manifest::hash(&whole);
    let (start, end) = (whole.get(..MAX_NAME - 9).unwrap_or(&whole), hash.get(..8).unwrap_or(&hash));
    format!("{start}_{end}")
}

/// The name of a foreign key.
pub(super) fn key_name(table: &str, column: &str) -> String {
    index("fk", table, &[column.to_owned()])
}

/// The name of a check.
fn check_name(table: &str, check: &Check, what: &str) -> String {
    index("ck", table, &[format!("{}{what}", check.column)])
}

/// Lets a column hold some words only. SQLite cannot change a constraint of a table that is there, so triggers stand for
/// it; rows that are there are looked at as the other two do.
pub(super) fn checked(table: &str, check: &Check, dialect: Dialect) -> String {
    let words = check.words.iter().map(|word| quoted(word, dialect)).collect::<Vec<_>>().join(", ");
    let (of, column) = (dialect.name(table), dialect.name(&check.column));
    if dialect != Dialect::Sqlite {
        let name = check_name(table, check, "");
        return format!("ALTER TABLE {of} ADD CONSTRAINT {name} CHECK ({column} IN ({words}));\n");
    }
    let trigger = |what: &str, when: &str| {
        let name = check_name(table, check, what);
        format!(
            "CREATE TRIGGER {name} BEFORE {when} ON {of} WHEN NEW.{column} NOT IN ({words})\n\
             BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {name}'); END;\n"
        )
    };
    let both = trigger("_insert", "INSERT") + &trigger("_update", &format!("UPDATE OF {column}"));
    both + &format!("UPDATE {of} SET {column} = {column} WHERE {column} NOT IN ({words});\n")
}

pub(super) fn unchecked(table: &str, check: &Check, dialect: Dialect) -> String {
    let of = dialect.name(table);
    match dialect {
        Dialect::Sqlite => {
            ["_insert", "_update"].map(|what| format!("DROP TRIGGER {};\n", check_name(table, check, what))).concat()
        }
        Dialect::Postgres | Dialect::Mysql => {
            format!("ALTER TABLE {of} DROP CONSTRAINT {};\n", check_name(table, check, ""))
        }
    }
}

/// A text as a literal.
fn quoted(text: &str, dialect: Dialect) -> String {
    let text = text.replace('\'', "''");
    match dialect {
        // A backslash escapes there.
        Dialect::Mysql => format!("'{}'", text.replace('\\', "\\\\")),
        Dialect::Sqlite | Dialect::Postgres => format!("'{text}'"),
    }
}

/// `INDEX idx` or `UNIQUE INDEX uq`: what it is, and how its name begins.
pub(super) fn indexed(what: &str, table: &str, columns: &[String], dialect: Dialect) -> String {
    let on: Vec<String> = columns.iter().map(|column| dialect.name(column)).collect();
    let (of, on) = (dialect.name(table), on.join(", "));
    let (what, kind) = what.rsplit_once(' ').unwrap_or(("INDEX", what));
    format!("CREATE {what} {} ON {of} ({on});\n", index(kind, table, columns))
}

pub(super) fn drop_index(kind: &str, table: &str, columns: &[String], dialect: Dialect) -> String {
    let index = index(kind, table, columns);
    match dialect {
        Dialect::Mysql => format!("DROP INDEX {index} ON {};\n", dialect.name(table)),
        Dialect::Sqlite | Dialect::Postgres => format!("DROP INDEX {index};\n"),
    }
}

/// A column as it stands in a statement about `table`. A table that refers to itself does so once its ids are unique:
/// SQLite alone does not look before a row is there.
pub(super) fn declared(table: &str, name: &str, column: &Column, dialect: Dialect) -> String {
    let null = if column.nullable { "" } else { " NOT NULL" };
    let inline = |to: &&Reference| match dialect {
        Dialect::Sqlite => true,
        Dialect::Postgres => to.table != table,
        Dialect::Mysql => false,
    };
    let inline = column.references.as_ref().filter(inline);
    let references = inline.map(|to| format!(" {}", referring(to, dialect))).unwrap_or_default();
    let default = column.default.as_deref().map(|json| defaulting(json, column.kind, dialect)).unwrap_or_default();
    format!("{} {}{null}{default}{references}", dialect.name(name), dialect.kind(column.kind))
}

/// What rows have in a new column that were there before it.
fn defaulting(json: &str, kind: ColumnKind, dialect: Dialect) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let texty = matches!(kind, ColumnKind::Varchar(_) | ColumnKind::Text);
    let text = names::plain(&value);
    if !texty {
        return format!(" DEFAULT {}", text.to_uppercase());
    }
    match dialect {
        // Long texts take an expression only.
        Dialect::Mysql => format!(" DEFAULT ({})", quoted(&text, dialect)),
        Dialect::Sqlite | Dialect::Postgres => format!(" DEFAULT {}", quoted(&text, dialect)),
    }
}

fn referring(to: &Reference, dialect: Dialect) -> String {
    let rule = if to.cascades { " ON DELETE CASCADE" } else { "" };
    format!("REFERENCES {} ({}){rule}", dialect.name(&to.table), dialect.name(&to.key))
}

/// Whoever asks for the rows of an owner or below a parent should not read all of them.
pub(super) fn looked_up(table: &str, name: &str, column: &Column, dialect: Dialect) -> String {
    let index = column.references.as_ref().map(|_| indexed("INDEX idx", table, &[name.to_owned()], dialect));
    index.unwrap_or_default()
}

/// What a column refers to, where its own line could not say it: MySQL reads over that.
pub(super) fn foreign(table: &str, name: &str, column: &Column, dialect: Dialect) -> String {
    match &column.references {
        Some(to) if dialect == Dialect::Mysql || (dialect == Dialect::Postgres && to.table == table) => {
            let (of, on, to) = (dialect.name(table), dialect.name(name), referring(to, dialect));
            format!("ALTER TABLE {of} ADD CONSTRAINT {} FOREIGN KEY ({on}) {to};\n", key_name(table, name))
        }
        _ => String::new(),
    }
}

pub(super) fn create(name: &str, table: &Table, dialect: Dialect) -> String {
    let mut sql = format!("CREATE TABLE {} (\n    {} {}", dialect.name(name), dialect.name(&table.key), dialect.key());
    for (column, of) in &table.columns {
        let _ = write!(sql, ",\n    {}", declared(name, column, of, dialect));
    }
    for (column, of) in table.columns.iter().filter(|_| dialect == Dialect::Mysql) {
        if let Some(to) = of.references.as_ref().filter(|to| to.table != name) {
            let (on, to) = (dialect.name(column), referring(to, dialect));
            let _ = write!(sql, ",\n    CONSTRAINT {} FOREIGN KEY ({on}) {to}", key_name(name, column));
        }
    }
    sql.push_str("\n)");
    if dialect == Dialect::Mysql {
        sql.push_str(" CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
    }
    sql.push_str(";\n");
    for together in &table.uniques {
        sql.push_str(&indexed("UNIQUE INDEX uq", name, together, dialect));
    }
    for (column, of) in &table.columns {
        if of.references.as_ref().is_some_and(|to| to.table == name) {
            sql.push_str(&foreign(name, column, of, dialect));
        }
    }
    let referring = table.columns.iter().filter(|(_, column)| column.references.is_some());
    let referring = referring.map(|(column, _)| vec![column.clone()]);
    let others = table.indexes.iter().filter(|columns| referring.clone().all(|of| of != **columns)).cloned();
    sql.extend(referring.clone().chain(others).map(|columns| indexed("INDEX idx", name, &columns, dialect)));
    sql.extend(table.checks.iter().map(|check| checked(name, check, dialect)));
    sql
}
