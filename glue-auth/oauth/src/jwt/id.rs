//! The ids of access tokens (`jti`).

use data_encoding::HEXLOWER;

use crate::format::TokenFormat;
use crate::session::SessionId;

/// The id of an access token of a session. A shop's has 80 hexadecimal digits, of which 32 name the session and eight its
/// generation.
pub(crate) fn of(format: TokenFormat, session: SessionId, generation: i32, tag: &[u8; 20]) -> String {
    match format {
        TokenFormat::Rfc9068 => HEXLOWER.encode(tag),
        TokenFormat::Spryker => format!("{:032x}{generation:08x}{}", session.as_u128(), HEXLOWER.encode(tag)),
    }
}

/// What an id of that form names; the id of another issuer names a session that is none.
pub(super) fn session_in(id: &str) -> Option<(SessionId, i32)> {
    let (session, generation) = (id.get(..32)?, id.get(32..40)?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bits = u128::from_str_radix(session, 16).ok().filter(|_| digits(session))?;
    // More than any generation that there is: a number of another issuer.
    let generation = u32::from_str_radix(generation, 16).ok().filter(|_| digits(generation))?;
    Some((SessionId::from_u128(bits), i32::try_from(generation).unwrap_or(i32::MAX)))
}
