//! One row of a code table, and the error that it becomes.

use std::borrow::Cow;

/// One row of a code table: what a client reads when something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorRow {
    /// The row's name in its table.
    pub name: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The code; some of the framework's rows have none.
    pub code: Option<&'static str>,
    /// The text.
    pub detail: &'static str,
    /// The text in German, where the dialect translates; the English one when there is none.
    pub german: Option<&'static str>,
    /// What stands for the `%name%`s of the texts in examples, by name.
    pub samples: &'static [(&'static str, &'static str)],
}

impl ErrorRow {
    /// The text for somebody who reads this language (`de`).
    #[must_use]
    pub fn text(&self, language: &str) -> &'static str {
        self.german.filter(|_| language == "de").unwrap_or(self.detail)
    }

    /// The error with values in place of the `%name%`s of its texts.
    #[must_use]
    pub fn filled(&'static self, values: &[(&str, &str)]) -> ErrorObject {
        let fill = |text: &'static str| {
            values
                .iter()
                .fold(Cow::Borrowed(text), |text, (name, value)| text.replace(&format!("%{name}%"), value).into())
        };
        ErrorObject { status: self.status, code: self.code, detail: fill(self.detail), german: self.german.map(fill) }
    }

    /// The error as documents show it: as it is sent.
    #[must_use]
    pub fn sample(&'static self) -> ErrorObject {
        self.filled(self.samples)
    }
}

/// One error of an answer: a row, or a row whose text was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorObject {
    /// The HTTP status.
    pub status: u16,
    /// The code, absent where the contract has none.
    pub code: Option<&'static str>,
    /// The text.
    pub detail: Cow<'static, str>,
    /// The text in German, when its row has one.
    pub german: Option<Cow<'static, str>>,
}

impl ErrorObject {
    /// The text for somebody who reads this language (`de`).
    #[must_use]
    pub fn text(&self, language: &str) -> &str {
        self.german.as_deref().filter(|_| language == "de").unwrap_or(&self.detail)
    }
}

impl From<&'static ErrorRow> for ErrorObject {
    fn from(row: &'static ErrorRow) -> Self {
        Self {
            status: row.status,
            code: row.code,
            detail: Cow::Borrowed(row.detail),
            german: row.german.map(Cow::Borrowed),
        }
    }
}
