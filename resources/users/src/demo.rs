//! Demo data: six back-office users, with the names that shop clients know (reference/resources.md §9.1).

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use time::PrimitiveDateTime;

use crate::tables::spy_user;

/// Who works in a warehouse.
pub const WAREHOUSE_USER: &str = "5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1005";

const USERS: &[(&str, &str, &str, &str, &str, bool, bool)] = &[
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1001", "admin@spryker.com", "Admin", "Spryker", "active", false, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1002", "admin_de@spryker.com", "Admin", "German", "active", false, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1003", "agent@spryker.com", "Agent", "Smith", "active", true, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1004", "richard@spryker.com", "Richard", "Gere", "active", false, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1005", "warehouse@spryker.com", "Herald", "Hopkins", "active", false, true),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1006", "blocked@spryker.com", "Bea", "Blocked", "blocked", false, false),
];

/// The names and password hashes of those whose names everybody knows.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn hashes(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    let names: Vec<&str> = USERS.iter().map(|user| user.1).collect();
    Ok(on_dialect!(conn, c => {
        spy_user::table
            .filter(spy_user::username_key.eq_any(&names))
            .select((spy_user::username_key, spy_user::password))
            .load(c)?
    }))
}

/// Adds the users, all with the password of `hash`.
///
/// # Errors
/// As [`hashes`].
pub fn insert(conn: &mut Conn, hash: &str, now: PrimitiveDateTime) -> Result<(), DbError> {
    let users: Vec<User> = USERS.iter().map(|user| back_office(user, hash, now)).collect();
    on_dialect!(conn, c => {
        for user in &users {
            diesel::insert_into(spy_user::table).values(user).execute(c)?;
        }
    });
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = spy_user)]
struct User {
    uuid: &'static str,
    username: &'static str,
    username_key: String,
    first_name: &'static str,
    last_name: &'static str,
    password: String,
    status: &'static str,
    is_agent: bool,
    is_warehouse_user: bool,
    created_at: PrimitiveDateTime,
    updated_at: PrimitiveDateTime,
}

fn back_office(
    user: &(&'static str, &'static str, &'static str, &'static str, &'static str, bool, bool),
    hash: &str,
    now: PrimitiveDateTime,
) -> User {
    let (uuid, username, first_name, last_name, status, is_agent, is_warehouse_user) = *user;
    User {
        uuid,
        username,
        username_key: username.to_lowercase(),
        first_name,
        last_name,
        password: hash.to_owned(),
        status,
        is_agent,
        is_warehouse_user,
        created_at: now,
        updated_at: now,
    }
}
