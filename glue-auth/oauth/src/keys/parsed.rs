//! Keys parsed once. The library parses the private key at every signature and the public key at every verification;
//! this provider hands it parsed keys instead, and leaves everything else to the library's own.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use aws_lc_rs::rsa::PublicKey;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, aws_lc};
use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use signature::{Error, Signer, Verifier};

use crate::random;

static PROVIDER: LazyLock<CryptoProvider> = LazyLock::new(|| CryptoProvider {
    signer_factory,
    verifier_factory,
    key_utils: aws_lc::DEFAULT_PROVIDER.key_utils.clone(),
});

static PARSED: RwLock<Vec<Arc<Parsed>>> = RwLock::new(Vec::new());

struct Parsed {
    public: Vec<u8>,
    /// The private half, of a key that signs.
    pair: Option<(Vec<u8>, RsaKeyPair)>,
    verifier: ParsedPublicKey,
}

/// Parses a private key once for the whole process and returns its public half (PKCS #1 DER). `None` when it is no RSA
/// key of at least 2048 bits.
pub(crate) fn register(key: &EncodingKey) -> Option<Vec<u8>> {
    // A second installation is refused by the library and changes nothing.
    let _ = CryptoProvider::install_default(&PROVIDER);
    let private = key.as_bytes().to_vec();
    let pair = RsaKeyPair::from_der(&private).or_else(|_| RsaKeyPair::from_pkcs8(&private)).ok()?;
    if pair.public_modulus_len() < 256 {
        return None;
    }
    let public = pair.public_key().as_ref().to_vec();
    keep(public.clone(), Some((private, pair)))?;
    Some(public)
}

/// Parses a public key (SubjectPublicKeyInfo or PKCS #1, DER) once for the whole process and returns it as PKCS #1.
pub(crate) fn register_public(der: &[u8]) -> Option<Vec<u8>> {
    let _ = CryptoProvider::install_default(&PROVIDER);
    let public = PublicKey::from_der(der).ok()?.as_ref().to_vec();
    keep(public.clone(), None)?;
    Some(public)
}

fn keep(public: Vec<u8>, pair: Option<(Vec<u8>, RsaKeyPair)>) -> Option<()> {
    let verifier = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public).parse().ok()?;
    let mut known = PARSED.write().unwrap_or_else(PoisonError::into_inner);
    let signs = pair.is_some();
    if !known.iter().any(|known| known.public == public && (known.pair.is_some() || !signs)) {
        known.retain(|known| known.public != public);
        known.push(Arc::new(Parsed { public, pair, verifier }));
    }
    Some(())
}

fn find(which: impl Fn(&Parsed) -> bool) -> Option<Arc<Parsed>> {
    let known = PARSED.read().unwrap_or_else(PoisonError::into_inner);
    known.iter().find(|parsed| which(parsed)).cloned()
}

fn signer_factory(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match find(|parsed| {
        let own = parsed.pair.as_ref().is_some_and(|(private, _)| private == key.as_bytes());
        own && *algorithm == Algorithm::RS256
    }) {
        Some(parsed) => Ok(Box::new(Rs256(parsed))),
        None => (aws_lc::DEFAULT_PROVIDER.signer_factory)(algorithm, key),
    }
}

fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let bytes = key.try_get_as_bytes().unwrap_or_default();
    match find(|parsed| *algorithm == Algorithm::RS256 && parsed.public == bytes) {
        Some(parsed) => Ok(Box::new(Rs256(parsed))),
        None => (aws_lc::DEFAULT_PROVIDER.verifier_factory)(algorithm, key),
    }
}

/// RS256 with a key that is already parsed.
struct Rs256(Arc<Parsed>);

impl Signer<Vec<u8>> for Rs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let (_, pair) = self.0.pair.as_ref().ok_or_else(Error::new)?;
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &random::source(), message, &mut signature).map_err(|_| Error::new())?;
        Ok(signature)
    }
}

impl Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        self.0.verifier.verify_sig(message, signature).map_err(|_| Error::new())
    }
}

impl JwtSigner for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
