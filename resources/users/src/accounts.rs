//! Back-office users as accounts: found by name, with what a credential check needs.

use diesel::prelude::*;
use glue_core::db::{Conn, Db, DbError};
use glue_core::on_dialect;

use crate::tables::spy_user;

macro_rules! columns {
    () => {
        (
            spy_user::id_user,
            spy_user::uuid,
            spy_user::username_key,
            spy_user::password,
            spy_user::status,
            spy_user::is_agent,
            spy_user::is_warehouse_user,
        )
    };
}

/// One back-office user as a login sees it.
#[derive(Clone, Queryable)]
pub struct Account {
    /// The surrogate identifier.
    pub id: i64,
    /// The natural identifier.
    pub uuid: String,
    /// The login name in lower case, an e-mail address.
    pub username: String,
    /// The password's hash.
    pub password: String,
    status: String,
    /// Whether the user may act for customers in the storefront.
    pub is_agent: bool,
    /// Whether the user works in a warehouse.
    pub is_warehouse_user: bool,
}

impl Account {
    /// Whether the user is neither blocked nor deleted.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// The user with this name, in any case.
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; an unknown name is no error.
    pub fn by_username(conn: &mut Conn, username: &str) -> Result<Option<Self>, DbError> {
        let key = username.to_lowercase();
        let found: Option<Self> = on_dialect!(conn, c => {
            let named = spy_user::table.filter(spy_user::username_key.eq(&key));
            named.select(columns!()).get_result(c).optional()
        })?;
        // Some databases compare without blanks at the end.
        Ok(found.filter(|account| account.username == key))
    }

    /// The user with this database id.
    ///
    /// # Errors
    /// As [`Account::by_username`].
    pub fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Self>, DbError> {
        Ok(on_dialect!(conn, c => spy_user::table.find(id).select(columns!()).get_result(c).optional())?)
    }

    /// Replaces a password hash, unless somebody else did meanwhile; returns whether it did.
    ///
    /// # Errors
    /// As [`Account::by_username`].
    pub fn rehash(conn: &mut Conn, id: i64, old: &str, new: &str) -> Result<bool, DbError> {
        let changed = on_dialect!(conn, c => {
            let same = spy_user::table.find(id).filter(spy_user::password.eq(old));
            diesel::update(same).set(spy_user::password.eq(new)).execute(c)
        })?;
        Ok(changed > 0)
    }

    /// Some password as PHP hashes them, if there is any; without one, the whole table is read.
    ///
    /// # Errors
    /// As [`Account::by_username`].
    pub fn bcrypt_hash(conn: &mut Conn) -> Result<Option<String>, DbError> {
        Ok(on_dialect!(conn, c => {
            let old = spy_user::table.filter(spy_user::password.like("$2%"));
            old.select(spy_user::password).limit(1).get_result(c).optional()?
        }))
    }
}

/// Looks users up for whoever checks credentials.
#[derive(Clone)]
pub struct Accounts(Db);

impl Accounts {
    /// Accounts in `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self(db)
    }

    /// As [`Account::by_id`].
    ///
    /// # Errors
    /// [`DbError`] when the storage cannot answer; an unknown id is no error.
    pub async fn by_id(&self, id: i64) -> Result<Option<Account>, DbError> {
        self.0.run(move |conn| Account::by_id(conn, id)).await
    }
}
