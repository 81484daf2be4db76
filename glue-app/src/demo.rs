//! Demo data: rows to try an application with. Everybody knows their password.

use glue_core::db::{Conn, DbError};
use oauth::passwords::Hasher;
use oauth::settings::AuthSettings;
use time::{OffsetDateTime, PrimitiveDateTime};

/// The password of everybody in the demo data.
pub const PASSWORD: &str = "change123";

/// A name, and the hash that is stored of its password.
pub type NamedHash = (String, String);

/// The demo data of an application.
#[derive(Clone, Copy)]
pub struct DemoData {
    /// Adds the rows to an empty database, in a transaction; returns whether it was empty.
    pub insert: fn(&mut Conn, &DemoSecrets, PrimitiveDateTime) -> Result<bool, DbError>,
    /// The names of people and clients that everybody knows, each with the hash that is stored of its password.
    pub hashes: fn(&mut Conn) -> Result<Vec<NamedHash>, DbError>,
}

/// What the rows of demo data take from the configuration.
pub struct DemoSecrets {
    /// The hash of the password of everybody in it.
    pub hash: String,
    /// The client of the frontends.
    pub client: String,
}

impl DemoData {
    /// Loads it into an empty database, all of it or nothing. Returns whether there was anything to load.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer.
    pub fn load(&self, conn: &mut Conn, settings: &AuthSettings, now: OffsetDateTime) -> Result<bool, DbError> {
        let now = PrimitiveDateTime::new(now.date(), now.time());
        let hash = Hasher::new(settings).hash(PASSWORD.as_bytes());
        let hash = hash.ok_or_else(|| DbError::Defect("the system gives no randomness".into()))?;
        let secrets = DemoSecrets { hash, client: settings.default_client.clone() };
        conn.write(|conn| (self.insert)(conn, &secrets, now))
    }

    /// Somebody who still has the password of the demo data, if anybody has: of those whose names it gives.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub(crate) fn known_password(&self, conn: &mut Conn, settings: &AuthSettings) -> Result<Option<String>, DbError> {
        let mut hasher = Hasher::new(settings);
        let hashes = (self.hashes)(conn)?;
        Ok(hashes.into_iter().find(|(_, hash)| hasher.fits(PASSWORD.as_bytes(), hash)).map(|(name, _)| name))
    }
}
