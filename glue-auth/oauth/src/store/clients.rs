//! Clients: one row per frontend.

use diesel::prelude::*;

use super::spy_oauth_client as clients;
use crate::port::{Connection, StorageError, on_dialect};

/// A frontend.
#[derive(Clone, Queryable)]
pub(crate) struct Client {
    pub(crate) identifier: String,
    pub(crate) secret: Option<String>,
    pub(crate) is_confidential: bool,
}

pub(crate) fn find_client(conn: Connection<'_>, identifier: &str) -> Result<Option<Client>, StorageError> {
    let found = on_dialect!(conn, c => {
        clients::table
            .filter(clients::identifier.eq(identifier))
            .select((clients::identifier, clients::secret, clients::is_confidential))
            .get_result(c)
            .optional()
    });
    Ok(found?)
}
