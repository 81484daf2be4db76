//! How values stand in columns: times, lists of words, JSON.

use time::{OffsetDateTime, PrimitiveDateTime};

use crate::error::GrantError;

/// A time as every database keeps it: in UTC, to the microsecond.
pub(super) fn stored(time: OffsetDateTime) -> PrimitiveDateTime {
    let micros = time.replace_microsecond(time.microsecond()).unwrap_or(time);
    PrimitiveDateTime::new(micros.date(), micros.time())
}

pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, GrantError> {
    serde_json::to_string(value).map_err(|error| GrantError::Defect(error.to_string()))
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, GrantError> {
    serde_json::from_str(text).map_err(|error| GrantError::Defect(error.to_string()))
}

pub(super) fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty())
}
