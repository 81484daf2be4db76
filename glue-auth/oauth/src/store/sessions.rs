//! Sessions: one row for whatever a login began, however many tokens it has. Ending one is one row, and a walk down to what
//! was derived from it.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::spy_oauth_session as sessions;
use crate::port::{Connection, StorageError, on_dialect};
use crate::session::SessionId;

/// A session as the database holds it.
#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    pub(crate) identifier: String,
    /// The kind of person that it is about, as `UserKind::name` says.
    pub(crate) kind: String,
    /// Who it is about.
    pub(crate) subject: String,
    pub(crate) fk_oauth_client: String,
    /// The session that answers for it; none for one that somebody began by a credential.
    pub(crate) parent: Option<String>,
    /// What its last tokens carry of the person, a JSON object.
    pub(crate) user_identifier: String,
    /// What was granted when it began, a JSON list.
    pub(crate) scopes: String,
    /// What of that its person and its client had when it last got tokens, a JSON list.
    pub(crate) issued_scopes: String,
    /// Access tokens of a lower one count no more.
    pub(crate) generation: i32,
    /// When somebody proved something last: for a derived session, its parent's.
    pub(crate) authenticated_at: PrimitiveDateTime,
    pub(crate) begun_at: PrimitiveDateTime,
    /// When it ends, however often it is refreshed.
    pub(crate) capped_at: PrimitiveDateTime,
    /// When it last got tokens; never, for a code that nobody exchanged.
    pub(crate) refreshed_at: Option<PrimitiveDateTime>,
    /// Until when what it has can be exchanged.
    pub(crate) expires_at: PrimitiveDateTime,
    /// When the last of its access tokens ends.
    pub(crate) access_until: PrimitiveDateTime,
    /// Exchanges since `exchanges_since`.
    pub(crate) exchanges: i32,
    pub(crate) exchanges_since: PrimitiveDateTime,
    /// Since when nothing is exchanged in it any more.
    pub(crate) closed_at: Option<PrimitiveDateTime>,
    /// Since when none of its access tokens counts.
    pub(crate) ended_at: Option<PrimitiveDateTime>,
}

/// What an exchange changes of its session.
pub(crate) struct Progress<'a> {
    pub(crate) user_identifier: &'a str,
    pub(crate) issued_scopes: &'a str,
    pub(crate) refreshed_at: PrimitiveDateTime,
    pub(crate) expires_at: PrimitiveDateTime,
    pub(crate) access_until: PrimitiveDateTime,
    pub(crate) exchanges: i32,
    pub(crate) exchanges_since: PrimitiveDateTime,
}

/// Which sessions.
#[derive(Clone, Debug)]
pub(crate) enum SessionSelector {
    /// One.
    Session(String),
    /// Every one about a person.
    Subject(String),
}

/// How much of a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Everything,
    /// What could be exchanged; access tokens live out their time.
    Exchanges,
    /// The access tokens that were issued so far, and only its own; the next exchange yields others.
    AccessTokens,
}

/// A session whose access tokens count no more: those of a lower generation, until the last of them ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndedSession {
    pub(crate) session: SessionId,
    pub(crate) below: i32,
    pub(crate) until: PrimitiveDateTime,
}

/// Above every generation.
const ALL: i32 = i32::MAX;

/// Sessions that one statement changes.
const BATCH: usize = 500;

pub(crate) fn insert_session(conn: Connection<'_>, row: &SessionRow) -> Result<(), StorageError> {
    on_dialect!(conn, c => diesel::insert_into(sessions::table).values(row).execute(c))?;
    Ok(())
}

pub(crate) fn find_session(conn: Connection<'_>, identifier: &str) -> Result<Option<SessionRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        let named = sessions::table.filter(sessions::identifier.eq(identifier));
        named.select(SessionRow::as_select()).get_result(c).optional()
    });
    Ok(found?)
}

/// Writes what an exchange changes, unless the session was closed; returns whether it did. The row stays locked until the
/// transaction ends: an ending that comes meanwhile waits, and then ends what was written beside it.
pub(crate) fn proceed(conn: Connection<'_>, identifier: &str, to: &Progress<'_>) -> Result<bool, StorageError> {
    let changed = on_dialect!(conn, c => {
        let open = sessions::table.filter(sessions::identifier.eq(identifier)).filter(sessions::closed_at.is_null());
        diesel::update(open)
            .set((
                sessions::user_identifier.eq(to.user_identifier),
                sessions::issued_scopes.eq(to.issued_scopes),
                sessions::refreshed_at.eq(to.refreshed_at),
                sessions::expires_at.eq(to.expires_at),
                sessions::access_until.eq(to.access_until),
                sessions::exchanges.eq(to.exchanges),
                sessions::exchanges_since.eq(to.exchanges_since),
            ))
            .execute(c)?
    });
    Ok(changed > 0)
}

/// Ends sessions, and unless only access tokens end, everything that was derived from them; returns those whose access tokens may not have ended by
/// themselves, those of earlier endings among them: whoever repeats an ending wants to be sure.
pub(crate) fn end(
    conn: Connection<'_>,
    whose: &SessionSelector,
    extent: Extent,
    reason: &str,
    now: PrimitiveDateTime,
) -> Result<Vec<EndedSession>, StorageError> {
    type Found = (i64, String, i32, PrimitiveDateTime);
    on_dialect!(conn, c, Backend => {
        let columns = (sessions::id_oauth_session, sessions::identifier, sessions::generation, sessions::access_until);
        let mut ended = Vec::new();
        let mut walk = vec![Step::Of(whose.clone())];
        while let Some(step) = walk.pop() {
            let rows = sessions::table.into_boxed::<Backend>();
            let rows = match &step {
                Step::Of(SessionSelector::Session(identifier)) => rows.filter(sessions::identifier.eq(identifier)),
                Step::Of(SessionSelector::Subject(subject)) => rows.filter(sessions::subject.eq(subject)),
                Step::Below(parents) => rows.filter(sessions::parent.eq_any(parents)),
            };
            // What ended long ago is left alone. All at once: with an order and a limit, planners walk the whole table.
            let rows = rows.filter(sessions::ended_at.is_null().or(sessions::access_until.gt(now - LEEWAY)));
            let found: Vec<Found> = rows.select(columns).load(c)?;
            for found in found.chunks(BATCH) {
                let keys: Vec<i64> = found.iter().map(|row| row.0).collect();
                let own = || sessions::table.filter(sessions::id_oauth_session.eq_any(keys.clone()));
                if extent != Extent::AccessTokens {
                    diesel::update(own().filter(sessions::closed_at.is_null()))
                        .set((sessions::closed_at.eq(now), sessions::end_reason.eq(reason)))
                        .execute(c)?;
                    walk.push(Step::Below(found.iter().map(|row| row.1.clone()).collect()));
                }
                match extent {
                    Extent::Everything => {
                        diesel::update(own().filter(sessions::ended_at.is_null()))
                            .set((sessions::ended_at.eq(now), sessions::announced_at.eq(diesel::dsl::now)))
                            .execute(c)?;
                    }
                    Extent::Exchanges => continue,
                    Extent::AccessTokens => {
                        diesel::update(own().filter(sessions::ended_at.is_null()))
                            .set((
                                sessions::generation.eq(sessions::generation + 1),
                                sessions::announced_at.eq(diesel::dsl::now),
                            ))
                            .execute(c)?;
                    }
                }
                let below = |generation: i32| match extent {
                    Extent::AccessTokens => generation.saturating_add(1),
                    Extent::Everything | Extent::Exchanges => ALL,
                };
                ended.extend(found.iter().filter_map(|(_, name, generation, until)| {
                    Some(EndedSession { session: SessionId::parse(name)?, below: below(*generation), until: *until })
                }));
            }
        }
        Ok(ended)
    })
}

/// Where a walk down is.
enum Step {
    Of(SessionSelector),
    Below(Vec<String>),
}

/// More than any clock may be off: a token that ended a moment ago by one clock lives by another.
const LEEWAY: time::Duration = time::Duration::minutes(10);

/// The time by the database's clock, which all instances share.
pub(crate) fn database_time(conn: Connection<'_>) -> Result<PrimitiveDateTime, StorageError> {
    Ok(on_dialect!(conn, c => diesel::select(diesel::dsl::now).get_result(c)?))
}

/// Where in the list of what ended a read goes on; times are by the database's clock.
#[derive(Clone, Copy)]
pub(crate) enum Unread {
    /// At everything that was announced then or later.
    Since(PrimitiveDateTime),
    /// At what was announced at the same time and has a higher key.
    Beside(PrimitiveDateTime, i64),
    /// At everything that was announced later.
    After(PrimitiveDateTime),
}

/// Sessions of the list that are read at once: after a start there may be many, and no read may take long.
const PAGE: i64 = 20_000;

/// Tells `learn` of sessions that ended, in the order of the list; returns where to go on, if anywhere.
pub(crate) fn ended_sessions(
    conn: Connection<'_>,
    unread: Unread,
    mut learn: impl FnMut(EndedSession),
) -> Result<Option<Unread>, StorageError> {
    type Found = (i64, String, i32, PrimitiveDateTime, Option<PrimitiveDateTime>, Option<PrimitiveDateTime>);
    let (mut rows, mut last) = (0, None);
    on_dialect!(conn, c, Backend => {
        let list = sessions::table.into_boxed::<Backend>();
        let list = match unread {
            Unread::Since(time) => list.filter(sessions::announced_at.ge(time)),
            Unread::Beside(time, key) => {
                list.filter(sessions::announced_at.eq(time)).filter(sessions::id_oauth_session.gt(key))
            }
            Unread::After(time) => list.filter(sessions::announced_at.gt(time)),
        };
        let found = list
            .order((sessions::announced_at, sessions::id_oauth_session))
            .limit(PAGE)
            .select((
                sessions::id_oauth_session,
                sessions::identifier,
                sessions::generation,
                sessions::access_until,
                sessions::ended_at,
                sessions::announced_at,
            ))
            .load_iter::<Found, DefaultLoadingMode>(c)?;
        for found in found {
            let (key, name, generation, until, ended, announced) = found?;
            rows += 1;
            last = announced.map(|announced| Unread::Beside(announced, key));
            let below = if ended.is_some() { ALL } else { generation };
            if let Some(session) = SessionId::parse(&name) {
                learn(EndedSession { session, below, until });
            }
        }
    });
    Ok(match unread {
        _ if rows == PAGE => last,
        Unread::Beside(time, _) => Some(Unread::After(time)),
        Unread::Since(_) | Unread::After(_) => None,
    })
}

/// The sessions about a person that nobody ended, those that ran out among them: what was derived from them may live.
pub(crate) fn live_of(conn: Connection<'_>, subject: &str) -> Result<Vec<SessionRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        sessions::table
            .filter(sessions::subject.eq(subject))
            .filter(sessions::ended_at.is_null())
            .order(sessions::id_oauth_session)
            .select(SessionRow::as_select())
            .load(c)
    });
    Ok(found?)
}

/// What was derived from these and has not ended.
pub(crate) fn derived_sessions(conn: Connection<'_>, parents: &[String]) -> Result<Vec<SessionRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        sessions::table
            .filter(sessions::parent.eq_any(parents))
            .filter(sessions::ended_at.is_null())
            .order(sessions::id_oauth_session)
            .select(SessionRow::as_select())
            .load(c)
    });
    Ok(found?)
}

/// The sessions that a person began and that can still be refreshed; the youngest first, at most 1,000.
pub(crate) fn sessions_of(
    conn: Connection<'_>,
    subject: &str,
    now: PrimitiveDateTime,
) -> Result<Vec<SessionRow>, StorageError> {
    let found = on_dialect!(conn, c => {
        sessions::table
            .filter(sessions::subject.eq(subject))
            .filter(sessions::parent.is_null())
            .filter(sessions::closed_at.is_null())
            .filter(sessions::refreshed_at.is_not_null())
            .filter(sessions::expires_at.gt(now))
            .order(sessions::id_oauth_session.desc())
            .limit(1_000)
            .select(SessionRow::as_select())
            .load(c)
    });
    Ok(found?)
}
