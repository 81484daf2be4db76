//! The claims of an access token, and when they hold: RFC 9068 §2.2, and a running shop's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth_extension::UserIdentifier;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{About, Bounds, NotOurs, Verified};

/// Every member has one type and stands once: anything else does not parse. Seconds since 1970 throughout.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    scope: String,
    scopes: Vec<String>,
    /// What the user provider wants back; `sub` stays opaque.
    identity: UserIdentifier,
}

/// The opaque subject of a person: stable, and the same person for whoever compares it.
pub(crate) fn subject(user: &UserIdentifier) -> String {
    // The keys of a JSON map are sorted, and what is null says nothing: the same person always gives the same text.
    let text = serde_json::to_string(&told(user)).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..18).unwrap_or_default())
}

fn told(user: &UserIdentifier) -> UserIdentifier {
    let told = user.0.iter().filter(|(_, value)| !value.is_null());
    UserIdentifier(told.map(|(key, value)| (key.clone(), value.clone())).collect())
}

impl Claims {
    pub(super) fn new(bounds: &Bounds, about: &About<'_>, now: OffsetDateTime, lifetime: Duration) -> Self {
        Self {
            iss: bounds.issuer.clone(),
            aud: bounds.audience.clone(),
            sub: subject(about.user),
            client_id: about.client.to_owned(),
            jti: about.id.to_owned(),
            iat: now.unix_timestamp(),
            nbf: now.unix_timestamp(),
            exp: (now + lifetime).unix_timestamp(),
            scope: about.scopes.join(" "),
            scopes: about.scopes.to_vec(),
            // Every request would parse what says nothing.
            identity: told(about.user),
        }
    }

    pub(super) fn check(self, bounds: &Bounds, now: OffsetDateTime) -> Result<Verified, NotOurs> {
        let (now, leeway) = (now.unix_timestamp(), bounds.leeway.whole_seconds());
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
        } else if self.sub != subject(&self.identity) || self.scope != self.scopes.join(" ") {
            "claims that contradict each other"
        } else {
            return Ok(Verified {
                id: self.jti,
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

/// The claims of a running shop (contract/authentication.md §2.1): no issuer, the client as audience, JSON in `sub`.
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
    pub(super) fn new(about: &About<'_>, now: OffsetDateTime, lifetime: Duration) -> Option<Self> {
        let at = |time: OffsetDateTime| (time - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
        // Microseconds, as the other side writes them.
        let micros = |seconds: f64| (seconds * 1e6).round() / 1e6;
        Some(Self {
            aud: about.client.to_owned(),
            jti: about.id.to_owned(),
            iat: micros(at(now)),
            nbf: micros(at(now)),
            exp: micros(at(now + lifetime)),
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
            return Ok(Verified {
                id: self.jti,
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
