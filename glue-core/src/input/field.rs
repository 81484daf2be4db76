//! One attribute of a body.

/// One attribute as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<T> {
    /// Not sent.
    Absent,
    /// Sent as `null`.
    Null,
    /// Sent with another JSON type, or outside the type's range.
    Wrong,
    /// Sent.
    Value(T),
}

impl<T> Field<T> {
    /// The same field with another value, when there is one.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Field::Absent => Field::Absent,
            Field::Null => Field::Null,
            Field::Wrong => Field::Wrong,
            Field::Value(value) => Field::Value(f(value)),
        }
    }

    /// The same field, or a value where nothing was sent.
    #[must_use]
    pub fn or(self, value: impl FnOnce() -> T) -> Self {
        match self {
            Field::Absent => Field::Value(value()),
            Field::Null | Field::Wrong | Field::Value(_) => self,
        }
    }

    /// What was sent: `Some(None)` for `null`, `None` for nothing.
    pub fn sent(self) -> Option<Option<T>> {
        match self {
            Field::Value(value) => Some(Some(value)),
            Field::Null => Some(None),
            Field::Absent | Field::Wrong => None,
        }
    }

    /// Whether the value is there and equals `other`.
    pub fn equals(&self, other: &T) -> bool
    where
        T: PartialEq,
    {
        matches!(self, Field::Value(value) if value == other)
    }

    /// Whether `other` is not below the value, or there is none to compare it with.
    pub fn is_at_most(&self, other: &T) -> bool
    where
        T: PartialOrd,
    {
        !matches!(self, Field::Value(value) if other < value)
    }

    /// Whether `other` is above the value, or there is none to compare it with.
    pub fn is_below(&self, other: &T) -> bool
    where
        T: PartialOrd,
    {
        !matches!(self, Field::Value(value) if other <= value)
    }

    /// The value, when there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Null | Field::Wrong => None,
        }
    }
}

impl Field<String> {
    /// Whether the text is one of these.
    #[must_use]
    pub fn is_one_of(&self, words: &[&str]) -> bool {
        matches!(self, Field::Value(text) if words.contains(&text.as_str()))
    }
}
