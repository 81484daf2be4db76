//! The shape of access tokens.

/// The shape of access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFormat {
    /// RFC 9068: `typ: at+jwt`, `kid`, `iss`, `aud`, an opaque `sub`.
    Rfc9068,
    /// A running shop's: JSON in `sub`, the client in `aud`, no `kid` (reference/authentication.md §2.1).
    Spryker,
}
