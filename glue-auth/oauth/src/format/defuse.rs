//! The ciphertexts of defuse/php-encryption, version 2, with a password (reference/authentication.md §2.5).
//!
//! `DE F5 02 00`, a salt of 32 bytes, an IV of 16, AES-256-CTR, an HMAC-SHA256 over all of it; as hexadecimal digits.

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    AES_256, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{hmac, pbkdf2};
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::random;

const HEADER: [u8; 4] = [0xDE, 0xF5, 0x02, 0x00];
const SALT: usize = 32;
const IV: usize = 16;
const MAC: usize = 32;

/// No token of ours comes near this, in digits.
const LONGEST: usize = 16 * 1024;

const ROUNDS: NonZeroU32 = NonZeroU32::new(100_000).expect("not zero");

/// The keys of one ciphertext.
struct Keys {
    encryption: [u8; 32],
    authentication: hmac::Key,
}

impl Keys {
    fn of(password: &SecretString, salt: &[u8]) -> Option<Self> {
        let hashed = Sha256::digest(password.expose_secret().as_bytes());
        let mut stretched = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, salt, &hashed, &mut stretched);
        let source = Salt::new(HKDF_SHA256, salt).extract(&stretched);
        let key = |info: &[u8]| -> Option<[u8; 32]> {
            let mut key = [0; 32];
            source.expand(&[info], Length).ok()?.fill(&mut key).ok()?;
            Some(key)
        };
        let authentication = hmac::Key::new(hmac::HMAC_SHA256, &key(b"DefusePHP|V2|KeyForAuthentication")?);
        Some(Self { encryption: key(b"DefusePHP|V2|KeyForEncryption")?, authentication })
    }
}

/// Keys of 32 bytes.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

/// Encrypts with a password; it takes tens of milliseconds. `None` when the system gives no randomness.
#[must_use]
pub fn encrypt(plain: &[u8], password: &SecretString) -> Option<String> {
    encrypt_in(&random::bytes()?, plain, password)
}

/// The same with this salt and this IV, which must not have been used for anything else.
pub(crate) fn encrypt_in(envelope: &[u8; SALT + IV], plain: &[u8], password: &SecretString) -> Option<String> {
    let (salt, iv) = envelope.split_at(SALT);
    let keys = Keys::of(password, salt)?;
    let (salt, iv): (_, [u8; IV]) = (salt, iv.try_into().ok()?);
    let mut text = plain.to_vec();
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, &keys.encryption).ok()?).ok()?;
    key.less_safe_encrypt(&mut text, EncryptionContext::Iv128(FixedLength::from(iv))).ok()?;
    let mut sealed = Vec::with_capacity(HEADER.len() + SALT + IV + text.len() + MAC);
    for part in [&HEADER[..], salt, &iv, &text] {
        sealed.extend_from_slice(part);
    }
    let mac = hmac::sign(&keys.authentication, &sealed);
    sealed.extend_from_slice(mac.as_ref());
    Some(HEXLOWER.encode(&sealed))
}

/// Whether a text has the form of a ciphertext.
pub(crate) fn is_ciphertext(text: &str) -> bool {
    let shortest = 2 * (HEADER.len() + SALT + IV + MAC);
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (shortest..=LONGEST).contains(&text.len())
        && text.len().is_multiple_of(2)
        && text.starts_with(&HEXLOWER.encode(&HEADER))
        && text.bytes().all(digits)
}

/// Opens what [`encrypt`] made. `None` for everything else; it takes tens of milliseconds once the form is right.
#[must_use]
pub fn decrypt(text: &str, password: &SecretString) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    let sealed = HEXLOWER.decode(text.as_bytes()).ok()?;
    let (signed, mac) = sealed.split_at_checked(sealed.len().checked_sub(MAC)?)?;
    let rest = signed.strip_prefix(&HEADER)?;
    let (salt, rest) = rest.split_at_checked(SALT)?;
    let (iv, text) = rest.split_at_checked(IV)?;
    let keys = Keys::of(password, salt)?;
    hmac::verify(&keys.authentication, signed, mac).ok()?;
    let mut text = text.to_vec();
    let key = DecryptingKey::ctr(UnboundCipherKey::new(&AES_256, &keys.encryption).ok()?).ok()?;
    let iv: [u8; IV] = iv.try_into().ok()?;
    let plain = key.decrypt(&mut text, DecryptionContext::Iv128(FixedLength::from(iv))).ok()?;
    Some(plain.to_vec())
}
