//! One row of a code table, and the error that it becomes.

use std::borrow::Cow;

use crate::language::Language;

/// The code of every attribute violation.
pub(super) const VALIDATION: &str = "901";

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
    /// What a client may conclude from it.
    pub kind: ErrorKind,
    /// What stands for the `%name%`s of the texts in examples, by name.
    pub samples: &'static [(&'static str, &'static str)],
}

/// What an error is, where that decides how it is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorKind {
    /// A refusal like any other.
    #[default]
    Refusal,
    /// Its code is a registered OAuth error (RFC 6749 §5.2, RFC 7009 §2.2.1).
    Oauth,
    /// The same, and the client has to authenticate: `invalid_client`.
    OauthClient,
    /// A token that came along and opens nothing.
    InvalidToken,
}

impl ErrorRow {
    /// The text for somebody who reads this language.
    #[must_use]
    pub fn text(&self, language: Language) -> &'static str {
        language.text(self.detail, self.german)
    }

    /// The error with values in place of the `%name%`s of its texts.
    #[must_use]
    pub fn filled(&'static self, values: &[(&'static str, &str)]) -> ErrorObject {
        let fill = |text: &'static str| {
            values
                .iter()
                .fold(Cow::Borrowed(text), |text, (name, value)| text.replace(&format!("%{name}%"), value).into())
        };
        ErrorObject {
            status: self.status,
            code: self.code,
            kind: self.kind,
            detail: fill(self.detail),
            german: self.german.map(fill),
            row: Some(self),
            values: values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        }
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
    /// What a client may conclude from it.
    pub kind: ErrorKind,
    /// The text.
    pub detail: Cow<'static, str>,
    /// The text in German, when its row has one.
    pub german: Option<Cow<'static, str>>,
    /// Its row; none where a request decides what it says.
    row: Option<&'static ErrorRow>,
    /// What its texts were filled with.
    values: Vec<(&'static str, String)>,
}

impl ErrorObject {
    /// A violation of an attribute's constraints: 422, `path => message` (reference/framework.md §5.4).
    #[must_use]
    pub fn violation(path: &str, message: &str) -> Self {
        let detail = Cow::Owned(format!("{path} => {message}"));
        let code = Some(VALIDATION);
        Self { status: 422, code, kind: ErrorKind::Refusal, detail, german: None, row: None, values: Vec::new() }
    }

    /// The row that it is.
    #[must_use]
    pub fn row(&self) -> Option<&'static ErrorRow> {
        self.row
    }

    /// The same error in the words of another row.
    #[must_use]
    pub fn in_words_of(&self, row: &'static ErrorRow) -> Self {
        let values: Vec<(&'static str, &str)> = self.values.iter().map(|(name, value)| (*name, &**value)).collect();
        row.filled(&values)
    }

    /// The text for somebody who reads this language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        language.text(&self.detail, self.german.as_deref())
    }
}

impl From<&'static ErrorRow> for ErrorObject {
    fn from(row: &'static ErrorRow) -> Self {
        Self {
            status: row.status,
            code: row.code,
            kind: row.kind,
            detail: Cow::Borrowed(row.detail),
            german: row.german.map(Cow::Borrowed),
            row: Some(row),
            values: Vec::new(),
        }
    }
}
