//! Attribute values that are more than a JSON scalar, and the checks of identifiers.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::macros::format_description;
use time::{Date as CalendarDate, PrimitiveDateTime};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// A point in time in UTC, written `YYYY-MM-DD HH:MM:SS.ffffff` (reference/resources.md §0.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub PrimitiveDateTime);

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // By hand: a formatter takes ten times as long, and every resource has two of these.
        let at = self.0;
        let mut text = *b"0000-00-00 00:00:00.000000";
        let mut put = |end: usize, width: usize, value: u32| {
            let mut rest = value;
            for place in text.iter_mut().take(end).rev().take(width) {
                *place = b'0' + u8::try_from(rest % 10).unwrap_or_default();
                rest /= 10;
            }
        };
        put(4, 4, at.year().unsigned_abs());
        put(7, 2, u8::from(at.month()).into());
        put(10, 2, at.day().into());
        put(13, 2, at.hour().into());
        put(16, 2, at.minute().into());
        put(19, 2, at.second().into());
        put(26, 6, at.microsecond());
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        point_in_time(&text).map(Self).ok_or_else(|| serde::de::Error::custom("this is no point in time"))
    }
}

impl PartialSchema for DateTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some("A point in time in UTC."))
            .pattern(Some(r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}$"))
            .into()
    }
}

impl ToSchema for DateTime {
    fn name() -> Cow<'static, str> {
        "DateTime".into()
    }
}

/// A day, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub CalendarDate);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(format_description!("[year]-[month]-[day]")).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        day(&text).map(Self).ok_or_else(|| serde::de::Error::custom("this is no day"))
    }
}

impl PartialSchema for Date {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .into()
    }
}

impl ToSchema for Date {
    fn name() -> Cow<'static, str> {
        "Date".into()
    }
}

/// What is on a day.
pub trait OnDay {
    /// The day, in UTC.
    fn day(&self) -> CalendarDate;
}

impl OnDay for Date {
    fn day(&self) -> CalendarDate {
        self.0
    }
}

impl OnDay for DateTime {
    fn day(&self) -> CalendarDate {
        self.0.date()
    }
}

/// A number of hundredths as a decimal with two digits: 450 is `4.50`.
#[must_use]
pub fn hundredths(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / 100, number.unsigned_abs() % 100);
    format!("{sign}{whole}.{rest:02}")
}

/// A filter's text as it is; one that no column can hold equals nothing.
#[must_use]
pub fn text(text: &str) -> Option<String> {
    (!text.contains('\0')).then(|| text.to_owned())
}

/// A filter's integer.
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// A filter's flag; several spellings are understood (reference/backend.md §1.6).
#[must_use]
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// A filter's day: `YYYY-MM-DD`.
#[must_use]
pub fn day(text: &str) -> Option<CalendarDate> {
    CalendarDate::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// A filter's point in time: `YYYY-MM-DD`, or with ` HH:MM:SS` and up to six decimals behind it; RFC 3339 too.
#[must_use]
pub fn point_in_time(text: &str) -> Option<PrimitiveDateTime> {
    let rfc = time::format_description::well_known::Rfc3339;
    if let Ok(at) = time::OffsetDateTime::parse(text, &rfc) {
        let utc = at.to_offset(time::UtcOffset::UTC);
        return Some(PrimitiveDateTime::new(utc.date(), utc.time()));
    }
    let plain = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let fine = format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond]");
    let at = PrimitiveDateTime::parse(text, fine).or_else(|_| PrimitiveDateTime::parse(text, plain));
    at.ok().or_else(|| day(text).map(CalendarDate::midnight))
}

/// Whether a text is a decimal number without an exponent: `-12.50`.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(text),
    }
}

/// A UUID from outside in its one stored form, or `None` when it is not a UUID with dashes.
#[must_use]
pub fn uuid(text: &str) -> Option<String> {
    (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok()).flatten().map(|uuid| uuid.to_string())
}

/// A text identifier from outside, or `None` when no stored one can equal it.
#[must_use]
pub fn key(text: &str) -> Option<String> {
    // As long as its column is, in characters; no database keeps a NUL in a text.
    let fits = (1..=255).contains(&text.chars().count()) && !text.contains('\0');
    fits.then(|| text.to_owned())
}
