//! Demo data: two clients (reference/resources.md §9.1).

use crate::port::{Connection, StorageError};
use crate::store::{Client, find_client, insert_client};

const PLACES: &str = "http://127.0.0.1/callback http://[::1]/callback";
const SERVICE: &str = "service";
const GRANTS: &str = "password refresh_token authorization_code client_credentials introspection";

/// The clients that have a secret, each with its hash.
///
/// # Errors
/// [`StorageError`].
pub fn hashes(conn: Connection<'_>) -> Result<Vec<(String, String)>, StorageError> {
    let secret = find_client(conn, SERVICE)?.and_then(|client| client.secret);
    Ok(secret.map(|hash| (SERVICE.to_owned(), hash)).into_iter().collect())
}

/// Adds `frontend`, a client without a secret.
///
/// # Errors
/// [`StorageError`].
pub fn insert_frontend(conn: Connection<'_>, frontend: &str) -> Result<(), StorageError> {
    insert_client(conn, &client(frontend, "Frontend", None, None))
}

/// Adds a service that acts for people and for itself, with the secret of `hash`.
///
/// # Errors
/// [`StorageError`].
pub fn insert_service(conn: Connection<'_>, hash: &str) -> Result<(), StorageError> {
    insert_client(conn, &client(SERVICE, "Service", Some(hash), Some(GRANTS)))
}

fn client(identifier: &str, name: &str, secret: Option<&str>, grants: Option<&str>) -> Client {
    Client {
        identifier: identifier.to_owned(),
        name: name.to_owned(),
        redirect_uri: Some(PLACES.to_owned()),
        secret: secret.map(str::to_owned),
        is_confidential: secret.is_some(),
        grants: grants.map(str::to_owned),
        scopes: None,
        previous_secret: None,
        previous_secret_until: None,
    }
}
