//! Which database, and how much of it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use super::validate::{ConfigError, Validate, within};
use crate::db::{DbSettings, SqliteSync};

/// Which database, and how much of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://path`, `postgres://…` or `mysql://…`.
    pub url: DatabaseUrl,
    /// Connections, each with a thread of its own.
    pub connections: usize,
    /// Jobs that may wait for a connection; one more is answered with 503.
    pub queue: usize,
    /// Milliseconds from hand-over to answer; afterwards 503.
    pub deadline_ms: u64,
    /// How SQLite commits: `full` survives a power cut, `normal` survives `kill -9`.
    pub sqlite_sync: SqliteSync,
    /// Whether `serve` applies pending migrations and loads the demo data into an empty database.
    pub prepare: bool,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: DatabaseUrl("sqlite://var/glue.sqlite3".into()),
            connections: 4,
            queue: 512,
            deadline_ms: 2_000,
            sqlite_sync: SqliteSync::Full,
            prepare: true,
        }
    }
}

impl DatabaseSettings {
    /// The settings of the executor.
    #[must_use]
    pub fn executor(&self) -> DbSettings {
        DbSettings {
            url: self.url.0.clone(),
            connections: self.connections,
            queue: self.queue,
            deadline: Duration::from_millis(self.deadline_ms),
            sync: self.sqlite_sync,
        }
    }

    /// The file behind an SQLite URL.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        self.url.0.strip_prefix("sqlite://").map(PathBuf::from)
    }
}

/// A database URL; whoever prints it reads it without its password.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(pub String);

impl DatabaseUrl {
    fn masked(&self) -> String {
        // Parameters may carry a password too.
        let shown = self.0.split('?').next().unwrap_or_default();
        let Some((scheme, rest)) = shown.split_once("://") else { return shown.to_owned() };
        match rest.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => format!("{scheme}://{user}:***@{host}"),
            None => shown.to_owned(),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

impl Validate for DatabaseSettings {
    fn validate(&self) -> Result<(), ConfigError> {
        within("database.connections", self.connections, 1, 1024)?;
        within("database.queue", self.queue, 1, 1_000_000)?;
        within("database.deadline_ms", self.deadline_ms, 10, 600_000)?;
        match crate::db::SqlDialect::of(&self.url.0) {
            Some(dialect) if dialect.is_built_in() => Ok(()),
            Some(dialect) => Err(ConfigError::bad_value(
                "database.url",
                &format!("this build does not speak {dialect:?}; enable its feature"),
            )),
            None => Err(ConfigError::bad_value("database.url", "no known scheme (sqlite, postgres, mysql)")),
        }
    }
}
