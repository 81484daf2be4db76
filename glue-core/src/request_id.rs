//! The name of one request in the log and in the answer.

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::header::{HeaderName, HeaderValue};

/// The header that carries it, in and out.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A caller's id when it is short and plain, else one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Takes over the id that came with the request, or makes one. Anything that could forge a log line is not taken.
    #[must_use]
    pub fn from_header(header: Option<&HeaderValue>) -> Self {
        let plain = |text: &&str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match header.and_then(|value| value.to_str().ok()).filter(plain) {
            Some(text) => Self(text.to_owned()),
            None => Self::next(),
        }
    }

    /// The next id of this process: its random name, and a number.
    fn next() -> Self {
        static PROCESS: LazyLock<String> = LazyLock::new(|| fresh_uuid().simple().to_string());
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut id = String::with_capacity(PROCESS.len() + 17);
        id.push_str(&PROCESS);
        id.push('-');
        let digits = 16 - (number | 1).leading_zeros() / 4;
        for place in (0..digits).rev() {
            id.push(char::from_digit(u32::try_from(number >> (4 * place) & 15).unwrap_or_default(), 16).unwrap_or('0'));
        }
        Self(id)
    }

    /// The id as a header value.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("-"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A new time-ordered identifier.
#[expect(clippy::disallowed_methods, reason = "identifiers are made here and nowhere else")]
#[must_use]
pub fn fresh_uuid() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
