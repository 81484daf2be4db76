//! The framework's own error rows (reference/framework.md §4.1): status, code and the text a client reads.

use super::row::{ErrorKind, ErrorRow};

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:expr, $detail:literal $(, de $german:literal)? $(, is $kind:ident)?;)*) => {
        $($(#[$doc])* pub const $name: ErrorRow = ErrorRow {
            name: stringify!($name),
            status: $status,
            code: $code,
            detail: $detail,
            german: rows!(@german $($german)?),
            kind: rows!(@kind $($kind)?),
            samples: &[],
        };)*

        /// Every row of this table, in order.
        pub const ALL: &[&ErrorRow] = &[$(&$name),*];
    };
    (@german) => { None };
    (@german $german:literal) => { Some($german) };
    (@kind) => { ErrorKind::Refusal };
    (@kind $kind:ident) => { ErrorKind::$kind };
}

rows! {
    /// The route or the verb does not exist. There is no 405 on managed routes.
    NOT_FOUND = 404 None, "Not Found";
    /// Decoupled: no resource of this type, or none that speaks the convention of the request.
    NO_RESOURCE = 404 Some("007"), "Not found", de "Nicht gefunden";
    /// Decoupled: the resource does not have this verb.
    NO_METHOD = 404 Some("008"), "Method does not exist", de "Methode existiert nicht";
    /// Decoupled: `Accept` names nothing that is spoken here.
    NO_ACCEPT = 415 Some("010"), "Unsupported `Accept` format used.", de "Nicht unterstütztes `Accept`-Format.";
    /// A filter key without a dot.
    BAD_FILTER = 400 Some("011"), "Unsupported `Filter` format is used. Please use `filter[resource.property]`", de "Nicht unterstütztes `Filter`-Format. Bitte `filter[resource.property]` verwenden";
    /// `include` leads to more resources than one answer holds.
    INCLUDE_TOO_LARGE = 400 None, "Too many resources to include.", de "Zu viele Ressourcen zum Einbinden.";
    /// A filter value that its attribute cannot have.
    BAD_FILTER_VALUE = 400 Some("011"), "Unsupported `Filter` value is used.", de "Nicht unterstützter `Filter`-Wert.";
    /// A method that this path does not take, where the contract is silent (RFC 9110 §15.5.6).
    METHOD_NOT_ALLOWED = 405 None, "Method Not Allowed";
    /// Profile `spryker`: no `Accept` header at all.
    NOT_ACCEPTABLE = 406 None, "Not acceptable.";
    /// `Host` names no host (RFC 9112 §3.2).
    BAD_HOST = 400 None, "The Host header is invalid.", de "Der Header Host ist ungültig.";
    /// The request target is longer than the configured limit (RFC 9110 §15.5.15).
    TARGET_TOO_LONG = 414 None, "The request target is too long.", de "Das Ziel der Anfrage ist zu lang.";
    /// What came after the last request of a connection (RFC 9112 §9.6).
    CONNECTION_CLOSED = 400 None, "The connection was to be closed.";
    /// A body in a content coding: none is spoken (RFC 9110 §15.5.16).
    CODED_BODY = 415 None, "Unsupported content coding.", de "Nicht unterstützte Inhaltskodierung.";
    /// A `Content-Type` header without a value.
    BLANK_CONTENT_TYPE = 415 None, "Unsupported media type.";
    /// Profile `spryker`, storefront: a preflight without its three headers.
    NO_PREFLIGHT_HEADERS = 501 None, "One or more of the required headers (access-control-request-method, access-control-request-headers, origin) for the options method are missing.";
    /// Decoupled: a preflight without `Origin`.
    NO_ORIGIN = 501 None, "The required header `origin` for the options method is missing.";
    /// A preflight for a method or a header that the route does not take.
    PREFLIGHT_REFUSED = 403 None, "Not allowed.";
    /// Decoupled: as the row before.
    PREFLIGHT_REFUSED_400 = 400 None, "Not allowed.", de "Nicht erlaubt.";
    /// A store that nobody knows.
    STORE_NOT_FOUND = 404 Some("601"), "Store not found.", de "Store nicht gefunden.";
    /// `?currency=` names none of the store's.
    BAD_CURRENCY = 400 Some("313"), "Currency is invalid.", de "Die Währung ist ungültig.";
    /// `?priceMode=` is neither `GROSS_MODE` nor `NET_MODE`.
    BAD_PRICE_MODE = 400 Some("314"), "Price mode is invalid.", de "Der Preismodus ist ungültig.";
    /// A tagged resource is changed without saying which state was seen.
    NO_IF_MATCH = 428 Some("005"), "If-Match header is missing.", de "Der Header If-Match fehlt.";
    /// The state that was seen is not the current one.
    TAG_MISMATCH = 412 Some("006"), "If-Match header value is invalid.", de "Der Wert des Headers If-Match ist ungültig.";
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
    /// Decoupled: an `Authorization` header that is not a scheme and a token.
    MALFORMED_TOKEN = 401 Some("002"), "Missing access token.", de "Das Zugriffstoken fehlt.";
    /// A token that is malformed, expired, foreign or not ours.
    INVALID_TOKEN = 401 Some("001"), "Invalid access token.", de "Ungültiges Zugriffstoken.", is InvalidToken;
    /// Decoupled: a valid token about nobody who is known here (reference/backend.md §2.2).
    STRANGE_TOKEN = 400 Some("001"), "Invalid access token.", de "Ungültiges Zugriffstoken.";
    /// Profile `documented`: a valid token that does not open this verb. Profile `spryker`, backend: no token.
    UNAUTHORIZED_401 = 401 None, "Unauthorized request.", de "Nicht autorisierte Anfrage.";
    /// Profile `spryker`, backend: a valid token that does not open this verb.
    UNAUTHORIZED_403 = 403 None, "Unauthorized request.", de "Nicht autorisierte Anfrage.";
    /// A token in `X-Agent-Authorization` that is no agent's (reference/authentication.md §1.1, step 10).
    INVALID_AGENT_TOKEN = 401 Some("4102"), "Agent access token is invalid.", de "Das Token des Agenten ist ungültig.";
    /// No agent calls a verb that is theirs alone (reference/authentication.md §1.6).
    NO_AGENT = 401 Some("4103"), "Action is available to agent user only.", de "Nur Agenten können das tun.";
    /// Somebody with a second factor has to send its code (reference/authentication.md §1.11).
    NO_FACTOR_CODE = 403 Some("5900"), "X-MFA-Code header is missing.", de "Der Header X-MFA-Code fehlt.";
    /// The code of a second factor is wrong, used, or too old.
    WRONG_FACTOR_CODE = 403 Some("5901"), "X-MFA-Code is invalid.", de "Der X-MFA-Code ist ungültig.";
    /// Profile `spryker`, storefront: a valid token without the scope of this verb.
    FORBIDDEN_403 = 403 None, "Forbidden.", de "Verboten.";
    /// The storage or another part cannot answer now.
    UNAVAILABLE = 503 None, "The service is temporarily unavailable.", de "Der Dienst ist vorübergehend nicht verfügbar.";
    /// A defect of ours; the log has the reason under the request id.
    INTERNAL = 500 None, "Internal Server Error";
}

/// Stands for every violation of an attribute's constraints in documents (reference/framework.md §5.4).
pub(crate) const VALIDATION: ErrorRow = ErrorRow {
    name: "VALIDATION",
    status: 422,
    code: Some(super::row::VALIDATION),
    detail: "attribute => This field is missing.",
    german: None,
    kind: ErrorKind::Refusal,
    samples: &[],
};
