//! The one place that makes and judges JSON Web Tokens.
//!
//! The library's defaults are not those of a resource server: this wrapper pins the algorithm, asks for `typ` and
//! `kid`, refuses `crit` and duplicate members, and checks every claim against the clock that it is handed
//! (RFC 8725, RFC 9068 §4).

mod claims;
mod header;
pub(crate) mod provider;

use jsonwebtoken::{Algorithm, Validation};
use oauth_extension::UserIdentifier;
use time::{Duration, OffsetDateTime};

pub(crate) use claims::Claims;

use crate::keys::Keys;

/// What a token of ours says, once its signature and its claims hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// The token's own id.
    pub id: String,
    /// The client that it was issued to.
    pub client: String,
    /// The person.
    pub user: UserIdentifier,
    /// What it allows.
    pub scopes: Vec<String>,
}

/// Why a token is not one of ours. For the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOurs(pub &'static str);

/// Signs and judges the tokens of one application.
#[derive(Clone)]
pub struct Tokens {
    keys: Keys,
    /// The first part of every token that this key signs.
    header: String,
    validation: Validation,
    issuer: String,
    audience: String,
    leeway: Duration,
    longest: Duration,
}

/// Longer ones are not ours, whatever they say.
const MAX_LENGTH: usize = 8 * 1024;

impl Tokens {
    /// Tokens that `issuer` issues for `audience` and that live `longest` at most.
    #[must_use]
    pub fn new(keys: Keys, issuer: String, audience: String, leeway: Duration, longest: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        // All of these read the system clock or are looser than ours: the claims are checked in `claims`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let header = header::encoded(&keys.kid);
        Self { keys, header, validation, issuer, audience, leeway, longest }
    }

    pub(crate) fn claims(
        &self,
        id: String,
        client: &str,
        user: &UserIdentifier,
        scopes: &[String],
        now: OffsetDateTime,
        lifetime: Duration,
    ) -> Claims {
        Claims::new(&self.issuer, &self.audience, id, client, user, scopes, now, lifetime)
    }

    pub(crate) fn sign(&self, claims: &Claims) -> Result<String, &'static str> {
        jsonwebtoken::encode(&header::of(&self.keys.kid), claims, &self.keys.signer)
            .map_err(|_| "the key does not sign")
    }

    /// Judges a token.
    ///
    /// # Errors
    /// [`NotOurs`] for everything that is not a live token of this issuer for this audience.
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Verified, NotOurs> {
        if token.len() > MAX_LENGTH {
            return Err(NotOurs("too long"));
        }
        // Nearly every token starts as ours do; any other header is read strictly.
        if token.split_once('.').is_none_or(|(header, _)| header != self.header) {
            header::check(token, &self.keys.kid)?;
        }
        let data = jsonwebtoken::decode::<Claims>(token, &self.keys.verifier, &self.validation)
            .map_err(|_| NotOurs("signature or claims do not parse"))?;
        data.claims.check(&self.issuer, &self.audience, now, self.leeway, self.longest)
    }
}
