//! A database per test: made once per process, copied for each.

use std::fs;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use tempfile::TempDir;

use crate::db::{Conn, Db, DbError, DbSettings, Migrations, Sync};

/// A migrated and seeded database as bytes.
pub struct Template(Vec<u8>);

/// A database that goes away with the test.
pub struct TestDatabase {
    /// The executor over it.
    pub db: Db,
    /// Its URL.
    pub url: String,
    folder: TempDir,
}

impl Template {
    /// Migrates and seeds a fresh database.
    ///
    /// # Panics
    /// When that fails: no test can run then.
    #[must_use]
    pub fn new(migrations: Migrations, seed: impl FnOnce(&mut Conn) -> Result<(), DbError>) -> Self {
        let made = || -> Result<Vec<u8>, Box<dyn std::error::Error>> {
            let folder = TempDir::new()?;
            let file = folder.path().join("template.sqlite3");
            let mut conn = Conn::open(&format!("sqlite://{}", file.display()), Sync::Off)?;
            migrations.up(&mut conn)?;
            seed(&mut conn)?;
            crate::on_dialect!(&mut conn, c => c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"))?;
            drop(conn);
            Ok(fs::read(file)?)
        };
        #[expect(clippy::panic, reason = "a test kit fails loudly")]
        made().map(Self).unwrap_or_else(|error| panic!("the template database cannot be made: {error}"))
    }

    /// A copy for one test.
    ///
    /// # Panics
    /// When the file system says no.
    #[must_use]
    pub fn database(&self) -> TestDatabase {
        let made = || -> Result<TestDatabase, Box<dyn std::error::Error>> {
            let folder = TempDir::new()?;
            let file = folder.path().join("test.sqlite3");
            fs::write(&file, &self.0)?;
            let url = format!("sqlite://{}", file.display());
            let deadline = Duration::from_secs(30);
            let settings = DbSettings { url: url.clone(), connections: 2, queue: 256, deadline, sync: Sync::Off };
            Ok(TestDatabase { db: Db::start(settings)?, url, folder })
        };
        #[expect(clippy::panic, reason = "a test kit fails loudly")]
        made().unwrap_or_else(|error| panic!("the test database cannot be made: {error}"))
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
        Conn::open(&self.url, Sync::Off).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The folder of the database, for files that belong to the test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}
