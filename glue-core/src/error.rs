//! Errors as facts: a row of a code table for the client, a cause for the log.

mod api_error;
pub mod codes;
mod row;

pub use api_error::{ApiError, Outcome};
pub use row::{ErrorKind, ErrorObject, ErrorRow};
