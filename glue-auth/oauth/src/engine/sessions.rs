//! Sessions as those see and end them who answer for them.
//!
//! Whoever began a session by a credential answers for it and for everything that was derived from it. Whoever holds a token
//! of a derived session that is about somebody else, a customer or a warehouse, answers for that session alone.

use super::columns::{parsed, stored};
use super::shared::Engine;
use crate::error::GrantError;
use crate::port::{Access, Connection, StorageError, Unit, run, settle};
use crate::session::SessionId;
use crate::store::{self, EndedSession, Extent, SessionRow, SessionSelector};
use oauth_extension::UserIdentifier;
use time::{OffsetDateTime, PrimitiveDateTime};

/// One session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub id: String,
    /// The session that it was derived from.
    pub parent: Option<String>,
    /// The kind of person that it is about ([`oauth_extension::UserKind::name`]).
    pub kind: String,
    /// The client that it was begun with.
    pub client: String,
    /// What was granted to it.
    pub scopes: Vec<String>,
    /// When it began.
    pub since: PrimitiveDateTime,
    /// When it was last refreshed.
    pub refreshed_at: PrimitiveDateTime,
    /// When it ends by itself.
    pub until: PrimitiveDateTime,
}

impl Session {
    fn of(row: SessionRow) -> Result<Self, GrantError> {
        Ok(Self {
            scopes: parsed(&row.scopes)?,
            id: row.identifier,
            parent: row.parent,
            kind: row.kind,
            client: row.fk_oauth_client,
            since: row.begun_at,
            refreshed_at: row.refreshed_at.unwrap_or(row.begun_at),
            until: row.expires_at,
        })
    }
}

impl Engine {
    /// The sessions that a person answers for and that can still be refreshed: the youngest first, each followed by what was
    /// derived from it.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn sessions(&self, user: &UserIdentifier, now: OffsetDateTime) -> Result<Vec<Session>, GrantError> {
        let Some(subject) = self.subject_key(user) else { return Ok(Vec::new()) };
        let now = stored(now);
        let found = run(&*self.database, Access::Read, move |unit| {
            let begun = store::sessions_of(unit.connection(), &subject, now)?;
            with_derived(unit, begun, now)
        });
        found.await?.into_iter().map(Session::of).collect()
    }

    /// The same for whoever holds a token of a session: all of the person's, or that one alone.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn sessions_from(&self, from: SessionId, now: OffsetDateTime) -> Result<Vec<Session>, GrantError> {
        let now = stored(now);
        let found = run(&*self.database, Access::Read, move |unit| {
            let begun = match answering(unit, from)? {
                Some(Answering::Person(subject)) => store::sessions_of(unit.connection(), &subject, now)?,
                Some(Answering::Session(own)) => vec![*own],
                None => Vec::new(),
            };
            with_derived(unit, begun, now)
        });
        found.await?.into_iter().map(Session::of).collect()
    }

    /// Ends one session that the holder of a token of `from` answers for; returns whether there is such a one.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn end_session(&self, from: SessionId, session: &str, now: OffsetDateTime) -> Result<bool, GrantError> {
        let (session, now) = (session.to_owned(), stored(now));
        let end = move |unit: &mut dyn Unit| -> Result<Option<Vec<EndedSession>>, StorageError> {
            let Some(target) = store::find_session(unit.connection(), &session)? else { return Ok(None) };
            if target.closed_at.is_some() || !answers_for(unit, from, &target)? {
                return Ok(None);
            }
            store::end(
                unit.connection(),
                &SessionSelector::Session(target.identifier),
                Extent::Everything,
                "ended",
                now,
            )
            .map(Some)
        };
        let ended = run(&*self.database, Access::Write, end).await?;
        Ok(ended.map(|ended| self.ended.add(ended)).is_some())
    }

    /// Ends every session about a person and what was derived from those; a login that is under way does not finish.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn end_sessions(&self, user: &UserIdentifier, now: OffsetDateTime) -> Result<(), GrantError> {
        match self.subject_key(user) {
            Some(subject) => Ok(self.end(SessionSelector::Subject(subject), Extent::Everything, "ended", now).await?),
            None => Ok(()),
        }
    }

    /// Ends sessions in the database, then here.
    pub(super) async fn end(
        &self,
        whose: SessionSelector,
        extent: Extent,
        reason: &'static str,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let at = stored(now);
        let end = move |unit: &mut dyn Unit, whose: &SessionSelector| {
            if let SessionSelector::Subject(subject) = whose {
                store::count_ending(unit.connection(), subject)?;
            }
            store::end(unit.connection(), whose, extent, reason, at)
        };
        let ended = settle(&*self.database, whose, end).await?;
        self.ended.add(ended);
        Ok(())
    }
}

/// What a holder of a token answers for.
pub(super) enum Answering {
    /// Everything that this person began.
    Person(String),
    /// This session, and what was derived from it.
    Session(Box<SessionRow>),
}

/// What the holder of a token of a session answers for; none when there is no such session.
pub(super) fn answering(unit: &mut dyn Unit, from: SessionId) -> Result<Option<Answering>, StorageError> {
    let Some(own) = store::find_session(unit.connection(), &from.to_string())? else { return Ok(None) };
    let root = root(unit.connection(), own.clone())?;
    Ok(Some(match root.subject == own.subject {
        true => Answering::Person(root.subject),
        false => Answering::Session(Box::new(own)),
    }))
}

/// Whether the holder of a token of `from` answers for a session.
pub(super) fn answers_for(unit: &mut dyn Unit, from: SessionId, target: &SessionRow) -> Result<bool, StorageError> {
    match answering(unit, from)? {
        Some(Answering::Person(subject)) => Ok(root(unit.connection(), target.clone())?.subject == subject),
        Some(Answering::Session(own)) => {
            let mut at = target.clone();
            while at.identifier != own.identifier {
                let Some(parent) = parent(unit.connection(), &at)? else { return Ok(false) };
                at = parent;
            }
            Ok(true)
        }
        None => Ok(false),
    }
}

fn parent(conn: Connection<'_>, of: &SessionRow) -> Result<Option<SessionRow>, StorageError> {
    of.parent.as_ref().map_or(Ok(None), |parent| store::find_session(conn, parent))
}

/// The session that somebody began by a credential, from which this one was derived, if it was.
fn root(mut conn: Connection<'_>, mut of: SessionRow) -> Result<SessionRow, StorageError> {
    while let Some(parent) = parent(conn.again(), &of)? {
        of = parent;
    }
    Ok(of)
}

/// Each session followed by what was derived from it.
fn with_derived(
    unit: &mut dyn Unit,
    begun: Vec<SessionRow>,
    now: PrimitiveDateTime,
) -> Result<Vec<SessionRow>, StorageError> {
    let mut found = Vec::new();
    let mut walk: Vec<SessionRow> = begun.into_iter().rev().collect();
    while let Some(next) = walk.pop() {
        if found.len() == MOST_LISTED {
            break;
        }
        let derived = store::derived_sessions(unit.connection(), std::slice::from_ref(&next.identifier))?;
        walk.extend(derived.into_iter().filter(|row| row.closed_at.is_none() && row.expires_at > now));
        found.push(next);
    }
    Ok(found)
}

/// Sessions that a list has at most.
const MOST_LISTED: usize = 1_000;
