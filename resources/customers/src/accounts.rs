//! Customers as accounts: found by e-mail, with what a credential check needs.

use diesel::prelude::*;
use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;

use crate::tables::spy_customer;

macro_rules! columns {
    () => {
        (
            spy_customer::id_customer,
            spy_customer::customer_reference,
            spy_customer::email_key,
            spy_customer::password,
            spy_customer::registered,
            spy_customer::anonymized_at,
        )
    };
}

/// One customer as a login sees it.
#[derive(Clone, Queryable)]
pub struct Account {
    /// The surrogate identifier.
    pub id: i64,
    /// The natural identifier, `DE--21` say.
    pub reference: String,
    /// The e-mail address in lower case: the login name.
    pub email: String,
    /// The password's hash; none when the customer has no password yet.
    pub password: Option<String>,
    registered: Option<time::Date>,
    anonymized_at: Option<time::PrimitiveDateTime>,
}

impl Account {
    /// Whether the customer confirmed the registration and was not anonymised since.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.registered.is_some() && self.anonymized_at.is_none()
    }

    /// The customer with this e-mail address, in any case.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; an unknown address is no error.
    pub fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Self>, DbError> {
        let key = email.to_lowercase();
        let found: Option<Self> = on_dialect!(conn, c => {
            let named = spy_customer::table.filter(spy_customer::email_key.eq(&key));
            named.select(columns!()).get_result(c).optional()
        })?;
        // Some databases compare without blanks at the end.
        Ok(found.filter(|account| account.email == key))
    }

    /// The customer with this reference.
    ///
    /// # Errors
    /// As [`Account::by_email`].
    pub fn by_reference(conn: &mut Conn, reference: &str) -> Result<Option<Self>, DbError> {
        let account: Option<Self> = on_dialect!(conn, c => {
            let named = spy_customer::table.filter(spy_customer::customer_reference.eq(reference));
            named.select(columns!()).get_result(c).optional()
        })?;
        Ok(account.filter(|account| account.reference == reference))
    }

    /// The customer with this database id.
    ///
    /// # Errors
    /// As [`Account::by_email`].
    pub fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Self>, DbError> {
        Ok(on_dialect!(conn, c => spy_customer::table.find(id).select(columns!()).get_result(c).optional())?)
    }

    /// Replaces a password hash, unless somebody else did meanwhile; returns whether it did.
    ///
    /// # Errors
    /// As [`Account::by_email`].
    pub fn rehash(conn: &mut Conn, id: i64, old: &str, new: &str) -> Result<bool, DbError> {
        let changed = on_dialect!(conn, c => {
            let same = spy_customer::table.find(id).filter(spy_customer::password.eq(old));
            diesel::update(same).set(spy_customer::password.eq(new)).execute(c)
        })?;
        Ok(changed > 0)
    }

    /// Some password as PHP hashes them, if there is any; without one, the whole table is read.
    ///
    /// # Errors
    /// As [`Account::by_email`].
    pub fn bcrypt_hash(conn: &mut Conn) -> Result<Option<String>, DbError> {
        let found: Option<Option<String>> = on_dialect!(conn, c => {
            let old = spy_customer::table.filter(spy_customer::password.like("$2%"));
            old.select(spy_customer::password).limit(1).get_result(c).optional()?
        });
        Ok(found.flatten())
    }
}

/// Looks customers up for whoever checks credentials.
#[derive(Clone)]
pub struct Accounts(Db);

/// A new password of a customer. It prints nothing.
#[derive(Clone)]
pub struct NewPassword {
    /// The hash that counts from now on.
    pub hash: String,
    /// What proves that it may be set.
    pub by: By,
}

/// What proves that a password may be set: it has to be there still when that happens.
#[derive(Clone)]
pub enum By {
    /// The password before it.
    Password {
        /// The hash that is stored of it.
        hash: String,
    },
    /// A key that was sent to the customer.
    Key {
        /// The hash that is stored of it.
        hash: String,
    },
}

impl Accounts {
    /// Accounts in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self(db)
    }

    /// As [`Account::by_email`].
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; an unknown address is no error.
    pub async fn by_email(&self, email: &str) -> Result<Option<Account>, DbError> {
        let email = email.to_owned();
        self.0.run(move |conn| Account::by_email(conn, &email)).await
    }

    /// As [`Account::by_reference`].
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn by_reference(&self, reference: &str) -> Result<Option<Account>, DbError> {
        let reference = reference.to_owned();
        self.0.run(move |conn| Account::by_reference(conn, &reference)).await
    }

    /// As [`Account::by_id`].
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn by_id(&self, id: i64) -> Result<Option<Account>, DbError> {
        self.0.run(move |conn| Account::by_id(conn, id)).await
    }

    /// Remembers the hash of a key for a new password; the one before it is worth nothing any more.
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn begin_restore(&self, id: i64, key: String, now: time::PrimitiveDateTime) -> Result<(), DbError> {
        let write = move |conn: &mut Conn| {
            on_dialect!(conn, c => {
                diesel::update(spy_customer::table.find(id))
                    .set((spy_customer::restore_password_key.eq(&key), spy_customer::restore_password_date.eq(now)))
                    .execute(c)
            })?;
            Ok(())
        };
        self.0.write(write).await
    }

    /// Whose key this is the hash of, and since when.
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn by_restore_key(
        &self,
        key: String,
    ) -> Result<Option<(Account, Option<time::PrimitiveDateTime>)>, DbError> {
        let find = move |conn: &mut Conn| {
            Ok(on_dialect!(conn, c => {
                spy_customer::table
                    .filter(spy_customer::restore_password_key.eq(&key))
                    .select((columns!(), spy_customer::restore_password_date))
                    .get_result(c)
                    .optional()?
            }))
        };
        self.0.run(find).await
    }

    /// Sets a password and does `also` in the same transaction; any key for a new password is worth nothing afterwards.
    /// Returns what `also` does, or none when somebody was faster: nothing happens then.
    ///
    /// # Errors
    /// As [`Accounts::by_email`], or that of `also`: nothing happens then either.
    pub async fn set_password<T: Send + 'static>(
        &self,
        id: i64,
        new: NewPassword,
        also: impl FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    ) -> Result<Option<T>, DbError> {
        let write = move |conn: &mut Conn| {
            let changed = on_dialect!(conn, c => {
                let set = (
                    spy_customer::password.eq(&new.hash),
                    spy_customer::restore_password_key.eq(None::<String>),
                    spy_customer::restore_password_date.eq(None::<time::PrimitiveDateTime>),
                );
                let own = spy_customer::table.find(id);
                match &new.by {
                    By::Password { hash } => diesel::update(own.filter(spy_customer::password.eq(hash))).set(set).execute(c),
                    By::Key { hash } => {
                        diesel::update(own.filter(spy_customer::restore_password_key.eq(hash))).set(set).execute(c)
                    }
                }
            })?;
            if changed == 0 { Ok(None) } else { also(conn).map(Some) }
        };
        self.0.write(write).await
    }
}
