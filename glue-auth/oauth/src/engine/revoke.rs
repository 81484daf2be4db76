//! Ends of sessions.

use time::OffsetDateTime;

use super::{Engine, stored};
use crate::port::{Access, StorageError, run};
use crate::refresh::RefreshToken;
use crate::store;

impl Engine {
    /// Ends the family of a refresh token, if it is one of this customer's. Unknown and foreign tokens change nothing,
    /// and the caller is not told (contract/authentication.md §1.4). Done means durable.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn revoke(&self, token: &str, customer_reference: &str, now: OffsetDateTime) -> Result<(), StorageError> {
        let (identifier, reference) = (RefreshToken::received(token).identifier(), customer_reference.to_owned());
        let found = run(&*self.database, Access::Read, move |conn| store::find_refresh(conn, &identifier)).await?;
        let Some(row) = found.filter(|row| row.customer_reference.as_deref() == Some(&reference)) else {
            return Ok(());
        };
        run(&*self.database, Access::Write, move |conn| store::revoke_family(conn, &row.family, stored(now))).await?;
        Ok(())
    }

    /// Ends every family of a customer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn revoke_all(&self, customer_reference: &str, now: OffsetDateTime) -> Result<(), StorageError> {
        let reference = customer_reference.to_owned();
        run(&*self.database, Access::Write, move |conn| store::revoke_customer(conn, &reference, stored(now))).await?;
        Ok(())
    }
}
