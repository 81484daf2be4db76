//! Demo data: sixty customers, some of them with the identities that shop clients know (reference/resources.md §9.1).

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use time::{Date, Duration, PrimitiveDateTime};

use crate::tables::spy_customer;

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

/// Whether there is any customer.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn is_empty(conn: &mut Conn) -> Result<bool, DbError> {
    let found: i64 = on_dialect!(conn, c => spy_customer::table.count().get_result(c))?;
    Ok(found == 0)
}

/// The addresses and password hashes of those whose addresses everybody knows.
///
/// # Errors
/// As [`is_empty`].
pub fn hashes(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    let emails: Vec<String> = KNOWN.iter().map(|known| known.1.to_lowercase()).collect();
    let found: Vec<(String, Option<String>)> = on_dialect!(conn, c => {
        spy_customer::table
            .filter(spy_customer::email_key.eq_any(&emails))
            .select((spy_customer::email_key, spy_customer::password))
            .load(c)?
    });
    Ok(found.into_iter().filter_map(|(email, hash)| Some((email, hash?))).collect())
}

/// Adds the customers, all with the password of `hash`; returns their database ids, that of `DE--1` first.
///
/// # Errors
/// As [`is_empty`].
pub fn insert(conn: &mut Conn, hash: &str, now: PrimitiveDateTime) -> Result<Vec<i64>, DbError> {
    let customers: Vec<Customer> = (1..=60).map(|number| customer(number, hash, now)).collect();
    Ok(on_dialect!(conn, c => {
        for customer in &customers {
            diesel::insert_into(spy_customer::table).values(customer).execute(c)?;
        }
        spy_customer::table.select(spy_customer::id_customer).order(spy_customer::id_customer).load(c)?
    }))
}

#[derive(Insertable)]
#[diesel(table_name = spy_customer)]
struct Customer {
    customer_reference: String,
    email: String,
    email_key: String,
    salutation: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    gender: &'static str,
    date_of_birth: Option<Date>,
    password: String,
    registered: Date,
    created_at: PrimitiveDateTime,
    updated_at: PrimitiveDateTime,
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
