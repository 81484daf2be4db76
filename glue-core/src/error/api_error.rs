//! Errors as facts: a row of a code table for the client, a cause for the log.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};

use super::codes;
use super::row::{ErrorObject, ErrorRow};
use crate::db::DbError;
use crate::language::Language;

/// What a handler returns: a value, or the errors that the client reads.
pub type Outcome<T> = Result<T, ApiError>;

/// One or more errors for the client, and the cause for the log.
#[derive(Clone, Debug)]
pub struct ApiError(Box<ErrorParts>);

#[derive(Clone, Debug)]
struct ErrorParts {
    errors: Vec<ErrorObject>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl ApiError {
    /// Several errors at once, in the order in which the client reads them.
    #[must_use]
    pub fn many(errors: Vec<ErrorObject>) -> Self {
        Self(Box::new(ErrorParts { errors, headers: Vec::new(), cause: None }))
    }

    /// The defect row; `cause` goes to the log, never to the client.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::from(&codes::INTERNAL).caused_by(cause)
    }

    /// 503 with `Retry-After`; `cause` goes to the log.
    #[must_use]
    pub fn unavailable(cause: impl fmt::Display) -> Self {
        Self::from(&codes::UNAVAILABLE).caused_by(cause)
    }

    /// The answer to one attempt too many: how long to wait, in minutes where the text says it, and as `Retry-After`.
    #[must_use]
    pub fn too_many(row: &'static ErrorRow, seconds: i64, language: Language) -> Self {
        let minutes = ((seconds + 59) / 60).to_string();
        let mut error = row.filled(&[("minutes", &minutes)]);
        error.detail = error.text(language).to_owned().into();
        Self::from(error).header(RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The same with each error as `reword` has it; what it leaves alone stays as it is.
    #[must_use]
    pub fn reworded(mut self, reword: impl Fn(&ErrorObject) -> Option<ErrorObject>) -> Self {
        for error in &mut self.0.errors {
            if let Some(other) = reword(error) {
                *error = other;
            }
        }
        self
    }

    /// Adds the cause that the log keeps. It must not hold a secret.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
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

    /// The HTTP status: that of the last error (reference/framework.md §2.3).
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

/// Turns a business error into the answer's form.
impl From<ErrorObject> for ApiError {
    fn from(error: ErrorObject) -> Self {
        ApiError::many(vec![error])
    }
}
