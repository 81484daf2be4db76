//! The claims of an access token, and when they hold: RFC 9068 §2.2, and a running shop's.

use super::facts::{About, Bounds, NotOurs, Verified};
use super::id::session_in;
use crate::session::SessionId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth_extension::UserIdentifier;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// Every member has one type and stands once: anything else does not parse. Seconds since 1970 throughout.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    jti: String,
    /// The session, and which generation of its access tokens this is.
    sid: String,
    sid_generation: i32,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// Absent when there is none: the claim has no empty value (RFC 9068 §2.2.3, RFC 6749 §3.3).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    scope: String,
    scopes: Vec<String>,
    /// What the user provider wants back; `sub` stays opaque.
    identity: UserIdentifier,
}

/// The opaque subject of a person: stable, and the same person for whoever compares it.
pub(crate) fn subject(user: &UserIdentifier) -> String {
    // The keys of a JSON map are sorted, and what is null says nothing: the same person always gives the same text.
    let text = serde_json::to_string(&without_nulls(user)).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..18).unwrap_or_default())
}

fn without_nulls(user: &UserIdentifier) -> UserIdentifier {
    let present = user.0.iter().filter(|(_, value)| !value.is_null());
    UserIdentifier(present.map(|(key, value)| (key.clone(), value.clone())).collect())
}

impl Claims {
    pub(super) fn new(bounds: &Bounds, about: &About<'_>) -> Self {
        Self {
            iss: bounds.issuer.clone(),
            aud: bounds.audience.clone(),
            sub: subject(about.user),
            client_id: about.client.to_owned(),
            jti: about.id.to_owned(),
            sid: about.session.to_string(),
            sid_generation: about.generation,
            iat: about.issued.unix_timestamp(),
            nbf: about.issued.unix_timestamp(),
            exp: about.expires.unix_timestamp(),
            scope: about.scopes.join(" "),
            scopes: about.scopes.to_vec(),
            // Every request would parse what says nothing.
            identity: without_nulls(about.user),
        }
    }

    pub(super) fn check(self, bounds: &Bounds, now: OffsetDateTime) -> Result<Verified, NotOurs> {
        let (now, leeway) = (now.unix_timestamp(), bounds.leeway.whole_seconds());
        let session = SessionId::parse(&self.sid);
        let refused = if self.iss != bounds.issuer {
            "another issuer"
        } else if self.aud != bounds.audience {
            "another audience"
        } else if self.exp.saturating_add(leeway) <= now {
            "expired"
        } else if self.nbf > now.saturating_add(leeway) || self.iat > now.saturating_add(leeway) {
            "from the future"
        } else if self.exp.saturating_sub(self.iat) > bounds.longest.whole_seconds() || self.exp <= self.iat {
            "an impossible lifetime"
        } else if self.jti.is_empty() || self.client_id.is_empty() {
            "an empty claim"
        } else if session.is_none() {
            "no session"
        } else if self.sub != subject(&self.identity) || self.scope != self.scopes.join(" ") {
            "claims that contradict each other"
        } else {
            return Ok(Verified {
                id: self.jti,
                session,
                generation: self.sid_generation,
                client: self.client_id,
                user: self.identity,
                scopes: self.scopes,
                issued: self.iat,
                expires: self.exp,
            });
        };
        Err(NotOurs(refused))
    }
}

/// The claims of a running shop (reference/authentication.md §2.1): no issuer, the client as audience, JSON in `sub`.
/// Times may have a fraction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ShopClaims {
    aud: String,
    jti: String,
    iat: f64,
    nbf: f64,
    exp: f64,
    sub: String,
    scopes: Vec<String>,
}

impl ShopClaims {
    pub(super) fn new(about: &About<'_>) -> Option<Self> {
        let at = |time: OffsetDateTime| (time - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
        // Microseconds, as the other side writes them.
        let micros = |seconds: f64| (seconds * 1e6).round() / 1e6;
        Some(Self {
            aud: about.client.to_owned(),
            jti: about.id.to_owned(),
            iat: micros(at(about.issued)),
            nbf: micros(at(about.issued)),
            exp: micros(at(about.expires)),
            sub: serde_json::to_string(about.user).ok()?,
            scopes: about.scopes.to_vec(),
        })
    }

    /// What the other side checks, and that the token is not older or younger than any of ours.
    pub(super) fn check(self, bounds: &Bounds, now: OffsetDateTime) -> Result<Verified, NotOurs> {
        let user: UserIdentifier = serde_json::from_str(&self.sub).map_err(|_| NotOurs("`sub` is no JSON object"))?;
        let leeway = bounds.leeway.as_seconds_f64();
        let now = (now - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
        let refused = if self.exp + leeway <= now {
            "expired"
        } else if self.nbf > now + leeway || self.iat > now + leeway {
            "from the future"
        } else if self.exp - self.iat > bounds.longest.as_seconds_f64() || self.exp <= self.iat {
            "an impossible lifetime"
        } else if self.jti.is_empty() || self.aud.is_empty() {
            "an empty claim"
        } else {
            let (session, generation) = session_in(&self.jti).unzip();
            return Ok(Verified {
                id: self.jti,
                session,
                generation: generation.unwrap_or(i32::MAX),
                client: self.aud,
                user,
                scopes: self.scopes,
                issued: seconds(self.iat),
                expires: seconds(self.exp),
            });
        };
        Err(NotOurs(refused))
    }
}

/// Whole seconds; the checks above leave nothing that an integer cannot hold.
#[expect(clippy::cast_possible_truncation, reason = "a time within a week of now")]
fn seconds(time: f64) -> i64 {
    time as i64
}
