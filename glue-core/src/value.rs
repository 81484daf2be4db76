//! Attribute values that are more than a JSON scalar, and the checks of identifiers.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use time::macros::format_description;
use time::{Date as CalendarDate, PrimitiveDateTime};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// A point in time in UTC, written `YYYY-MM-DD HH:MM:SS.ffffff` (contract/resources.md §0.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub PrimitiveDateTime);

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = self.0;
        serializer.collect_str(&format_args!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.microsecond()
        ))
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

/// A UUID from outside in its one stored form, or `None` when it is not a UUID with dashes.
#[must_use]
pub fn uuid(text: &str) -> Option<String> {
    (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok()).flatten().map(|uuid| uuid.to_string())
}

/// A text identifier from outside, or `None` when no stored one can equal it.
#[must_use]
pub fn key(text: &str) -> Option<String> {
    let fits = (1..=255).contains(&text.len()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}
