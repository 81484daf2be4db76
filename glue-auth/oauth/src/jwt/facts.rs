//! What a token says, and why one is not ours.

use oauth_extension::UserIdentifier;
use time::{Duration, OffsetDateTime};

use crate::session::SessionId;

/// What a token of ours says, once its signature and its claims hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// The token's own id.
    pub id: String,
    /// The session that it was issued in; none for a token of another issuer that shares the key.
    pub session: Option<SessionId>,
    /// Which generation of the session's access tokens it is of.
    pub generation: i32,
    /// The client that it was issued to.
    pub client: String,
    /// The person.
    pub user: UserIdentifier,
    /// What it allows.
    pub scopes: Vec<String>,
    /// Its beginning, seconds since 1970.
    pub issued: i64,
    /// Its end, seconds since 1970.
    pub expires: i64,
}

/// Why a token is not one of ours. For the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOurs(pub &'static str);

/// Everything is right with the token, and it was ended before its time.
pub const ENDED: NotOurs = NotOurs("revoked");

/// Nobody can say yet whether the token was ended: what ended has not been read since the start.
pub const NOT_READY: NotOurs = NotOurs("what ended has not been read yet");

/// Everything is right with the token but whom it is about.
pub const NOBODY: NotOurs = NotOurs("nobody here knows its user");

/// What a new token is about.
pub(crate) struct About<'a> {
    pub(crate) id: &'a str,
    pub(crate) session: SessionId,
    pub(crate) generation: i32,
    pub(crate) client: &'a str,
    pub(crate) user: &'a UserIdentifier,
    pub(crate) scopes: &'a [String],
    pub(crate) issued: OffsetDateTime,
    pub(crate) expires: OffsetDateTime,
}

/// What every token has to keep to.
pub(crate) struct Bounds {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) leeway: Duration,
    pub(crate) longest: Duration,
}
