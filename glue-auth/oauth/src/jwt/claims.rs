//! The claims of an access token (RFC 9068 §2.2), and when they hold.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth_extension::UserIdentifier;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{NotOurs, Verified};

/// Every member has one type and stands once: anything else does not parse. Seconds since 1970 throughout.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    pub(crate) jti: String,
    iat: i64,
    nbf: i64,
    pub(crate) exp: i64,
    scope: String,
    pub(crate) scopes: Vec<String>,
    /// What the user provider wants back; `sub` stays opaque.
    identity: UserIdentifier,
}

/// The opaque subject of a person: stable, and the same person for whoever compares it.
fn subject(user: &UserIdentifier) -> String {
    // The keys of a JSON map are sorted, so the same person always gives the same text.
    let text = serde_json::to_string(user).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.get(..18).unwrap_or_default())
}

impl Claims {
    #[expect(clippy::too_many_arguments, reason = "one parameter per claim, named at the one call")]
    pub(super) fn new(
        issuer: &str,
        audience: &str,
        id: String,
        client: &str,
        user: &UserIdentifier,
        scopes: &[String],
        now: OffsetDateTime,
        lifetime: Duration,
    ) -> Self {
        // What is null says nothing, and every request would parse it.
        let told = user.0.iter().filter(|(_, value)| !value.is_null());
        let identity = UserIdentifier(told.map(|(key, value)| (key.clone(), value.clone())).collect());
        Self {
            iss: issuer.to_owned(),
            aud: audience.to_owned(),
            sub: subject(&identity),
            client_id: client.to_owned(),
            jti: id,
            iat: now.unix_timestamp(),
            nbf: now.unix_timestamp(),
            exp: (now + lifetime).unix_timestamp(),
            scope: scopes.join(" "),
            scopes: scopes.to_vec(),
            identity,
        }
    }

    pub(super) fn check(
        self,
        issuer: &str,
        audience: &str,
        now: OffsetDateTime,
        leeway: Duration,
        longest: Duration,
    ) -> Result<Verified, NotOurs> {
        let (now, leeway) = (now.unix_timestamp(), leeway.whole_seconds());
        let refused = if self.iss != issuer {
            "another issuer"
        } else if self.aud != audience {
            "another audience"
        } else if self.exp.saturating_add(leeway) <= now {
            "expired"
        } else if self.nbf > now.saturating_add(leeway) || self.iat > now.saturating_add(leeway) {
            "from the future"
        } else if self.exp.saturating_sub(self.iat) > longest.whole_seconds() || self.exp <= self.iat {
            "an impossible lifetime"
        } else if self.jti.is_empty() || self.client_id.is_empty() {
            "an empty claim"
        } else if self.sub != subject(&self.identity) || self.scope != self.scopes.join(" ") {
            "claims that contradict each other"
        } else {
            return Ok(Verified { id: self.jti, client: self.client_id, user: self.identity, scopes: self.scopes });
        };
        Err(NotOurs(refused))
    }
}
