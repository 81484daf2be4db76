//! The one place that reads the system clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// The time, handed to whoever needs it. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The clock of this machine.
    #[must_use]
    pub fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that stands still at `start` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn fixed(start: OffsetDateTime) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(micros(start)))) }
    }

    /// Moves a fixed clock, and with it every clone of it. The system clock ignores this.
    pub fn advance(&self, by: Duration) {
        if let Some(fixed) = &self.fixed {
            let micros = i64::try_from(by.whole_microseconds()).unwrap_or(i64::MAX);
            fixed.fetch_add(micros, Ordering::SeqCst);
        }
    }

    /// Now, in UTC, cut to the microseconds that every database keeps.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        match &self.fixed {
            Some(fixed) => from_micros(fixed.load(Ordering::SeqCst)),
            #[expect(clippy::disallowed_methods, reason = "this is the one home of the system clock")]
            None => from_micros(micros(OffsetDateTime::now_utc())),
        }
    }
}

fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

fn from_micros(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// The form in which a point in time is stored: UTC without an offset.
#[must_use]
pub fn stored(time: OffsetDateTime) -> PrimitiveDateTime {
    PrimitiveDateTime::new(time.date(), time.time())
}
