//! New passwords: which ones a shop takes, and how one is set.

use std::sync::Arc;

use glue_core::db::DbError;
use glue_core::error::Outcome;
use glue_core::profile::Profile;
use glue_core::request::RequestContext;

use crate::accounts::{Accounts, NewPassword};
use crate::credentials::{AfterCommit, Sessions};

/// A shop takes no password with three equal characters in a row (reference/resources.md §1.1); of its policy this is the
/// one part that validation leaves over. Rules of composition are of little use elsewhere (NIST SP 800-63B §3.1.1.2).
pub(crate) fn breaks_policy(cx: &RequestContext, new: &str) -> bool {
    let repeats = |three: &[char]| three.iter().all(|c| Some(c) == three.first());
    let characters: Vec<char> = new.chars().collect();
    match cx.rules().profile {
        Profile::Spryker => characters.windows(3).any(repeats),
        Profile::Documented => false,
    }
}

/// Sets a password and ends what was begun with the one before, both or neither; returns whether nobody was faster.
pub(crate) async fn set(
    cx: &RequestContext,
    customer: i64,
    new: NewPassword,
    sessions: Option<Arc<dyn Sessions>>,
) -> Outcome<bool> {
    let accounts = Accounts::new(cx.db().clone());
    let set = || {
        let sessions = sessions.clone();
        accounts
            .set_password(customer, new.clone(), move |conn| sessions.map(|sessions| sessions.end(conn)).transpose())
    };
    let ended: Option<Option<AfterCommit>> = match set().await {
        // A first login came between.
        Err(DbError::Duplicate) => set().await?,
        done => done?,
    };
    let was_first = ended.is_some();
    if let Some(Some(after_commit)) = ended {
        after_commit();
    }
    Ok(was_first)
}
