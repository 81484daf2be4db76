//! Refresh tokens as strings: what a client holds, what the database holds, and the one successor of each.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::random;

/// Says what it is, so that a leaked one can be found in logs and code; safe in a URL path.
const PREFIX: &str = "grt_";

/// A token as its client holds it. It has no `Debug`: it must not reach a log.
pub(crate) struct RefreshToken(String);

impl RefreshToken {
    /// A new one of 256 random bits; `None` when the system gives no randomness.
    pub(crate) fn random() -> Option<Self> {
        let bytes: [u8; 32] = random::bytes()?;
        Some(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// One that came from outside.
    pub(crate) fn received(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What an exchange of this token yields, however often it is repeated: a lost answer can be asked for again, and
    /// parallel exchanges agree. Only the holder of `secret` can compute it, and nothing of it has to be stored.
    pub(crate) fn successor(&self, secret: &[u8; 32]) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), self.0.as_bytes());
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(tag.as_ref())))
    }

    /// What the database holds: a hash. The token has 256 bits, so a plain hash cannot be guessed back.
    pub(crate) fn identifier(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.as_bytes()))
    }

    /// The string for the client.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
