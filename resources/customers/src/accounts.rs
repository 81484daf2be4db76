//! Customers as accounts: found by e-mail, with what a credential check needs.

use diesel::prelude::*;
use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;

use schema::spy_customer;

mod schema {
    diesel::table! {
        spy_customer (id_customer) {
            id_customer -> BigInt,
            customer_reference -> Text,
            email_key -> Text,
            password -> Nullable<Text>,
            registered -> Nullable<Date>,
            anonymized_at -> Nullable<Timestamp>,
            restore_password_key -> Nullable<Text>,
            restore_password_date -> Nullable<Timestamp>,
        }
    }
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
}

/// Looks customers up for whoever checks credentials.
#[derive(Clone)]
pub struct Accounts(Db);

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

    /// The customer with this e-mail address, in any case.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; an unknown address is no error.
    pub async fn by_email(&self, email: &str) -> Result<Option<Account>, DbError> {
        let key = email.to_lowercase();
        let find = move |conn: &mut Conn| {
            let found: Option<Account> = on_dialect!(conn, c => {
                let named = spy_customer::table.filter(spy_customer::email_key.eq(&key));
                named.select(columns!()).get_result(c).optional()
            })?;
            // Some databases compare without blanks at the end.
            Ok(found.filter(|account| account.email == key))
        };
        self.0.run(find).await
    }

    /// The customer with this reference.
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn by_reference(&self, reference: &str) -> Result<Option<Account>, DbError> {
        let reference = reference.to_owned();
        let find = move |conn: &mut Conn| {
            let account: Option<Account> = on_dialect!(conn, c => {
                let named = spy_customer::table.filter(spy_customer::customer_reference.eq(&reference));
                named.select(columns!()).get_result(c).optional()
            })?;
            Ok(account.filter(|account| account.reference == reference))
        };
        self.0.run(find).await
    }

    /// The customer with this database id.
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn by_id(&self, id: i64) -> Result<Option<Account>, DbError> {
        let find = move |conn: &mut Conn| {
            let account =
                on_dialect!(conn, c => spy_customer::table.find(id).select(columns!()).get_result(c).optional())?;
            Ok(account)
        };
        self.0.run(find).await
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

    /// The customers who were anonymised at `since` or later: their database ids and references.
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn anonymised_since(&self, since: time::PrimitiveDateTime) -> Result<Vec<(i64, String)>, DbError> {
        let find = move |conn: &mut Conn| {
            Ok(on_dialect!(conn, c => {
                spy_customer::table
                    .filter(spy_customer::anonymized_at.ge(since))
                    .select((spy_customer::id_customer, spy_customer::customer_reference))
                    .load(c)?
            }))
        };
        self.0.run(find).await
    }

    /// Replaces a password hash, unless somebody else did meanwhile; returns whether it did.
    ///
    /// # Errors
    /// As [`Accounts::by_email`].
    pub async fn rehash(&self, id: i64, old: String, new: String) -> Result<bool, DbError> {
        let write = move |conn: &mut Conn| {
            let changed = on_dialect!(conn, c => {
                let same = spy_customer::table.find(id).filter(spy_customer::password.eq(&old));
                diesel::update(same).set(spy_customer::password.eq(&new)).execute(c)
            })?;
            Ok(changed > 0)
        };
        self.0.write(write).await
    }
}
