//! Sixty customers and six back-office users.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use time::{Duration, PrimitiveDateTime};

use super::rows::{Customer, User, spy_customer, spy_user};

/// Customers whose place and identity clients rely on: number, address, salutation, first name, last name, gender.
const KNOWN: &[(usize, &str, &str, &str, &str, &str)] = &[
    (2, "maria.williams@acme.com", "Ms", "Maria", "Williams", "Female"),
    (4, "bill.martin@acme.com", "Mr", "Martin", "Bill", "Male"),
    (7, "Trever.m@acme.com", "Mr", "Trever", "Miles", "Male"),
    (9, "Solomon@acme.com", "Mr", "Solomon", "Reed", "Male"),
    (12, "Lilu@ottom.de", "Ms", "Lilu", "Dallas", "Female"),
    (15, "andrew@ottom.de", "Mr", "Andrew", "Otto", "Male"),
    (18, "anne.boleyn@acme.com", "Ms", "Anne", "Boleyn", "Female"),
    (21, "sonia@acme.com", "Ms", "Sonia", "Wagner", "Female"),
];

const FIRST: [(&str, &str, &str); 10] = [
    ("Ada", "Ms", "Female"),
    ("Bruno", "Mr", "Male"),
    ("Clara", "Mrs", "Female"),
    ("David", "Mr", "Male"),
    ("Emilia", "Ms", "Female"),
    ("Felix", "Dr", "Male"),
    ("Greta", "Mrs", "Female"),
    ("Hugo", "Mr", "Male"),
    ("Ines", "Dr", "Female"),
    ("Jonas", "Mr", "Male"),
];

const LAST: [&str; 6] = ["Albrecht", "Brandt", "Conrad", "Dietrich", "Engel", "Fischer"];

/// The hash of the demo password as PHP writes it: logging this customer in shows that migrated hashes verify.
const MIGRATED: (usize, &str) = (2, "$2y$10$vaqioFfUxZvFbSzrH8KSROJYfwNz81m1h1kw9LWIVBqq5UxNQ6MlK");

/// Who works in a warehouse.
pub(super) const WAREHOUSE_USER: &str = "5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1005";

const USERS: &[(&str, &str, &str, &str, &str, bool, bool)] = &[
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1001", "admin@spryker.com", "Admin", "Spryker", "active", false, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1002", "admin_de@spryker.com", "Admin", "German", "active", false, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1003", "agent@spryker.com", "Agent", "Smith", "active", true, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1004", "richard@spryker.com", "Richard", "Gere", "active", false, false),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1005", "warehouse@spryker.com", "Herald", "Hopkins", "active", false, true),
    ("5b9f3f3e-6a0e-5d0b-8f5f-0b4a2a7b1006", "blocked@spryker.com", "Bea", "Blocked", "blocked", false, false),
];

pub(super) fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(on_dialect!(conn, c => spy_customer::table.count().get_result(c))?)
}

/// The names and hashes of those whose names everybody knows.
pub(super) fn hashes(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    let emails: Vec<String> = KNOWN.iter().map(|known| known.1.to_lowercase()).collect();
    let names: Vec<&str> = USERS.iter().map(|user| user.1).collect();
    Ok(on_dialect!(conn, c => {
        let customers: Vec<(String, Option<String>)> = spy_customer::table
            .filter(spy_customer::email_key.eq_any(&emails))
            .select((spy_customer::email_key, spy_customer::password.nullable()))
            .load(c)?;
        let mut found: Vec<(String, String)> = spy_user::table
            .filter(spy_user::username_key.eq_any(&names))
            .select((spy_user::username_key, spy_user::password))
            .load(c)?;
        found.extend(customers.into_iter().filter_map(|(name, hash)| Some((name, hash?))));
        found
    }))
}

pub(super) fn insert(conn: &mut Conn, hash: &str, now: PrimitiveDateTime) -> Result<(), DbError> {
    let customers: Vec<Customer> = (1..=60).map(|number| customer(number, hash, now)).collect();
    let users: Vec<User> = USERS.iter().map(|user| back_office(user, hash, now)).collect();
    on_dialect!(conn, c => {
        for customer in &customers {
            diesel::insert_into(spy_customer::table).values(customer).execute(c)?;
        }
        for user in &users {
            diesel::insert_into(spy_user::table).values(user).execute(c)?;
        }
    });
    Ok(())
}

fn customer(number: usize, hash: &str, now: PrimitiveDateTime) -> Customer {
    let known = KNOWN.iter().find(|(known, ..)| *known == number);
    let (email, salutation, first_name, last_name, gender) = match known {
        Some((_, email, salutation, first, last, gender)) => ((*email).to_owned(), *salutation, *first, *last, *gender),
        None => {
            let (first, salutation, gender) =
                FIRST.get(number % FIRST.len()).copied().unwrap_or(("Kim", "Dr", "Female"));
            let last = LAST.get(number % LAST.len()).copied().unwrap_or("Gruber");
            let email = format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase());
            (email, salutation, first, last, gender)
        }
    };
    let days = i64::try_from(number).unwrap_or_default() * 137;
    Customer {
        customer_reference: format!("DE--{number}"),
        email_key: email.to_lowercase(),
        email,
        salutation,
        first_name,
        last_name,
        gender,
        date_of_birth: number.is_multiple_of(3).then(|| now.date().saturating_sub(Duration::days(9_000 + days))),
        password: if number == MIGRATED.0 { MIGRATED.1.to_owned() } else { hash.to_owned() },
        registered: now.date(),
        created_at: now,
        updated_at: now,
    }
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
