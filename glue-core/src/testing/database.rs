//! A database per test, migrated and seeded.
//!
//! SQLite needs nothing: a template is made once per process and copied for each test. `GLUE_TEST_DATABASE` names a server
//! instead, `postgres://user@host/database` or `mysql://user@host/database`, on which each test gets a database of its own
//! that goes away with it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use tempfile::TempDir;

use crate::db::{Conn, Db, DbError, DbSettings, Schema, SqlDialect, SqliteSync};

/// What each test's database begins as.
pub struct Template {
    prepare: Prepare,
    made: Made,
}

/// Migrates and seeds a fresh database.
type Prepare = Box<dyn Fn(&mut Conn) -> Result<(), Failure> + Send + Sync>;

/// Where databases come from.
enum Made {
    /// The bytes of an SQLite file.
    File(Vec<u8>),
    /// A server, and the name of a database to copy where the server can do that.
    Server { server: String, copied: Option<String> },
}

/// A database that goes away with the test, or with the last of the applications that share it.
#[derive(Clone)]
pub struct TestDatabase {
    /// The executor over it.
    pub db: Db,
    /// Its URL.
    pub url: String,
    place: Arc<Place>,
}

/// Where a database is, as long as somebody uses it.
struct Place {
    folder: TempDir,
    /// The server that it was made on, and its name there.
    on_server: Option<(String, String)>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Template {
    /// A database after the migrations of `schema`, and `seed`.
    ///
    /// # Panics
    /// When that fails: no test can run then.
    #[must_use]
    pub fn new(schema: Schema, seed: impl Fn(&mut Conn) -> Result<(), DbError> + Send + Sync + 'static) -> Self {
        Self::prepared(Box::new(move |conn| {
            schema.up(conn)?;
            Ok(seed(conn)?)
        }))
    }

    /// An SQLite database with the migrations of these folders, read when the tests run, and the rows of `sql`; one for all
    /// tests of a process that want the same.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    #[must_use]
    pub fn shared(migrations: &'static [&'static str], sql: &'static str) -> &'static Self {
        static KNOWN: Mutex<BTreeMap<(&[&str], &str), &Template>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry((migrations, sql)).or_insert_with(|| {
            let made = file(&move |conn: &mut Conn| {
                crate::on_dialect!(conn, c => {
                    for folder in migrations {
                        c.run_pending_migrations(FileBasedMigrations::from_path(folder)?)?;
                    }
                    c.batch_execute(sql)?;
                });
                Ok(())
            });
            #[expect(clippy::panic, reason = "a test kit fails loudly")]
            let made = made.unwrap_or_else(|error| panic!("the template database cannot be made: {error}"));
            Box::leak(Box::new(Self { prepare: Box::new(|_| Ok(())), made }))
        })
    }

    fn prepared(prepare: Prepare) -> Self {
        let made = match server() {
            None => file(&prepare),
            Some(server) => on_server(server, &prepare),
        };
        #[expect(clippy::panic, reason = "a test kit fails loudly")]
        let made = made.unwrap_or_else(|error| panic!("the template database cannot be made: {error}"));
        Self { prepare, made }
    }

    /// A copy for one test.
    ///
    /// # Panics
    /// When the file system or the server says no.
    #[must_use]
    pub fn database(&self) -> TestDatabase {
        #[expect(clippy::panic, reason = "a test kit fails loudly")]
        self.copied().unwrap_or_else(|error| panic!("the test database cannot be made: {error}"))
    }

    fn copied(&self) -> Result<TestDatabase, Failure> {
        let folder = TempDir::new()?;
        let (url, on_server) = match &self.made {
            Made::File(bytes) => {
                let file = folder.path().join("test.sqlite3");
                fs::write(&file, bytes)?;
                (format!("sqlite://{}", file.display()), None)
            }
            Made::Server { server, copied } => {
                let name = fresh_name();
                match copied {
                    Some(template) => run(server, &format!("CREATE DATABASE {name} TEMPLATE {template}"))?,
                    None => {
                        run(server, &format!("CREATE DATABASE {name}"))?;
                        prepare(&named(server, &name), &self.prepare)?;
                    }
                }
                (named(server, &name), Some((server.clone(), name)))
            }
        };
        let deadline = Duration::from_secs(30);
        let settings = DbSettings { url: url.clone(), connections: 2, queue: 256, deadline, sync: SqliteSync::Off };
        Ok(TestDatabase { db: Db::start(settings)?, url, place: Arc::new(Place { folder, on_server }) })
    }
}

/// The server that tests run on, if there is one.
#[expect(clippy::disallowed_methods, reason = "a test kit is configured by the environment alone")]
fn server() -> Option<String> {
    std::env::var("GLUE_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}

fn file(fill: &dyn Fn(&mut Conn) -> Result<(), Failure>) -> Result<Made, Failure> {
    let folder = TempDir::new()?;
    let file = folder.path().join("template.sqlite3");
    let url = format!("sqlite://{}", file.display());
    prepare(&url, fill)?;
    run(&url, "PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(Made::File(fs::read(file)?))
}

fn on_server(server: String, fill: &dyn Fn(&mut Conn) -> Result<(), Failure>) -> Result<Made, Failure> {
    let copied = match SqlDialect::of(&server) {
        Some(SqlDialect::Postgres) => {
            let template = fresh_name();
            run(&server, &format!("CREATE DATABASE {template}"))?;
            prepare(&named(&server, &template), fill)?;
            Some(template)
        }
        _ => None,
    };
    Ok(Made::Server { server, copied })
}

fn prepare(url: &str, fill: &dyn Fn(&mut Conn) -> Result<(), Failure>) -> Result<(), Failure> {
    fill(&mut Conn::open(url, SqliteSync::Off)?)
}

/// A name that no other test of any process has.
fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("glue_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The URL of another database of the same server.
fn named(server: &str, name: &str) -> String {
    let (place, _) = server.rsplit_once('/').unwrap_or((server, ""));
    format!("{place}/{name}")
}

fn run(server: &str, statement: &str) -> Result<(), Failure> {
    let mut conn = Conn::open(server, SqliteSync::Off)?;
    crate::on_dialect!(&mut conn, c => c.batch_execute(statement))?;
    Ok(())
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((server, name)) = &self.on_server else { return };
        // Connections of the executor may still be open.
        let how = if SqlDialect::of(server) == Some(SqlDialect::Postgres) { " WITH (FORCE)" } else { "" };
        let _ = run(server, &format!("DROP DATABASE {name}{how}"));
    }
}

impl TestDatabase {
    /// A connection of the test's own, for looking at rows.
    ///
    /// # Panics
    /// When the database cannot be opened.
    #[must_use]
    pub fn conn(&self) -> Conn {
        #[expect(clippy::panic, reason = "a test kit fails loudly")]
        Conn::open(&self.url, SqliteSync::Off).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The folder of the database, for files that belong to the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder.path()
    }
}
