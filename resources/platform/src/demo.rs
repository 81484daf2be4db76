//! Demo data: enough people, stores and lists to try everything, with the identities that shop clients know
//! (reference/resources.md §9.1).

mod people;
mod rows;
mod shop;
mod work;

use glue_core::db::{Conn, DbError};
use oauth::passwords::Hasher;
use oauth::settings::AuthSettings;
use time::{OffsetDateTime, PrimitiveDateTime};

/// The password of everybody in the demo data.
pub const PASSWORD: &str = "change123";

/// Loads the demo data into an empty database, all of it or nothing. Returns whether there was anything to load.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn load(conn: &mut Conn, settings: &AuthSettings, now: OffsetDateTime) -> Result<bool, DbError> {
    let now = PrimitiveDateTime::new(now.date(), now.time());
    let hash = Hasher::new(settings).hash(PASSWORD.as_bytes());
    let hash = hash.ok_or_else(|| DbError::Defect("the system gives no randomness".into()))?;
    let client = settings.default_client.clone();
    conn.write(|conn| {
        if people::count(conn)? > 0 {
            return Ok(false);
        }
        people::insert(conn, &hash, now)?;
        shop::insert(conn, now)?;
        work::insert(conn)?;
        shop::insert_oauth(conn, &client, &hash)?;
        Ok(true)
    })
}

/// Somebody who still has the password of the demo data, if anybody has: of those whose names it gives.
///
/// # Errors
/// As [`load`].
pub(crate) fn known_password(conn: &mut Conn, settings: &AuthSettings) -> Result<Option<String>, DbError> {
    let mut hashes = people::hashes(conn)?;
    hashes.extend(shop::secrets(conn)?);
    let mut hasher = Hasher::new(settings);
    Ok(hashes.into_iter().find(|(_, hash)| hasher.fits(PASSWORD.as_bytes(), hash)).map(|(name, _)| name))
}
