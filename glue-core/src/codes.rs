//! The framework's own error rows (contract/framework.md §4.1): status, code and the text a client reads.

use crate::error::ErrorRow;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:expr, $detail:literal;)*) => {
        $($(#[$doc])* pub const $name: ErrorRow = ErrorRow {
            name: stringify!($name), status: $status, code: $code, detail: $detail,
        };)*

        /// Every row of this table, in order.
        pub const ALL: &[&ErrorRow] = &[$(&$name),*];
    };
}

rows! {
    /// The route or the verb does not exist. There is no 405 on managed routes.
    NOT_FOUND = 404 None, "Not Found";
    /// The query's `page[…]` members are not integers, or the limit is not positive.
    BAD_PAGE = 400 None, "Pagination parameters are invalid.";
    /// `Accept` names a vendor format that no encoder speaks.
    NOT_ENCODABLE = 415 None, "Unsupported Media Type";
    /// `data.type` is not the type of the path.
    INVALID_TYPE = 400 None, "Invalid type.";
    /// No body, not JSON, no `data`, no `type` or no `attributes`.
    INVALID_BODY = 400 None, "Post data is invalid.";
    /// PATCH or DELETE with an empty id anywhere in the path.
    NO_ID = 400 None, "Resource id is not specified.";
    /// The body is longer than the configured limit.
    BODY_TOO_LARGE = 413 None, "Request body is too large.";
    /// The body did not arrive within the configured time.
    BODY_TOO_SLOW = 408 None, "Request body did not arrive in time.";
    /// The handler did not answer within the configured time.
    TOO_SLOW = 503 None, "The service is temporarily unavailable.";
    /// `Authorization` and `X-Anonymous-Customer-Unique-Id` in one request.
    TWO_IDENTITIES = 400 Some("005"), "Headers request error. A user can't act as logged and not logged user at the same time.";
    /// Profile `documented`: no token on a protected verb.
    MISSING_TOKEN_401 = 401 Some("002"), "Missing access token.";
    /// Profile `spryker`, storefront: no token on a protected verb.
    MISSING_TOKEN_403 = 403 Some("002"), "Missing access token.";
    /// A token that is malformed, expired, foreign or not ours.
    INVALID_TOKEN = 401 Some("001"), "Invalid access token.";
    /// Profile `documented`: a valid token that does not open this verb. Profile `spryker`, backend: no token.
    UNAUTHORIZED_401 = 401 None, "Unauthorized request.";
    /// Profile `spryker`, backend: a valid token that does not open this verb.
    UNAUTHORIZED_403 = 403 None, "Unauthorized request.";
    /// Profile `spryker`, storefront: a valid token without the scope of this verb.
    FORBIDDEN_403 = 403 None, "Forbidden.";
    /// The storage or another part cannot answer now.
    UNAVAILABLE = 503 None, "The service is temporarily unavailable.";
    /// A defect of ours; the log has the reason under the request id.
    INTERNAL = 500 None, "Internal Server Error";
}

/// The code of every attribute violation: 422, `path => message` (contract/framework.md §5.4).
pub const VALIDATION: &str = "901";
