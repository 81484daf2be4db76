//! Clients: one row per frontend.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::spy_oauth_client as clients;
use crate::port::{Connection, StorageError, on_dialect};

/// A frontend.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = clients)]
pub(crate) struct Client {
    pub(crate) identifier: String,
    pub(crate) name: String,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) is_confidential: bool,
    pub(crate) grants: Option<String>,
    pub(crate) scopes: Option<String>,
    pub(crate) previous_secret: Option<String>,
    pub(crate) previous_secret_until: Option<PrimitiveDateTime>,
}

pub(crate) fn find_client(conn: Connection<'_>, identifier: &str) -> Result<Option<Client>, StorageError> {
    let found = on_dialect!(conn, c => {
        clients::table.filter(clients::identifier.eq(identifier)).select(Client::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

pub(crate) fn list_clients(conn: Connection<'_>) -> Result<Vec<Client>, StorageError> {
    let found = on_dialect!(conn, c => clients::table.select(Client::as_select()).order(clients::identifier).load(c));
    Ok(found?)
}

pub(crate) fn insert_client(conn: Connection<'_>, client: &Client) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(clients::table).values(client).execute(c))?;
    Ok(())
}

/// Puts a new secret in, while the one before it lives on until `until`. Returns whether there is such a client with a secret.
pub(crate) fn rotate_secret(
    conn: Connection<'_>,
    identifier: &str,
    secret: &str,
    until: PrimitiveDateTime,
) -> Result<bool, StorageError> {
    let changed = on_dialect!(conn, c => {
        let known = clients::table.filter(clients::identifier.eq(identifier)).filter(clients::is_confidential.eq(true));
        let Some(old) = known.select(clients::secret).get_result::<Option<String>>(c).optional()? else {
            return Ok(false);
        };
        diesel::update(clients::table.filter(clients::identifier.eq(identifier)))
            .set((
                clients::secret.eq(secret),
                clients::previous_secret.eq(old),
                clients::previous_secret_until.eq(until),
            ))
            .execute(c)?
    });
    Ok(changed > 0)
}
