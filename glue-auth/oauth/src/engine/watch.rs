//! What runs each second beside the requests: who lost a right, and what ended on other instances. Both cost what changed
//! since, and nothing for what lives.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::columns::{json, parsed, stored};
use super::halt::{Halt, decided};
use super::policy::{Policy, Standing};
use super::shared::Engine;
use crate::error::GrantError;
use crate::jwt;
use crate::port::{Access, StorageError, Unit, run};
use crate::store::{self, EndedSession, Extent, SessionRow, SessionSelector, Unread};

/// Changes that are read at once.
const BATCH: i64 = 500;

/// People whose sessions one transaction looks at.
const TOGETHER: usize = 25;

impl Engine {
    /// Looks again at the sessions of people who may have lost a right, whoever took it: those who may hold no tokens any more
    /// and those who are another kind of person now lose their sessions, those who lost a part of what was granted lose
    /// their access tokens and get lesser ones at the next exchange. Called every second.
    ///
    /// # Errors
    /// [`GrantError`]; who was not reached is reached the next time.
    pub async fn reconsider_changed(&self, now: OffsetDateTime) -> Result<(), GrantError> {
        let kinds: Vec<&'static str> =
            self.policy.plugins.users.iter().flat_map(|provider| provider.watches()).copied().collect();
        loop {
            let own = kinds.clone();
            let changes =
                run(&*self.database, Access::Read, move |unit| store::changed_people(unit.connection(), &own, BATCH));
            let changes = changes.await?;
            if changes.is_empty() {
                return Ok(());
            }
            let people: BTreeSet<&str> = changes.iter().map(|(_, natural)| natural.as_str()).collect();
            let people: Vec<&str> = people.into_iter().collect();
            for some in people.chunks(TOGETHER) {
                let some: Vec<String> = some.iter().map(|natural| store::subject_key(natural)).collect();
                let (policy, at) = (self.policy.clone(), stored(now));
                let look = move |unit: &mut dyn Unit| reconsidered(unit, &policy, &some, at);
                let ended = run(&*self.database, Access::Write, move |unit| decided(look(unit))).await??;
                self.ended.add(ended);
            }
            let keys: Vec<i64> = changes.iter().map(|(key, _)| *key).collect();
            run(&*self.database, Access::Write, move |unit| store::forget_changes(unit.connection(), &keys)).await?;
        }
    }

    /// Learns which sessions ended, here or on other instances. Called before the first request and then every second, so that
    /// an ended token dies within two.
    ///
    /// # Errors
    /// [`StorageError`]; what is known already stays known.
    pub async fn learn_endings(&self, now: OffsetDateTime) -> Result<(), StorageError> {
        let asked = run(&*self.database, Access::Read, |unit| store::database_time(unit.connection())).await?;
        let mut unread = Some(Unread::Since(self.ended.since(asked, self.longest())));
        while let Some(next) = unread {
            let list = self.ended.clone();
            let learn =
                move |unit: &mut dyn Unit| store::ended_sessions(unit.connection(), next, |ended| list.add([ended]));
            unread = run(&*self.database, Access::Read, learn).await?;
        }
        self.ended.learned(asked, stored(now), self.settings().leeway());
        Ok(())
    }

    /// Whether [`learn_endings`](Self::learn_endings) succeeded once, so that tokens can be judged.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.ended.is_known()
    }

    /// No access token lives longer.
    fn longest(&self) -> Duration {
        self.settings().access().max(jwt::WEEK)
    }
}

fn reconsidered(
    unit: &mut dyn Unit,
    policy: &Policy,
    people: &[String],
    now: PrimitiveDateTime,
) -> Result<Vec<EndedSession>, Halt> {
    let mut ended = Vec::new();
    for person in people {
        store::lock_subject(unit.connection(), person)?;
        let mut walk = store::live_of(unit.connection(), person)?;
        while let Some(session) = walk.pop() {
            if let Some((extent, reason)) = lost(unit, policy, &session)? {
                tracing::info!(target: "audit", event = reason, session = %session.identifier, kind = %session.kind);
                let whose = SessionSelector::Session(session.identifier.clone());
                ended.extend(store::end(unit.connection(), &whose, extent, reason, now)?);
                if extent == Extent::Everything {
                    continue;
                }
            }
            walk.extend(store::derived_sessions(unit.connection(), &[session.identifier])?);
        }
    }
    Ok(ended)
}

/// What of a session has to end, and why.
fn lost(
    unit: &mut dyn Unit,
    policy: &Policy,
    session: &SessionRow,
) -> Result<Option<(Extent, &'static str)>, GrantError> {
    let person = match policy.standing(unit, session)? {
        Standing::Here(person) => person,
        Standing::Gone => return Ok(Some((Extent::Everything, "person_inactive"))),
        Standing::Lost => return Ok(Some((Extent::Everything, "right_lost"))),
    };
    let issued: Vec<String> = parsed(&session.issued_scopes)?;
    let same = json(&person.identifier)? == session.user_identifier;
    Ok((!same || !person.has(&issued)).then_some((Extent::AccessTokens, "right_narrowed")))
}
