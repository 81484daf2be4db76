//! The keys of an application: one signs, read from a file or made at the first start in development; others verify.

mod kind;
mod parsed;

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) use kind::Kind;
use kind::Public;

use crate::random;

/// Which key a token says it is signed with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NamedKey {
    /// This one, with the algorithm of this kind.
    Key {
        /// Its name.
        kid: String,
        /// What it says to be.
        kind: Kind,
    },
    /// It does not say: any of ours.
    Any,
}

/// What kept a key from being used. No variant holds key material.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("auth.key_file {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner may read the file.
    #[error("auth.key_file {0}: others may read it; run `chmod 600` on it")]
    Exposed(String),
    /// Production asks for a key of its own.
    #[error("auth.key_file {0}: does not exist, and `environment` is production")]
    Missing(String),
    /// The file holds no key of a kind that is used.
    #[error(
        "auth.key_file {0}: not a PEM file with an RSA private key of at least 2048 bits, or one of P-256 or Ed25519"
    )]
    Unusable(String),
    /// A running shop reads tokens signed with RSA.
    #[error("auth.key_file {0}: the profile `spryker` needs an RSA key")]
    NoRsa(String),
    /// The system gave no randomness.
    #[error("no key could be made")]
    NoRandomness,
}

/// What a missing key file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenMissing {
    /// Make one.
    Generate,
    /// Refuse to start.
    Refuse,
}

/// The key that signs, and those that verify: its own public half, and those that signed before it.
#[derive(Clone)]
pub struct Keys {
    signer: EncodingKey,
    verifiers: Vec<Verifier>,
    /// Where the successors of refresh tokens come from: of the signer, then of those that signed before it.
    refresh: Vec<[u8; 32]>,
}

/// A public key.
#[derive(Clone)]
struct Verifier {
    kid: String,
    kind: Kind,
    key: DecodingKey,
    /// The same as a JSON Web Key.
    jwk: Value,
}

impl Keys {
    /// Reads the key at `path`.
    ///
    /// # Errors
    /// [`KeyError`], which names the file and never its content.
    pub fn load(path: &Path, when_missing: WhenMissing) -> Result<Self, KeyError> {
        let shown = path.display().to_string();
        if !path.exists() {
            match when_missing {
                WhenMissing::Generate => generate(path)?,
                WhenMissing::Refuse => return Err(KeyError::Missing(shown)),
            }
        }
        Self::from_pem(&guarded(path)?).ok_or(KeyError::Unusable(shown))
    }

    /// The same with keys that no longer sign and still verify: private or public ones, PEM.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn with_retired(mut self, paths: &[PathBuf]) -> Result<Self, KeyError> {
        for path in paths {
            let shown = path.display().to_string();
            let pem = fs::read(path).map_err(|source| KeyError::File { path: shown.clone(), source })?;
            let public = match kind::private(&pem) {
                Some((key, public)) => {
                    guarded(path)?;
                    self.refresh.extend(successors(&key));
                    Some(public)
                }
                // Anybody may read a public half.
                None => kind::public(&pem),
            };
            let verifier = public.and_then(|public| Verifier::of(&public)).ok_or(KeyError::Unusable(shown))?;
            if !self.verifiers.iter().any(|known| known.kid == verifier.kid) {
                self.verifiers.push(verifier);
            }
        }
        Ok(self)
    }

    /// A key of PEM text; `None` when it is no private key of RSA with at least 2048 bits, P-256, or Ed25519.
    #[must_use]
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let (signer, public) = kind::private(pem)?;
        let refresh = vec![successors(&signer)?];
        Some(Self { signer, verifiers: vec![Verifier::of(&public)?], refresh })
    }

    /// The secrets from which the successors of refresh tokens are derived, the current one first.
    pub(crate) fn refresh_secrets(&self) -> &[[u8; 32]] {
        &self.refresh
    }

    pub(crate) fn signer(&self) -> &EncodingKey {
        &self.signer
    }

    /// The name of the key that signs.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.verifiers.first().map_or("", |own| own.kid.as_str())
    }

    /// The keys that a token may be signed with.
    pub(crate) fn verifiers(&self, named: &NamedKey) -> impl Iterator<Item = (Kind, &DecodingKey)> {
        // A key is used with its own algorithm and no other, whatever a token says (RFC 8725 §3.1).
        let fits = move |verifier: &&Verifier| match named {
            NamedKey::Key { kid, kind } => verifier.kid == *kid && verifier.kind == *kind,
            NamedKey::Any => verifier.kind == Kind::Rsa,
        };
        self.verifiers.iter().filter(fits).map(|verifier| (verifier.kind, &verifier.key))
    }

    /// What the key that signs is.
    pub(crate) fn kind(&self) -> Kind {
        self.verifiers.first().map_or(Kind::Rsa, |own| own.kind)
    }

    /// Whether the key that signs is one of RSA: the only kind that a running shop reads.
    #[must_use]
    pub fn is_rsa(&self) -> bool {
        self.kind() == Kind::Rsa
    }

    /// Every public key, as a JSON Web Key Set (RFC 7517).
    pub(crate) fn jwks(&self) -> Value {
        let keys: Vec<&Value> = self.verifiers.iter().map(|verifier| &verifier.jwk).collect();
        json!({ "keys": keys })
    }
}

/// Refresh tokens need a secret of their own: derived, so that instances with one key agree on it.
fn successors(key: &EncodingKey) -> Option<[u8; 32]> {
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), b"refresh token successors");
    derived.as_ref().try_into().ok()
}

impl Verifier {
    fn of(public: &Public) -> Option<Self> {
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(&public.bytes).get(..12)?);
        Some(Self { kind: public.kind, key: public.verifier()?, jwk: public.jwk(&kid)?, kid })
    }
}

/// Reads a private key that nobody else may read.
fn guarded(path: &Path) -> Result<Vec<u8>, KeyError> {
    let shown = path.display().to_string();
    let failed = |source| KeyError::File { path: shown.clone(), source };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 && mode & 0o077 != 0o040 {
        return Err(KeyError::Exposed(shown));
    }
    fs::read(path).map_err(failed)
}

fn generate(path: &Path) -> Result<(), KeyError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::NoRandomness)?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::NoRandomness)?;
    let encoded = STANDARD.encode(der.as_ref());
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in encoded.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    write(path, pem.as_bytes()).map_err(|source| KeyError::File { path: path.display().to_string(), source })
}

/// Two processes may start at once: the key is complete under its name, or it is not there; the first one stays.
fn write(path: &Path, pem: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.tmp", random::uuid()));
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(pem)?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
