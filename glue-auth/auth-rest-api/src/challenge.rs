//! The code challenge of an authorization request (RFC 7636 §4.3).

/// Why a challenge is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Another method than `S256`.
    Method,
    /// No SHA-256 hash in base64url.
    Hash,
}

impl Unfit {
    /// What the client reads.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Unfit::Method => "`code_challenge_method` has to be `S256`.",
            Unfit::Hash => "`code_challenge` is not a SHA-256 hash in base64url.",
        }
    }
}

/// The challenge. `plain` is the default of RFC 7636 and of no use to anybody (RFC 9700 §2.1.1).
pub(crate) fn read(challenge: Option<&str>, method: Option<&str>) -> Result<String, Unfit> {
    if method != Some("S256") {
        return Err(Unfit::Method);
    }
    let digits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let fits = |text: &&str| text.len() == 43 && text.bytes().all(digits);
    challenge.filter(fits).map(str::to_owned).ok_or(Unfit::Hash)
}
