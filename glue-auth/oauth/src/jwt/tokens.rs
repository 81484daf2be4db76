//! Signs and judges tokens: one algorithm for each kind of key, and every claim against the clock that is handed in.

use jsonwebtoken::{Header, Validation};
use time::{Duration, OffsetDateTime};

use super::claims;
use super::facts::{About, Bounds, NotOurs, Verified};
use super::header;
use crate::conventions::Conventions;
use crate::format::TokenFormat;
use crate::keys::{Keys, Kind};
use crate::settings::AuthSettings;

/// Signs and judges the tokens of one application.
pub struct Tokens {
    keys: Keys,
    format: TokenFormat,
    /// The first part of every token that this key signs.
    header: Header,
    encoded: String,
    pinned: Pinned,
    bounds: Bounds,
}

/// What the library is asked to check: one algorithm for each kind of key, and nothing that it would check by the
/// system's clock or less strictly than [`claims`].
struct Pinned {
    rsa: Validation,
    p256: Validation,
    ed25519: Validation,
}

impl Pinned {
    fn new() -> Self {
        let pinned = |kind: Kind| {
            let mut validation = Validation::new(kind.algorithm());
            validation.validate_exp = false;
            validation.validate_nbf = false;
            validation.validate_aud = false;
            validation.required_spec_claims.clear();
            validation
        };
        Self { rsa: pinned(Kind::Rsa), p256: pinned(Kind::P256), ed25519: pinned(Kind::Ed25519) }
    }

    fn of(&self, kind: Kind) -> &Validation {
        match kind {
            Kind::Rsa => &self.rsa,
            Kind::P256 => &self.p256,
            Kind::Ed25519 => &self.ed25519,
        }
    }
}

/// Longer ones are not ours, whatever they say.
const MAX_LENGTH: usize = 8 * 1024;

/// The longest life of any token of ours: a warehouse's (reference/authentication.md §2.3).
pub const WEEK: Duration = Duration::days(7);

impl Tokens {
    /// Tokens as `conventions` say.
    #[must_use]
    pub fn new(keys: Keys, conventions: &Conventions, settings: &AuthSettings) -> Self {
        let header = header::of(conventions.access, &keys);
        let bounds = Bounds {
            issuer: conventions.issuer.clone(),
            audience: conventions.audience.clone(),
            leeway: match conventions.access {
                TokenFormat::Rfc9068 => settings.leeway(),
                // No leeway at all (reference/authentication.md §2.4).
                TokenFormat::Spryker => Duration::ZERO,
            },
            longest: settings.access().max(WEEK),
        };
        let encoded = header::encoded(&header);
        Self { keys, format: conventions.access, header, encoded, pinned: Pinned::new(), bounds }
    }

    /// How far clocks may be apart.
    pub(crate) fn leeway(&self) -> Duration {
        self.bounds.leeway
    }

    /// Whether the key makes the same signature of the same text: RSA with PKCS #1 and Ed25519 do, ECDSA does not.
    pub(crate) fn repeats(&self) -> bool {
        self.keys.kind() != Kind::P256
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Signs a token. With [`repeats`](Self::repeats), what is signed twice is the same text twice.
    pub(crate) fn sign(&self, about: &About<'_>) -> Result<String, &'static str> {
        let failed = |_| "the key does not sign";
        let signer = self.keys.signer();
        match self.format {
            TokenFormat::Rfc9068 => {
                let claims = claims::Claims::new(&self.bounds, about);
                jsonwebtoken::encode(&self.header, &claims, signer).map_err(failed)
            }
            TokenFormat::Spryker => {
                let claims = claims::ShopClaims::new(about).ok_or("the user cannot be written")?;
                jsonwebtoken::encode(&self.header, &claims, signer).map_err(failed)
            }
        }
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
        let named = match token.split_once('.').is_some_and(|(header, _)| header == self.encoded) {
            true => header::own_key(self.format, &self.keys),
            false => header::check(token, self.format)?,
        };
        let unparsed = |_| NotOurs("signature or claims do not parse");
        let mut refused = NotOurs("unknown key");
        for (kind, key) in self.keys.verifiers(&named) {
            let validation = self.pinned.of(kind);
            let judged = match self.format {
                TokenFormat::Rfc9068 => jsonwebtoken::decode::<claims::Claims>(token, key, validation)
                    .map_err(unparsed)
                    .and_then(|data| data.claims.check(&self.bounds, now)),
                TokenFormat::Spryker => jsonwebtoken::decode::<claims::ShopClaims>(token, key, validation)
                    .map_err(unparsed)
                    .and_then(|data| data.claims.check(&self.bounds, now)),
            };
            match judged {
                Ok(verified) => return Ok(verified),
                Err(why) => refused = why,
            }
        }
        Err(refused)
    }
}
