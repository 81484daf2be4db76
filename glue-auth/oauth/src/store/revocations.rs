//! Ends of sessions: refresh tokens by their family or their owner, and the access tokens that go with them.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::codes::end_codes;
use super::cutoffs::cut_off;
use super::{spy_oauth_access_token as access, spy_oauth_refresh_token as refresh};
use crate::digest::digest;
use crate::port::{Connection, StorageError, on_dialect};

/// Whose sessions.
#[derive(Clone, Debug)]
pub(crate) enum Whose {
    /// One session.
    Family(String),
    /// Every session with this customer reference.
    Customer(String),
    /// Every session about this subject, and every one that they answered for.
    Subject(String),
}

/// How tokens and codes name a person in the database: a hash of the natural identifier.
pub(crate) fn subject_key(natural: &str) -> String {
    digest(natural)
}

/// Every refresh token of theirs, live or not.
macro_rules! rows_of {
    ($whose:expr, $backend:ty) => {{
        let rows = refresh::table.into_boxed::<$backend>();
        match $whose {
            Whose::Family(family) => rows.filter(refresh::family.eq(family)),
            Whose::Customer(reference) => rows.filter(refresh::customer_reference.eq(reference)),
            Whose::Subject(subject) => rows.filter(refresh::subject.eq(subject).or(refresh::answered_by.eq(subject))),
        }
    }};
}

/// One session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub family: String,
    /// The client that it was begun with.
    pub client: String,
    /// What it allows, as a JSON list.
    pub scopes: String,
    /// When it began.
    pub since: PrimitiveDateTime,
    /// When it was last refreshed.
    pub refreshed_at: PrimitiveDateTime,
    /// When it ends by itself.
    pub until: PrimitiveDateTime,
}

/// Ends what could still become a session of a person: logins under way, and codes.
fn end_beginnings(mut conn: Connection<'_>, subject: &str, now: PrimitiveDateTime) -> Result<(), StorageError> {
    cut_off(conn.again(), subject, now)?;
    end_codes(conn, subject, now)
}

/// Ends what can be refreshed, and first what could still become so.
pub(crate) fn revoke_refresh_tokens(
    mut conn: Connection<'_>,
    whose: &Whose,
    now: PrimitiveDateTime,
) -> Result<(), StorageError> {
    match whose {
        // The code of a session was used when the session began.
        Whose::Family(_) => {}
        Whose::Customer(reference) => end_beginnings(conn.again(), &subject_key(reference), now)?,
        Whose::Subject(subject) => end_beginnings(conn.again(), subject, now)?,
    }
    on_dialect!(conn, c, Backend => {
        // An exchange that was under way may commit a successor that the first statement did not see. It holds the
        // row lock until then, so the statement that had to wait for it is followed by one that sees it.
        loop {
            let live = rows_of!(whose, Backend).filter(refresh::revoked_at.is_null());
            let keys: Vec<i64> = live.select(refresh::id_oauth_refresh_token).limit(1_000).load(c)?;
            if keys.is_empty() {
                return Ok(());
            }
            diesel::update(refresh::table.filter(refresh::id_oauth_refresh_token.eq_any(keys)))
                .set((refresh::revoked_at.eq(now), refresh::updated_at.eq(now)))
                .execute(c)?;
        }
    })
}

/// Ends sessions and the access tokens of theirs that still live; returns those, each with its end.
pub(crate) fn revoke(
    mut conn: Connection<'_>,
    whose: &Whose,
    now: PrimitiveDateTime,
) -> Result<Vec<(String, PrimitiveDateTime)>, StorageError> {
    revoke_refresh_tokens(conn.again(), whose, now)?;
    revoke_access_tokens(conn, whose, now)
}

/// Ends the access tokens that live, and leaves what can be refreshed; returns them, each with its end.
pub(crate) fn revoke_access_tokens(
    conn: Connection<'_>,
    whose: &Whose,
    now: PrimitiveDateTime,
) -> Result<Vec<(String, PrimitiveDateTime)>, StorageError> {
    on_dialect!(conn, c, Backend => {
        // Also those of sessions that can no longer be refreshed, and those that were ended before: whoever repeats a
        // revocation wants to be sure.
        let families: Vec<String> = match whose {
            Whose::Family(family) => vec![family.clone()],
            Whose::Customer(_) | Whose::Subject(_) => {
                rows_of!(whose, Backend).select(refresh::family).distinct().load(c)?
            }
        };
        let mut ended = Vec::new();
        for families in families.chunks(500) {
            let live = || access::table.filter(access::family.eq_any(families)).filter(access::expirity_date.gt(now - LEEWAY));
            ended.extend(live().select((access::identifier, access::expirity_date)).load::<(String, PrimitiveDateTime)>(c)?);
            diesel::update(live().filter(access::revoked_at.is_null()))
                .set((access::revoked_at.eq(now), access::updated_at.eq(now)))
                .execute(c)?;
        }
        Ok(ended)
    })
}

/// More than any clock may be off: a token that ended a moment ago by one clock lives by another.
const LEEWAY: time::Duration = time::Duration::minutes(10);

/// Those of `subjects` who have an access token that lives at `now`, or answered for one, or for a session that can still
/// be refreshed: nobody asks for them when that happens.
pub(crate) fn live_among(
    conn: Connection<'_>,
    subjects: &[String],
    now: PrimitiveDateTime,
) -> Result<Vec<String>, StorageError> {
    on_dialect!(conn, c => {
        let mut live = Vec::new();
        for subjects in subjects.chunks(500) {
            let found = refresh::table
                .inner_join(access::table.on(access::family.eq(refresh::family.nullable())))
                .filter(refresh::subject.eq_any(subjects).or(refresh::answered_by.eq_any(subjects)))
                .filter(access::revoked_at.is_null())
                .filter(access::expirity_date.gt(now))
                .select((refresh::subject, refresh::answered_by))
                .distinct()
                .load::<(Option<String>, Option<String>)>(c)?;
            let people = found.into_iter().flat_map(|(about, by)| [about, by]).flatten();
            live.extend(people.filter(|person| subjects.contains(person)));
            let answered = refresh::table
                .filter(refresh::answered_by.eq_any(subjects))
                .filter(refresh::revoked_at.is_null())
                .filter(refresh::expires_at.gt(now))
                .select(refresh::answered_by)
                .distinct()
                .load::<Option<String>>(c)?;
            live.extend(answered.into_iter().flatten());
        }
        live.sort_unstable();
        live.dedup();
        Ok(live)
    })
}

/// Ends one access token; returns its end when it was alive.
pub(crate) fn revoke_access(
    conn: Connection<'_>,
    identifier: &str,
    now: PrimitiveDateTime,
) -> Result<Option<PrimitiveDateTime>, StorageError> {
    on_dialect!(conn, c => {
        let own = || access::table.filter(access::identifier.eq(identifier)).filter(access::revoked_at.is_null());
        let until = own().select(access::expirity_date).get_result::<PrimitiveDateTime>(c).optional()?;
        if until.is_some() {
            diesel::update(own()).set((access::revoked_at.eq(now), access::updated_at.eq(now))).execute(c)?;
        }
        Ok(until)
    })
}

/// The access tokens that were ended, since `since` when that is given, and would still live at `now`, each with its end.
pub(crate) fn revoked_since(
    conn: Connection<'_>,
    since: Option<PrimitiveDateTime>,
    now: PrimitiveDateTime,
) -> Result<Vec<(String, PrimitiveDateTime)>, StorageError> {
    let found = on_dialect!(conn, c, Backend => {
        let live = access::table.filter(access::expirity_date.gt(now)).into_boxed::<Backend>();
        let ended = match since {
            Some(since) => live.filter(access::revoked_at.ge(since)),
            None => live.filter(access::revoked_at.is_not_null()),
        };
        ended.select((access::identifier, access::expirity_date)).load(c)
    });
    Ok(found?)
}

/// The sessions of a subject that can still be refreshed, the youngest first.
pub(crate) fn sessions(
    conn: Connection<'_>,
    subject: &str,
    now: PrimitiveDateTime,
) -> Result<Vec<Session>, StorageError> {
    type Row = (String, String, String, Option<PrimitiveDateTime>, PrimitiveDateTime, PrimitiveDateTime);
    let rows: Vec<Row> = on_dialect!(conn, c => {
        refresh::table
            .filter(refresh::subject.eq(subject))
            .filter(refresh::used_at.is_null())
            .filter(refresh::revoked_at.is_null())
            .filter(refresh::expires_at.gt(now))
            .order(refresh::id_oauth_refresh_token.desc())
            .limit(1_000)
            .select((
                refresh::family,
                refresh::fk_oauth_client,
                refresh::scopes,
                refresh::authenticated_at,
                refresh::created_at,
                refresh::expires_at,
            ))
            .load(c)?
    });
    let session = |(family, client, scopes, since, refreshed_at, until): Row| Session {
        family,
        client,
        scopes,
        since: since.unwrap_or(refreshed_at),
        refreshed_at,
        until,
    };
    Ok(rows.into_iter().map(session).collect())
}
