//! The RSA key of an application: read from a file, or made at the first start in development.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

use crate::jwt::provider;
use crate::random;

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
    /// The file holds no RSA key of at least 2048 bits.
    #[error("auth.key_file {0}: not a PEM file with an RSA private key of at least 2048 bits")]
    Unusable(String),
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

/// The key that signs, and what verifies its signatures.
#[derive(Clone)]
pub struct Keys {
    pub(crate) signer: EncodingKey,
    pub(crate) verifier: DecodingKey,
    pub(crate) kid: String,
    refresh: [u8; 32],
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
        let failed = |source| KeyError::File { path: shown.clone(), source };
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 && mode & 0o077 != 0o040 {
            return Err(KeyError::Exposed(shown));
        }
        let pem = fs::read(path).map_err(failed)?;
        Self::from_pem(&pem).ok_or(KeyError::Unusable(shown))
    }

    /// A key of PEM text; `None` when it is no RSA private key of at least 2048 bits.
    #[must_use]
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let signer = EncodingKey::from_rsa_pem(pem).ok()?;
        let public = provider::register(&signer)?;
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(&public).get(..12)?);
        // Refresh tokens need a secret of their own: derived, so that instances with one key agree on it.
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, signer.as_bytes()), b"refresh token successors");
        let refresh = derived.as_ref().try_into().ok()?;
        Some(Self { signer, verifier: DecodingKey::from_rsa_der(&public), kid, refresh })
    }

    /// The secret from which the successors of refresh tokens are derived.
    pub(crate) fn refresh_secret(&self) -> &[u8; 32] {
        &self.refresh
    }
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
    let beside = path.with_extension(format!("{}.tmp", random::identifier()));
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
