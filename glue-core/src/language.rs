//! The languages that texts of the framework are written in.

/// A language of error texts, pages and mails. Whoever reads another one reads English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// The language of a tag or a locale: `de`, `de-AT` (RFC 5646), `de_DE`.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(language) if language.eq_ignore_ascii_case("de") => Self::German,
            _ => Self::English,
        }
    }

    /// The text of this language, where there are two.
    #[must_use]
    pub fn text<T>(self, english: T, german: Option<T>) -> T {
        match self {
            Self::English => english,
            Self::German => german.unwrap_or(english),
        }
    }
}
