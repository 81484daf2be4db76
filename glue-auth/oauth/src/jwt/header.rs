//! The header of a token, read strictly before anything else is believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Header;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use super::facts::NotOurs;
use crate::format::TokenFormat;
use crate::keys::{Keys, Kind, NamedKey};

/// RFC 9068 §2.1.
const TYPE: &str = "at+jwt";

/// The header of our own tokens.
pub(super) fn of(format: TokenFormat, keys: &Keys) -> Header {
    let mut header = Header::new(keys.kind().algorithm());
    if format == TokenFormat::Rfc9068 {
        header.typ = Some(TYPE.into());
        header.kid = Some(keys.kid().to_owned());
    }
    header
}

/// The same as the first part of a token.
pub(super) fn encoded(header: &Header) -> String {
    serde_json::to_vec(header).map(|json| URL_SAFE_NO_PAD.encode(json)).unwrap_or_default()
}

/// What our own tokens say of their key.
pub(super) fn own_key(format: TokenFormat, keys: &Keys) -> NamedKey {
    match format {
        TokenFormat::Rfc9068 => NamedKey::Key { kid: keys.kid().to_owned(), kind: keys.kind() },
        TokenFormat::Spryker => NamedKey::Any,
    }
}

/// Known members may not stand twice: serde refuses that by itself.
#[derive(Deserialize)]
struct StrictHeader<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: Option<&'a str>,
    /// No extension is understood, so none may be critical (RFC 7515 §4.1.11).
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    /// Unencoded and compressed payloads are not ours.
    #[serde(default, deserialize_with = "present")]
    b64: bool,
    #[serde(default, deserialize_with = "present")]
    zip: bool,
}

/// A member that is there counts, also as `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

pub(super) fn check(token: &str, format: TokenFormat) -> Result<NamedKey, NotOurs> {
    let mut parts = token.split('.');
    let (Some(header), Some(_), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(NotOurs("not three parts"));
    };
    let bytes = URL_SAFE_NO_PAD.decode(header).map_err(|_| NotOurs("the header is not base64url"))?;
    let header: StrictHeader<'_> =
        serde_json::from_slice(&bytes).map_err(|_| NotOurs("the header is not one of ours"))?;
    if header.crit || header.b64 || header.zip {
        return Err(NotOurs("the header asks for an extension"));
    }
    let kind = Kind::named(header.alg).ok_or(NotOurs("another algorithm"))?;
    match (format, header.typ, header.kid) {
        (TokenFormat::Rfc9068, TYPE, Some(kid)) => Ok(NamedKey::Key { kid: kid.to_owned(), kind }),
        (TokenFormat::Rfc9068, TYPE, None) => Err(NotOurs("no key is named")),
        // The other side signs with RSA and names no key; a name would be one that we never gave.
        (TokenFormat::Spryker, "JWT", None) if kind == Kind::Rsa => Ok(NamedKey::Any),
        (TokenFormat::Spryker, "JWT", None) => Err(NotOurs("another algorithm")),
        (TokenFormat::Rfc9068 | TokenFormat::Spryker, _, _) => Err(NotOurs("not an access token")),
    }
}
