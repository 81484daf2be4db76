//! Sessions by what tokens say of them.

use super::halt::Halt;
use crate::error::GrantError;
use crate::port::Unit;
use crate::session::SessionId;
use crate::store::{self, SessionRow};

pub(super) fn session_of(unit: &mut dyn Unit, named: Option<&str>) -> Result<Option<SessionRow>, Halt> {
    match named {
        Some(named) => Ok(store::find_session(unit.connection(), named)?),
        None => Ok(None),
    }
}

/// The name of a session that the database holds.
pub(super) fn name(session: &SessionRow) -> Result<SessionId, Halt> {
    let broken = || GrantError::Defect("a session without a proper name".into());
    Ok(SessionId::parse(&session.identifier).ok_or_else(broken)?)
}
