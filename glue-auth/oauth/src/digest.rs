//! How long random secrets are stored: as a hash, which needs neither salt nor cost.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The SHA-256 of a text in lower-case hexadecimal.
#[must_use]
pub fn digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}
