//! The kinds of keys: RSA, P-256 and Ed25519, each with the one algorithm that it is used with.

use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::{Value, json};

use super::parsed;

/// What a key is, and so the algorithm of every token that it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RSA of at least 2048 bits, RS256.
    Rsa,
    /// P-256, ES256.
    P256,
    /// Ed25519, `EdDSA` (RFC 8037).
    Ed25519,
}

impl Kind {
    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            Self::Rsa => Algorithm::RS256,
            Self::P256 => Algorithm::ES256,
            Self::Ed25519 => Algorithm::EdDSA,
        }
    }

    /// The algorithm as headers name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RS256",
            Self::P256 => "ES256",
            Self::Ed25519 => "EdDSA",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Rsa, Self::P256, Self::Ed25519].into_iter().find(|kind| kind.name() == name)
    }
}

/// The public half of a key: PKCS #1 DER, a point, or 32 bytes.
pub(super) struct Public {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
}

/// Reads a private key (PEM); `None` when it is of no kind that is used here.
pub(super) fn private(pem: &[u8]) -> Option<(EncodingKey, Public)> {
    if let Ok(key) = EncodingKey::from_rsa_pem(pem) {
        let bytes = parsed::register(&key)?;
        return Some((key, Public { kind: Kind::Rsa, bytes }));
    }
    if let Ok(key) = EncodingKey::from_ec_pem(pem) {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_bytes()).ok()?;
        return Some((key, Public { kind: Kind::P256, bytes: pair.public_key().as_ref().to_vec() }));
    }
    let key = EncodingKey::from_ed_pem(pem).ok()?;
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.as_bytes()).ok()?;
    Some((key, Public { kind: Kind::Ed25519, bytes: pair.public_key().as_ref().to_vec() }))
}

/// Reads a public key (PEM).
pub(super) fn public(pem: &[u8]) -> Option<Public> {
    // The library's reader of RSA keys takes public halves too.
    if let Ok(key) = EncodingKey::from_rsa_pem(pem) {
        return Some(Public { kind: Kind::Rsa, bytes: parsed::register_public(key.as_bytes())? });
    }
    let (kind, key) = match (DecodingKey::from_ec_pem(pem), DecodingKey::from_ed_pem(pem)) {
        (Ok(key), _) => (Kind::P256, key),
        (Err(_), Ok(key)) => (Kind::Ed25519, key),
        (Err(_), Err(_)) => return None,
    };
    Some(Public { kind, bytes: key.try_get_as_bytes().ok()?.to_vec() })
}

impl Public {
    /// What verifies with it.
    pub(super) fn verifier(&self) -> Option<DecodingKey> {
        let sound = match self.kind {
            Kind::Rsa => PublicKey::from_der(&self.bytes).is_ok_and(|key| key.modulus_len() >= 256),
            Kind::P256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.bytes).parse().is_ok(),
            Kind::Ed25519 => UnparsedPublicKey::new(&ED25519, &self.bytes).parse().is_ok(),
        };
        sound.then(|| match self.kind {
            Kind::Rsa => DecodingKey::from_rsa_der(&self.bytes),
            Kind::P256 => DecodingKey::from_ec_der(&self.bytes),
            Kind::Ed25519 => DecodingKey::from_ed_der(&self.bytes),
        })
    }

    /// The same as a JSON Web Key (RFC 7517, RFC 7518 §6, RFC 8037 §2).
    pub(super) fn jwk(&self, kid: &str) -> Option<Value> {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let alg = self.kind.name();
        Some(match self.kind {
            Kind::Rsa => {
                let parsed = PublicKey::from_der(&self.bytes).ok()?;
                let n = text(parsed.modulus().big_endian_without_leading_zero());
                let e = text(parsed.exponent().big_endian_without_leading_zero());
                json!({ "kty": "RSA", "use": "sig", "alg": alg, "kid": kid, "n": n, "e": e })
            }
            Kind::P256 => {
                // Uncompressed: a mark and two coordinates.
                let (x, y) = self.bytes.strip_prefix(&[4])?.split_at_checked(32)?;
                json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": alg, "kid": kid, "x": text(x), "y": text(y) })
            }
            Kind::Ed25519 => {
                json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": alg, "kid": kid, "x": text(&self.bytes) })
            }
        })
    }
}
