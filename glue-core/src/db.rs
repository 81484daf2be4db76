//! The database: one bounded executor of blocking connections, three dialects, queries written once.
//!
//! A domain crate writes a query as one body over a connection named by it and stamps that body per dialect with
//! [`on_dialect!`](crate::on_dialect): each copy is type-checked against its concrete backend, and there is no
//! dynamic dispatch inside a query.

mod aggregate;
mod conn;
mod error;
mod executor;
mod json;
mod migrate;
mod stamp;

pub use aggregate::{Average, Integers, Sum, average, sum};
pub use conn::{Conn, SqlDialect, SqliteSync};
pub use error::DbError;
pub use executor::{Db, DbSettings, Queued};
pub use json::Json;
pub use migrate::{Migrations, Schema};
