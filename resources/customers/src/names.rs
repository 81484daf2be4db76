//! Customers' names as a search compares them: without case, alike on every database.

use diesel::prelude::*;
use glue_core::db::{Conn, DbError};
use glue_core::on_dialect;
use icu_normalizer::ComposingNormalizerBorrowed;

use crate::tables::spy_customer;

/// How many rows one transaction fills in.
const BATCH: i64 = 500;

/// Text without case: upper, then lower case, which is full case folding (`ß` as `ss`, `ς` as `σ`), then composed (Unicode
/// NFC). Each character by itself, so that the key of a beginning is the beginning of the key.
#[must_use]
pub fn key(text: &str) -> String {
    let folded: String = text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
}

/// Whether some customer's keys are still to be computed: after a migration, or a change by another program.
///
/// # Errors
/// [`DbError`] when the storage cannot answer.
pub fn are_missing(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(!missing(conn, 1)?.is_empty())
}

/// Computes the keys that are missing, in transactions of some hundred rows, and returns how many customers had none.
///
/// # Errors
/// [`DbError`] when the storage cannot answer; what was computed until then stays.
pub fn complete(conn: &mut Conn) -> Result<usize, DbError> {
    let mut completed = 0;
    loop {
        let done = conn.write(complete_batch)?;
        completed += done;
        if done == 0 {
            return Ok(completed);
        }
    }
}

fn missing(conn: &mut Conn, limit: i64) -> Result<Vec<i64>, DbError> {
    Ok(on_dialect!(conn, c => spy_customer::table
        .filter(spy_customer::last_name_key.is_null())
        .select(spy_customer::id_customer)
        .limit(limit)
        .load(c))?)
}

fn complete_batch(conn: &mut Conn) -> Result<usize, DbError> {
    type Row = (i64, Option<String>, Option<String>);
    let ids = missing(conn, BATCH)?;
    on_dialect!(conn, c => {
        // Locks the rows: a name that changes between its reading and its key's writing would keep a key of the past.
        diesel::update(spy_customer::table.filter(spy_customer::id_customer.eq_any(&ids)))
            .set(spy_customer::last_name_key.eq(None::<String>))
            .execute(c)?;
        let rows: Vec<Row> = spy_customer::table
            .filter(spy_customer::id_customer.eq_any(&ids))
            .select((spy_customer::id_customer, spy_customer::first_name, spy_customer::last_name))
            .load(c)?;
        for (id, first, last) in &rows {
            let keyed = |name: &Option<String>| key(name.as_deref().unwrap_or_default());
            diesel::update(spy_customer::table.find(id))
                .set((spy_customer::first_name_key.eq(keyed(first)), spy_customer::last_name_key.eq(keyed(last))))
                .execute(c)?;
        }
    });
    Ok(ids.len())
}
