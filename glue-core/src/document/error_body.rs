//! Errors as clients read them: one body for each dialect, convention and endpoint
//! (reference/framework.md §2.3, §2.9; RFC 6749 §5.2).
//!
//! The pipeline answers with what `ErrorBody::of` makes of an error; the documents describe what it makes of a row.

use serde::Serialize;

use crate::error::{ErrorKind, ErrorObject};
use crate::language::Language;
use crate::profile::ErrorForm;
use crate::route::{JSON, MEDIA_TYPE, SchemaDef, Wire};

/// The error document of the `rest` dialect (reference/framework.md §2.3).
#[derive(Serialize, utoipa::ToSchema)]
#[schema(description = "The error document of the `rest` dialect.")]
pub struct ErrorDocument {
    /// What was wrong, in order; the HTTP status is that of the last one.
    pub errors: Vec<ErrorMember>,
}

/// One error of an [`ErrorDocument`].
#[derive(Serialize, utoipa::ToSchema)]
#[schema(description = "One error of an `ErrorDocument`.")]
pub struct ErrorMember {
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The code of the error; absent on some errors of the framework.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub code: Option<String>,
    /// What was wrong.
    pub detail: String,
}

/// The error document of the `decoupled` dialect's JSON:API convention (reference/framework.md §2.9).
#[derive(Serialize, utoipa::ToSchema)]
#[schema(description = "The error document of the `decoupled` dialect's JSON:API convention.")]
pub struct MessageDocument {
    /// What was wrong, in order; the HTTP status is that of the last one.
    pub errors: Vec<MessageMember>,
}

/// The errors of the `decoupled` dialect without a convention: a list, and nothing around it
/// (reference/framework.md §2.9).
#[derive(Serialize, utoipa::ToSchema)]
#[schema(description = "The errors of the `decoupled` dialect without a convention: a list, and nothing around it.")]
pub struct MessageList(pub Vec<MessageMember>);

/// One error of a [`MessageDocument`] or a [`MessageList`]: all keys are always there.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(description = "One error of a `MessageDocument` or a `MessageList`: all keys are always there.")]
pub struct MessageMember {
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The code of the error; `null` on some errors of the framework.
    #[schema(required)]
    pub code: Option<String>,
    /// What was wrong, in the language of the caller.
    pub message: String,
}

/// The OAuth error of the form endpoints (RFC 6749 §5.2).
#[derive(Serialize, utoipa::ToSchema)]
pub struct OauthErrorDocument {
    /// The registered error code.
    pub error: String,
    /// What was wrong, for developers.
    pub error_description: String,
}

/// The body of a refusal.
pub(crate) enum ErrorBody {
    Details(ErrorDocument),
    Messages(MessageDocument),
    List(MessageList),
    Oauth(OauthErrorDocument),
    Text(String),
}

impl ErrorBody {
    /// What somebody reads who speaks `wire`, in `language` where errors are translated.
    pub(crate) fn of(errors: &[ErrorObject], form: ErrorForm, wire: Wire, language: Language) -> Self {
        match (form, wire) {
            (ErrorForm::Details | ErrorForm::DetailsAndTokenTexts, Wire::JsonApi | Wire::Json(_) | Wire::Page) => {
                details(errors)
            }
            (ErrorForm::Details | ErrorForm::DetailsAndTokenTexts, Wire::Form) => match errors {
                [error, ..] if error.kind == ErrorKind::InvalidToken && form == ErrorForm::DetailsAndTokenTexts => {
                    Self::Text(error.detail.to_string())
                }
                [error, ..] => match oauth_code(error) {
                    Some(code) => Self::Oauth(OauthErrorDocument {
                        error: code.to_owned(),
                        error_description: error.detail.to_string(),
                    }),
                    None => details(errors),
                },
                [] => details(errors),
            },
            (ErrorForm::Messages, Wire::JsonApi) => {
                Self::Messages(MessageDocument { errors: messages(errors, language) })
            }
            (ErrorForm::Messages, Wire::Form | Wire::Json(_) | Wire::Page) => {
                Self::List(MessageList(messages(errors, language)))
            }
        }
    }

    /// `Content-Type`.
    pub(crate) fn content_type(&self) -> &'static str {
        match self {
            Self::Details(_) | Self::Messages(_) => MEDIA_TYPE,
            Self::List(_) | Self::Oauth(_) => JSON,
            Self::Text(_) => "text/plain; charset=utf-8",
        }
    }

    /// The body as it is sent.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Details(document) => json(document),
            Self::Messages(document) => json(document),
            Self::List(list) => json(list),
            Self::Oauth(document) => json(document),
            Self::Text(text) => text.clone().into_bytes(),
        }
    }

    /// Its schema in the documents; none for a text.
    pub(crate) fn schema(&self) -> Option<SchemaDef> {
        Some(match self {
            Self::Details(_) => SchemaDef::of::<ErrorDocument>("ErrorDocument"),
            Self::Messages(_) => SchemaDef::of::<MessageDocument>("MessageDocument"),
            Self::List(_) => SchemaDef::of::<MessageList>("MessageList"),
            Self::Oauth(_) => SchemaDef::of::<OauthErrorDocument>("OauthErrorDocument"),
            Self::Text(_) => return None,
        })
    }
}

/// The registered code for an error at an OAuth endpoint: the row's own, or what a refusal of the framework amounts to.
fn oauth_code(error: &ErrorObject) -> Option<&'static str> {
    match (error.status, error.kind) {
        (_, ErrorKind::Oauth | ErrorKind::OauthClient) => error.code,
        (400 | 408 | 413 | 415, _) => Some("invalid_request"),
        (503, _) => Some("temporarily_unavailable"),
        (500, _) => Some("server_error"),
        _ => None,
    }
}

fn details(errors: &[ErrorObject]) -> ErrorBody {
    let member = |error: &ErrorObject| ErrorMember {
        status: error.status,
        code: error.code.map(str::to_owned),
        detail: error.detail.to_string(),
    };
    ErrorBody::Details(ErrorDocument { errors: errors.iter().map(member).collect() })
}

/// This dialect translates (reference/backend.md §1.8).
fn messages(errors: &[ErrorObject], language: Language) -> Vec<MessageMember> {
    let member = |error: &ErrorObject| MessageMember {
        status: error.status,
        code: error.code.map(str::to_owned),
        message: error.text(language).to_owned(),
    };
    errors.iter().map(member).collect()
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    // Structs of strings and integers cannot fail to serialise.
    serde_json::to_vec(value).unwrap_or_default()
}
