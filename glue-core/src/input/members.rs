//! A body's attributes as a typed input: every violation is found, in order, before anybody acts on it.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::field::Field;
use super::only_in::OnlyIn;
use super::violations::Violations;
use crate::error::{ApiError, Outcome, codes};
use crate::value::{Date, DateTime};

/// A typed input that generated code reads from attributes.
pub trait Input: Sized {
    /// The attributes it knows; others are ignored.
    const KNOWN: &'static [&'static str];

    /// The attributes that answers carry and no input takes, of a change.
    const READ_ONLY: &'static [&'static str] = &[];

    /// The attributes that only some applications have; to the others they are unknown.
    const ONLY_IN: &'static [OnlyIn] = &[];

    /// Reads and validates. `None` only after at least one violation was recorded.
    fn read(members: &Members<'_>, violations: &mut Violations) -> Option<Self>;
}

/// Reads an input from the JSON text of its attributes, adding to `violations`.
///
/// # Errors
/// [`codes::INVALID_BODY`] when an attribute stands twice, else every violation.
pub fn read<T: Input>(attributes: &str, mut violations: Violations) -> Outcome<T> {
    let members = Members::of::<T>(attributes, &violations).map_err(|_| &codes::INVALID_BODY)?;
    let input = T::read(&members, &mut violations);
    if violations.refuses_read_only && members.0.is_empty() && violations.is_empty() {
        let read_only = Members::parse(attributes, T::READ_ONLY, T::ONLY_IN, violations.application);
        let read_only = read_only.map_err(|_| &codes::INVALID_BODY)?;
        read_only.0.iter().for_each(|(name, _)| violations.add(name, "This field was not expected."));
    }
    let errors = violations.into_errors();
    match (input, errors.is_empty()) {
        (Some(input), true) => Ok(input),
        (None, true) => Err(ApiError::internal("an input was refused without a violation")),
        (_, false) => Err(ApiError::many(errors)),
    }
}

/// The known members of an attributes object, still as JSON.
pub struct Members<'a>(Vec<(&'static str, &'a RawValue)>);

impl<'a> Members<'a> {
    /// What an input takes from the application that it was sent to.
    fn of<T: Input>(attributes: &'a str, violations: &Violations) -> serde_json::Result<Self> {
        Self::parse(attributes, T::KNOWN, T::ONLY_IN, violations.application)
    }

    fn parse(
        attributes: &'a str,
        names: &'static [&'static str],
        limits: &'static [OnlyIn],
        application: &'static str,
    ) -> serde_json::Result<Self> {
        if attributes.starts_with('[') {
            // PHP's empty object; a list has no named members.
            return serde_json::from_str::<IgnoredAny>(attributes).map(|_| Self(Vec::new()));
        }
        let mut json = serde_json::Deserializer::from_str(attributes);
        json.deserialize_map(KnownMembers { names, limits, application }).map(Self)
    }

    /// The attribute `name` as a `T`.
    #[must_use]
    pub fn field<T: Deserialize<'a>>(&self, name: &str) -> Field<T> {
        match self.0.iter().find(|(known, _)| *known == name) {
            None => Field::Absent,
            Some((_, raw)) if raw.get() == "null" => Field::Null,
            Some((_, raw)) => serde_json::from_str(raw.get()).map_or(Field::Wrong, Field::Value),
        }
    }

    /// The attribute `name` as a text that must not be blank: `false` and an empty list are as blank as `null`
    /// (reference/resources.md §0.3).
    #[must_use]
    pub fn text(&self, name: &str) -> Field<String> {
        match self.field::<String>(name) {
            Field::Wrong if matches!(self.field(name), Field::Value(false)) => Field::Null,
            Field::Wrong if matches!(self.field::<[IgnoredAny; 0]>(name), Field::Value(_)) => Field::Null,
            read @ (Field::Wrong | Field::Absent | Field::Null | Field::Value(_)) => read,
        }
    }

    /// The attribute `name` as an integer that may be sent as a text.
    #[must_use]
    pub fn numeric(&self, name: &str) -> Field<i64> {
        match self.field::<i64>(name) {
            Field::Wrong => match self.field::<String>(name) {
                Field::Value(text) => text.trim().parse().map_or(Field::Wrong, Field::Value),
                Field::Absent | Field::Null | Field::Wrong => Field::Wrong,
            },
            read @ (Field::Absent | Field::Null | Field::Value(_)) => read,
        }
    }

    /// The attribute `name` as a day.
    #[must_use]
    pub fn date(&self, name: &str) -> Field<Date> {
        match self.field::<String>(name) {
            Field::Value(text) if text.is_empty() => Field::Null,
            Field::Value(text) => crate::value::day(&text).map_or(Field::Wrong, |day| Field::Value(Date(day))),
            Field::Absent => Field::Absent,
            Field::Null => Field::Null,
            Field::Wrong => Field::Wrong,
        }
    }

    /// The attribute `name` as a point in time, in one of the forms of [`crate::value::point_in_time`].
    #[must_use]
    pub fn date_time(&self, name: &str) -> Field<DateTime> {
        match self.field::<String>(name) {
            Field::Value(text) if text.is_empty() => Field::Null,
            Field::Value(text) => {
                crate::value::point_in_time(&text).map_or(Field::Wrong, |at| Field::Value(DateTime(at)))
            }
            Field::Absent => Field::Absent,
            Field::Null => Field::Null,
            Field::Wrong => Field::Wrong,
        }
    }

    /// The attribute `name` as an object of texts under any keys.
    #[must_use]
    pub fn texts(&self, name: &str) -> Field<BTreeMap<String, String>> {
        let nul = |text: &String| text.contains('\0');
        match self.field::<BTreeMap<String, String>>(name) {
            Field::Value(texts) if texts.iter().any(|(key, text)| nul(key) || nul(text)) => Field::Wrong,
            // PHP's empty object.
            Field::Wrong if matches!(self.field::<Vec<IgnoredAny>>(name), Field::Value(all) if all.is_empty()) => {
                Field::Value(BTreeMap::new())
            }
            read @ (Field::Absent | Field::Null | Field::Wrong | Field::Value(_)) => read,
        }
    }

    /// The attribute `name` as an object with attributes of its own; what is wrong inside is recorded under its path.
    pub fn object<T: Input>(&self, name: &str, violations: &mut Violations) -> Field<T> {
        match self.field::<&RawValue>(name) {
            Field::Value(raw) => violations.below(name, |violations| part(raw, violations)),
            Field::Absent => Field::Absent,
            Field::Null => Field::Null,
            Field::Wrong => Field::Wrong,
        }
    }

    /// The attribute `name` as a list of such objects; paths carry their numbers.
    pub fn objects<T: Input>(&self, name: &str, violations: &mut Violations) -> Field<Vec<T>> {
        let items = match self.field::<Vec<&RawValue>>(name) {
            Field::Value(items) => items,
            Field::Absent => return Field::Absent,
            Field::Null => return Field::Null,
            Field::Wrong => return Field::Wrong,
        };
        let mut read = Vec::with_capacity(items.len());
        for (number, raw) in items.into_iter().enumerate() {
            let path = format!("{name}.{number}");
            match violations.below(&path, |violations| part(raw, violations)) {
                Field::Value(item) => read.push(item),
                Field::Wrong => violations.add(&path, "This value should be of type array."),
                Field::Absent | Field::Null => {}
            }
        }
        Field::Value(read)
    }
}

/// One object inside of attributes. What could not be read for violations of its own counts as absent.
fn part<T: Input>(raw: &RawValue, violations: &mut Violations) -> Field<T> {
    if !raw.get().starts_with('{') {
        return Field::Wrong;
    }
    match Members::of::<T>(raw.get(), violations) {
        Ok(members) => T::read(&members, violations).map_or(Field::Absent, Field::Value),
        Err(_) => Field::Wrong,
    }
}

/// The names that an application knows.
struct KnownMembers {
    names: &'static [&'static str],
    limits: &'static [OnlyIn],
    application: &'static str,
}

impl KnownMembers {
    fn find(&self, is: impl Fn(&str) -> bool) -> Option<&'static str> {
        let known = self.names.iter().copied().find(|name| is(name))?;
        OnlyIn::allows(self.limits, known, self.application).then_some(known)
    }
}

impl<'de> Visitor<'de> for KnownMembers {
    type Value = Vec<(&'static str, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::with_capacity(self.names.len());
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            let as_written = || self.find(|known| known == key);
            // Names with underscores are OAuth's: they have both spellings (reference/authentication.md §1.10).
            let as_snake = || {
                let snake = snake(&key);
                self.find(|known| known.contains('_') && known == snake)
            };
            let Some(known) = as_written().or_else(as_snake) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if members.iter().any(|(seen, _)| *seen == known) {
                return Err(A::Error::custom("an attribute stands twice"));
            }
            members.push((known, map.next_value()?));
        }
        Ok(members)
    }
}

pub(crate) fn snake(key: &str) -> String {
    let mut snake = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// How the attributes of a body become a typed input.
#[derive(Clone, Copy, Debug)]
pub struct InputDef {
    pub(crate) read: fn(&str, Violations) -> Outcome<Box<dyn Any>>,
}

impl InputDef {
    /// Reads and validates a `T`.
    #[must_use]
    pub const fn of<T: Input + 'static>() -> Self {
        Self { read: |text, violations| Ok(Box::new(crate::input::read::<T>(text, violations)?)) }
    }
}
