//! Demo data: enough people, stores and lists to try everything, with the identities that shop clients know
//! (contract/resources.md §9.1).

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
