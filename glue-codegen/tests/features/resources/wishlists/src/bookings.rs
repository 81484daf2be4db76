//! What happens beside the rows of `bookings`.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use glue_core::db::{Conn, DbError};
use glue_core::document::Entity;
use glue_core::on_dialect;

use crate::generated::bookings::attributes::{Booking, BookingId};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// The number of the next booking.
///
/// # Errors
/// When the database cannot be asked.
pub fn next_number(conn: &mut Conn) -> Result<String, DbError> {
    let sql = "SELECT COALESCE(MAX(id_booking), 0) AS rows FROM spy_booking";
    let counted: Counted = on_dialect!(conn, c => diesel::sql_query(sql).get_result(c))?;
    Ok(format!("B-{:06}", counted.rows + 1))
}

/// Every booking has a first charge; nobody books for four nights or more.
///
/// # Errors
/// When it cannot be written.
pub fn booked(conn: &mut Conn, booking: &Entity<Booking>) -> Result<(), DbError> {
    let sql = "INSERT INTO spy_booking_charge (uuid, amount, created_at, updated_at, fk_booking)
        SELECT 'charge-' || uuid, 100, created_at, created_at, id_booking FROM spy_booking WHERE uuid = ?";
    let id = booking.id.clone().unwrap_or_default();
    on_dialect!(conn, c => diesel::sql_query(sql).bind::<diesel::sql_types::Text, _>(id).execute(c))?;
    match booking.attributes.company.as_deref() {
        Some("Broken") => Err(DbError::Reference),
        _ => Ok(()),
    }
}

/// Charges go with their booking.
///
/// # Errors
/// When they cannot be counted.
pub fn gone(conn: &mut Conn, _: &BookingId) -> Result<(), DbError> {
    let sql = "SELECT COUNT(*) AS rows FROM spy_booking_charge";
    let counted: Counted = on_dialect!(conn, c => diesel::sql_query(sql).get_result(c))?;
    if counted.rows == 0 { Ok(()) } else { Err(DbError::NotFound) }
}
