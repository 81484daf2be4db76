//! What is random in a pair of tokens, derived from the credential that the pair is given for: whoever sends the same one
//! again gets the same pair, and nothing of it has to be stored.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::refresh::RefreshFormat;
use super::seed::Seed;

/// Everything that is derived from one credential under one secret.
pub(crate) struct Derived {
    /// The refresh token.
    pub(crate) refresh: Seed,
    /// What is random in the id of the access token.
    pub(crate) tag: [u8; 20],
    /// The salt and the initialisation vector of an encrypted refresh token.
    pub(crate) envelope: [u8; 48],
    sealing: [u8; 32],
}

impl Derived {
    /// From a credential that a client sent, or from random bytes in its place.
    pub(crate) fn from(credential: &Seed, secret: &[u8; 32], format: &RefreshFormat) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derive = |label: &str| -> [u8; 32] {
            let mut context = hmac::Context::with_key(&key);
            for part in [label, "\0", credential.as_str()] {
                context.update(part.as_bytes());
            }
            let mut bytes = [0; 32];
            bytes.copy_from_slice(context.sign().as_ref());
            bytes
        };
        let (mut tag, mut envelope) = ([0; 20], [0; 48]);
        tag.copy_from_slice(derive("access token").split_at(20).0);
        let (salt, iv) = envelope.split_at_mut(32);
        salt.copy_from_slice(&derive("salt"));
        iv.copy_from_slice(derive("initialisation vector").split_at(16).0);
        Self { refresh: format.successor(credential, secret), tag, envelope, sealing: derive("sealing") }
    }

    /// A text that only a holder of the credential can read again. Each key seals one text, so its nonce is its only one.
    pub(crate) fn seal(&self, text: &str) -> Option<String> {
        let mut sealed = text.as_bytes().to_vec();
        self.sealer()?.seal_in_place_append_tag(nonce(), Aad::empty(), &mut sealed).ok()?;
        Some(STANDARD_NO_PAD.encode(sealed))
    }

    /// What [`seal`](Self::seal) made a secret of.
    pub(crate) fn open(&self, sealed: &str) -> Option<String> {
        let mut sealed = STANDARD_NO_PAD.decode(sealed).ok()?;
        let text = self.sealer()?.open_in_place(nonce(), Aad::empty(), &mut sealed).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }

    fn sealer(&self) -> Option<LessSafeKey> {
        Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.sealing).ok()?))
    }
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}
