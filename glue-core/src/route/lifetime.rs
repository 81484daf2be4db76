//! How long answers may be kept, and how long an operation is there.

use time::{Date, Month};

/// How long answers of a read may be kept (RFC 9111 §5.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLifetime {
    /// For so many seconds.
    pub seconds: u32,
    /// Whether caches between callers and the application may keep them too, for everybody.
    pub shared: bool,
}

/// A day in a row, which is a constant.
///
/// # Panics
/// When no calendar has it: such a row does not compile.
#[must_use]
#[expect(clippy::panic, reason = "a constant that is none stops the compiler")]
pub const fn day(year: i32, month: u8, day: u8) -> Date {
    let month = match month {
        1 => Month::January,
        2 => Month::February,
        3 => Month::March,
        4 => Month::April,
        5 => Month::May,
        6 => Month::June,
        7 => Month::July,
        8 => Month::August,
        9 => Month::September,
        10 => Month::October,
        11 => Month::November,
        12 => Month::December,
        _ => panic!("months are from 1 to 12"),
    };
    match Date::from_calendar_date(year, month, day) {
        Ok(date) => date,
        Err(_) => panic!("the month has no such day"),
    }
}

/// What is on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// Nobody should begin with it any more, from this day on (RFC 9745).
    pub since: Date,
    /// The day on which it goes, when that is known (RFC 8594).
    pub sunset: Option<Date>,
    /// What to use instead, in words.
    pub instead: Option<&'static str>,
}
