//! Every `diesel::table!` of the code says what the migrated database has, whichever database that is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use glue_core::db::{Conn, DbError, SqlDialect};
use glue_core::on_dialect;

use crate::fixture::database;

/// A `table!` of the code: its name, and each column with its type.
struct Table {
    file: String,
    name: String,
    columns: Vec<(String, String)>,
}

/// A column as the database knows it.
#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("glue-codegen/tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("it/schema.rs") {
            found.push(path);
        }
    }
}

fn tables() -> Vec<Table> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for room in ["glue-app", "glue-core/src", "glue-auth", "resources"] {
        sources(&root.join(room), &mut files);
    }
    files.sort();
    let mut tables = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source");
        let file = file.display().to_string();
        for text in variants(&text) {
            let bodies = text.split("diesel::table! {").skip(1);
            tables.extend(bodies.map(|body| table(&file, body)));
        }
    }
    tables
}

/// A file as it is; once for each use of its macro where the tables stand in one, with the names of that use.
fn variants(text: &str) -> Vec<String> {
    let Some((_, rules)) = text.split_once("macro_rules! person {") else { return vec![text.to_owned()] };
    let pattern = rules.split("=>").next().expect("a pattern");
    let parameters = pattern.split('$').skip(1).filter_map(|part| part.split(':').next());
    let uses = text.split("\nperson! {").skip(1).map(|part| part.split('}').next().expect("an end"));
    let names = |arguments: &str| {
        let words = arguments.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut parameters: Vec<&str> = parameters.collect();
    let uses: Vec<Vec<String>> = uses.map(names).collect();
    // The longest first: `$codes` begins with `$code`.
    let order: BTreeMap<&str, usize> = parameters.iter().enumerate().map(|(place, name)| (*name, place)).collect();
    parameters.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let substituted = |arguments: &Vec<String>| {
        parameters.iter().fold(text.to_owned(), |text, name| text.replace(&format!("${name}"), &arguments[order[name]]))
    };
    uses.iter().map(substituted).collect()
}

fn table(file: &str, body: &str) -> Table {
    let (name, rest) = body.split_once('(').expect("a name");
    let rest = rest.split_once('{').expect("columns").1;
    let mut columns = Vec::new();
    let mut renamed = None;
    for part in rest.split('}').next().expect("an end").split([',', '\n']).map(str::trim) {
        if let Some(name) = part.strip_prefix("#[sql_name = \"") {
            renamed = name.split('"').next().map(str::to_owned);
        }
        if let Some((name, kind)) = part.split_once(" -> ") {
            columns.push((renamed.take().unwrap_or_else(|| name.to_owned()), kind.to_owned()));
        }
    }
    let name = name.split_whitespace().last().expect("a name").to_owned();
    Table { file: file.to_owned(), name, columns }
}

fn columns(conn: &mut Conn, dialect: SqlDialect, table: &str) -> Result<Vec<Column>, DbError> {
    let query = match dialect {
        SqlDialect::Sqlite => format!(
            "SELECT name, lower(type) AS kind, CASE WHEN \"notnull\" = 1 OR pk > 0 THEN 'NO' ELSE 'YES' END AS nullable \
             FROM pragma_table_info('{table}')"
        ),
        SqlDialect::Postgres => format!(
            "SELECT column_name::text AS name, data_type::text AS kind, is_nullable::text AS nullable \
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
        SqlDialect::Mysql => format!(
            "SELECT column_name AS name, column_type AS kind, is_nullable AS nullable \
             FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}'"
        ),
    };
    Ok(on_dialect!(conn, c => diesel::sql_query(query).load::<Column>(c)?))
}

/// What a column that Diesel reads as this type is called in each database.
fn is_called(diesel: &str, dialect: SqlDialect) -> &'static [&'static str] {
    match (diesel, dialect) {
        ("BigInt", SqlDialect::Sqlite) => &["bigint", "integer"],
        ("BigInt", _) => &["bigint"],
        ("Integer", SqlDialect::Mysql) => &["int"],
        ("Integer", _) => &["integer"],
        ("Text", SqlDialect::Postgres) => &["character varying", "text"],
        ("Text", _) => &["char", "varchar", "text", "mediumtext", "longtext"],
        ("Bool", SqlDialect::Mysql) => &["tinyint"],
        ("Bool", _) => &["boolean"],
        ("Timestamp", SqlDialect::Postgres) => &["timestamp without time zone"],
        ("Timestamp", SqlDialect::Mysql) => &["datetime"],
        ("Timestamp", SqlDialect::Sqlite) => &["timestamp"],
        ("Date", _) => &["date"],
        _ => &[],
    }
}

#[actix_web::test]
async fn every_table_of_the_code_is_what_the_database_has() {
    let database = database();
    let dialect = SqlDialect::of(&database.url).expect("a database");
    let tables = tables();
    assert!(tables.len() > 40, "only {} tables are found", tables.len());
    let mut problems = Vec::new();
    for table in tables {
        let name = table.name.clone();
        let found = database.db.run(move |conn| columns(conn, dialect, &name)).await.expect("columns");
        for (column, diesel) in &table.columns {
            let known = found.iter().find(|known| known.name == *column);
            if let Some(problem) = problem(diesel, known, dialect) {
                problems.push(format!("{}: `{}.{column}` -> {diesel}, {problem}", table.file, table.name));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn problem(diesel: &str, known: Option<&Column>, dialect: SqlDialect) -> Option<String> {
    let Some(known) = known else { return Some("not in the database".into()) };
    let inner = diesel.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
    if inner.is_some() != (known.nullable == "YES") {
        return Some(format!("nullable in the database: {}", known.nullable));
    }
    let kind = known.kind.split('(').next().unwrap_or_default();
    let is_called = is_called(inner.unwrap_or(diesel), dialect).contains(&kind);
    (!is_called).then(|| format!("`{}` in the database", known.kind))
}
