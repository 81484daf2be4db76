//! A crate around drawn definitions: its tables, one row of the owner's in each, and what its contract tests need to know.

use std::fmt::Write as _;

use glue_codegen::definition::{Attribute, Definition, Identifier, Kind};
use glue_codegen::family::owner_column;
use glue_codegen::names;
use glue_codegen::workspace::Workspace;

/// The id of every row that is there from the beginning.
const UUID: &str = "0198f3c2-7d1e-7a52-9f0b-000000000001";

/// The files of the crate, beside its definitions.
pub(crate) fn crate_of(workspace: &Workspace) -> Vec<(String, String)> {
    let drawn = workspace.domains.iter().find(|domain| domain.name == "drawn").expect("the drawn definitions");
    let (mut tables, mut rows, mut ids, mut collections) = (String::new(), String::new(), String::new(), String::new());
    // What is above is there before what is below.
    let mut stored: Vec<&Definition> = drawn.definitions.iter().filter(|of| of.storage.is_some()).collect();
    stored.sort_by_key(|of| of.ancestors.len());
    for definition in stored {
        let columns = columns(definition);
        let storage = definition.storage.as_ref().expect("a storage");
        let declared: Vec<String> =
            columns.iter().map(|column| format!("\"{}\" {}", column.name, column.sql)).collect();
        let unique = storage.unique.iter().map(|list| {
            let names = list.iter().map(|name| format!("\"{}\"", column_of(definition, &name.it)));
            format!(", UNIQUE ({})", names.collect::<Vec<_>>().join(", "))
        });
        let (table, unique) = (&storage.table.it, unique.collect::<String>());
        let _ = writeln!(
            tables,
            "CREATE TABLE \"{table}\" (\"{}\" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {}{unique});",
            storage.key,
            declared.join(", ")
        );
        let (names, values): (Vec<String>, Vec<&str>) =
            columns.iter().map(|column| (format!("\"{}\"", column.name), column.value.as_str())).unzip();
        let _ = writeln!(rows, "INSERT INTO \"{table}\" ({}) VALUES ({});", names.join(", "), values.join(", "));
        let id = definition.attributes.iter().find(|attribute| attribute.id).expect("an id");
        let _ = writeln!(ids, "            {:?} => {:?}.into(),", definition.name.it, id_of(id));
        if !definition.ancestors.is_empty() {
            let above = definition.ancestors.iter().map(|above| format!("/{}/{}", above.name, id_of(&above.id)));
            let path = format!("{}/{}", above.collect::<String>(), definition.name.it);
            let _ = writeln!(collections, "            {:?} => Some({path:?}.into()),", definition.name.it);
        }
    }
    vec![
        ("Cargo.toml".into(), MANIFEST.into()),
        ("src/lib.rs".into(), "//! Drawn.\n\npub mod generated;\n".into()),
        ("tests/it/main.rs".into(), MAIN.into()),
        (
            "tests/it/fixture.rs".into(),
            FIXTURE
                .replace("{tables}", &tables)
                .replace("{rows}", &rows)
                .replace("{ids}", &ids)
                .replace("{collections}", &collections),
        ),
    ]
}

fn id_of(id: &Attribute) -> &'static str {
    if matches!(id.kind, Kind::Uuid) { UUID } else { "A-9" }
}

/// A column: its name, its type in SQL, and what the first row has in it.
struct Column {
    name: String,
    sql: String,
    value: String,
}

fn columns(definition: &Definition) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut add = |name: String, sql: &str, value: String| {
        if columns.iter().all(|known| known.name != name) {
            columns.push(Column { name, sql: sql.to_owned(), value });
        }
    };
    for attribute in definition.attributes.iter().filter(|attribute| attribute.id) {
        add(column(attribute), "VARCHAR NOT NULL UNIQUE", format!("'{}'", id_of(attribute)));
    }
    if let Some(owner) = &definition.owner {
        let owner = owner_column(definition, &owner.it);
        match owner.identifier {
            Identifier::Surrogate => add(owner.column, "BIGINT NOT NULL", "1".into()),
            Identifier::Natural => add(owner.column, "VARCHAR NOT NULL", "'DE--1'".into()),
        }
    }
    if let Some(above) = definition.ancestors.last() {
        add(above.referred_by.clone(), "BIGINT NOT NULL", "1".into());
    }
    for attribute in definition.attributes.iter().filter(|attribute| !attribute.id && attribute.is_column()) {
        let null = if attribute.nullable { "" } else { " NOT NULL" };
        let (sql, value) = match &attribute.kind {
            Kind::Int | Kind::Money => ("BIGINT", "4".into()),
            Kind::Bool => ("BOOLEAN", "1".into()),
            Kind::Date => ("DATE", "'2026-01-01'".into()),
            Kind::DateTime => ("TIMESTAMP", "'2026-01-01 00:00:00.000000'".into()),
            Kind::Enum(words) => ("VARCHAR", format!("'{}'", words.first().expect("a word"))),
            Kind::Uuid => ("VARCHAR", format!("'{UUID}'")),
            Kind::Decimal => ("VARCHAR", "'2.5'".into()),
            Kind::List(_) => ("TEXT", "'[]'".into()),
            Kind::Object(_) => ("TEXT", r#"'{"self":"Seeded","links":null}'"#.into()),
            Kind::Map => ("TEXT", r#"'{"key":"Seeded"}'"#.into()),
            Kind::String | Kind::Text => {
                ("VARCHAR", attribute.choice.first().map_or("'Seeded'".into(), |word| format!("'{word}'")))
            }
        };
        add(column(attribute), &format!("{sql}{null}"), value);
    }
    let deleted = definition.storage.as_ref().and_then(|storage| storage.deleted.as_ref());
    columns.extend(deleted.map(|at| Column { name: at.it.clone(), sql: "TIMESTAMP".into(), value: "NULL".into() }));
    columns
}

fn column(attribute: &Attribute) -> String {
    attribute.column.clone().unwrap_or_else(|| names::snake(&attribute.name.it))
}

fn column_of(definition: &Definition, name: &str) -> String {
    let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == name);
    attribute.map_or_else(|| owner_column(definition, name).column, column)
}

const MANIFEST: &str = r#"[package]
name = "drawn"
description = "Drawn."
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[lints]
workspace = true

[dependencies]
actix-web.workspace = true
diesel.workspace = true
glue-core.workspace = true
serde.workspace = true
time.workspace = true
utoipa.workspace = true

[dev-dependencies]
glue-core = { workspace = true, features = ["testing"] }
"#;

const MAIN: &str = r#"//! The contract tests of what was drawn.

#[cfg(test)]
#[path = "../generated/contract.rs"]
mod contract;
#[cfg(test)]
mod fixture;
"#;

const FIXTURE: &str = r##"//! The tables of what was drawn, and one row in each.

use glue_core::testing::contract::{self, Mounted};

use crate::contract::APPLICATIONS;

/// What the contract tests need.
pub(crate) struct Fixture;

impl contract::Fixture for Fixture {
    const APPLICATIONS: &'static [Mounted] = APPLICATIONS;

    const MIGRATIONS: &'static [&'static str] = &[];

    const ROWS: &'static str = r#"{tables}{rows}"#;

    fn existing(_: &str, resource: &str) -> String {
        match resource {
{ids}            other => panic!("no {other}"),
        }
    }

    fn collection(_: &str, resource: &str) -> Option<String> {
        match resource {
{collections}            _ => None,
        }
    }
}
"##;
