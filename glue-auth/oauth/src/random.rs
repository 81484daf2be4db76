//! The engine's one home of randomness.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// The system's source, for whoever needs it as such.
#[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
pub(crate) fn source() -> SystemRandom {
    SystemRandom::new()
}

/// Random bytes; `None` when the system gives none.
pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    source().fill(&mut bytes).ok()?;
    Some(bytes)
}

/// A key of 192 random bits as 32 characters that are safe in an address; `None` when the system gives no randomness.
#[must_use]
pub fn key() -> Option<String> {
    bytes::<24>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}

/// This many decimal digits, each as likely as any other; `None` when the system gives no randomness.
#[must_use]
pub fn digits(count: u32) -> Option<String> {
    let mut digits = String::new();
    while digits.len() < usize::try_from(count).ok()? {
        let fresh: [u8; 16] = bytes()?;
        // 250 is a multiple of ten: beyond it, small digits would be likelier.
        let fair = fresh.into_iter().filter(|byte| *byte < 250).map(|byte| char::from(b'0' + byte % 10));
        digits.extend(fair.take(usize::try_from(count).ok()? - digits.len()));
    }
    Some(digits)
}

/// An identifier of 122 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
pub(crate) fn uuid() -> Uuid {
    Uuid::new_v4()
}
