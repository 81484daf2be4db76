//! The engine's one home of randomness.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
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

/// An identifier of 122 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
pub(crate) fn identifier() -> String {
    Uuid::new_v4().to_string()
}
