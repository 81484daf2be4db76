//! Errors as facts: a row of a code table for the client, a cause for the log.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};

use crate::codes;
use crate::db::DbError;

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

/// What a handler returns: a value, or the errors that the client reads.
pub type Outcome<T> = Result<T, ApiError>;

/// One or more errors for the client, and the cause for the log.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    errors: Vec<ErrorObject>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl ApiError {
    /// Several errors at once, in the order in which the client reads them.
    #[must_use]
    pub fn many(errors: Vec<ErrorObject>) -> Self {
        Self(Box::new(Inner { errors, headers: Vec::new(), cause: None }))
    }

    /// The defect row; `cause` goes to the log, never to the client.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::from(&codes::INTERNAL).because(cause)
    }

    /// 503 with `Retry-After`; `cause` goes to the log.
    #[must_use]
    pub fn unavailable(cause: impl fmt::Display) -> Self {
        Self::from(&codes::UNAVAILABLE).because(cause)
    }

    /// Adds the cause that the log keeps. It must not hold a secret.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The errors, in order.
    #[must_use]
    pub fn errors(&self) -> &[ErrorObject] {
        &self.0.errors
    }

    /// The headers that belong to this answer.
    #[must_use]
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    /// The cause for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The HTTP status: that of the last error (contract/framework.md §2.3).
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0
            .errors
            .last()
            .and_then(|error| StatusCode::from_u16(error.status).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status())?;
        self.0.errors.iter().try_for_each(|error| write!(f, "; {}", error.detail))
    }
}

impl std::error::Error for ApiError {}

// The dispatcher renders every `ApiError` in the application's dialect; this rendering is only met outside it.
impl actix_web::ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }
}

impl From<&'static ErrorRow> for ApiError {
    fn from(row: &'static ErrorRow) -> Self {
        Self::many(vec![row.into()])
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) => ApiError::unavailable(error),
            DbError::Duplicate | DbError::Reference | DbError::NotFound | DbError::Defect(_) => {
                ApiError::internal(error)
            }
        }
    }
}
