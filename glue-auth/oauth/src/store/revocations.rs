//! Ends of sessions: refresh tokens by their family or their owner, and the access tokens that go with them.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use super::{spy_oauth_access_token as access, spy_oauth_refresh_token as refresh};
use crate::port::{Connection, StorageError, on_dialect};

/// Whose sessions.
#[derive(Clone, Debug)]
pub(crate) enum Whose {
    /// One session.
    Family(String),
    /// Every session with this customer reference.
    Customer(String),
    /// Every session about this subject.
    Subject(String),
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

/// Ends what can be refreshed; returns the sessions that it belonged to.
pub(crate) fn revoke_refresh_tokens(
    conn: Connection<'_>,
    whose: &Whose,
    now: PrimitiveDateTime,
) -> Result<Vec<String>, StorageError> {
    on_dialect!(conn, c, Backend => {
        let of_them = || {
            let rows = refresh::table.into_boxed::<Backend>();
            match whose {
                Whose::Family(family) => rows.filter(refresh::family.eq(family)),
                Whose::Customer(reference) => rows.filter(refresh::customer_reference.eq(reference)),
                Whose::Subject(subject) => rows.filter(refresh::subject.eq(subject)),
            }
        };
        let mut families: Vec<String> = Vec::new();
        // An exchange that was under way may commit a successor that the first statement did not see. It holds the
        // row lock until then, so the statement that had to wait for it is followed by one that sees it.
        loop {
            let found: Vec<(i64, String)> = of_them()
                .filter(refresh::revoked_at.is_null())
                .select((refresh::id_oauth_refresh_token, refresh::family))
                .limit(1_000)
                .load(c)?;
            if found.is_empty() {
                break;
            }
            let keys: Vec<i64> = found.iter().map(|(key, _)| *key).collect();
            families.extend(found.into_iter().map(|(_, family)| family));
            diesel::update(refresh::table.filter(refresh::id_oauth_refresh_token.eq_any(keys)))
                .set((refresh::revoked_at.eq(now), refresh::updated_at.eq(now)))
                .execute(c)?;
        }
        if let Whose::Family(family) = whose {
            families.push(family.clone());
        }
        families.sort_unstable();
        families.dedup();
        Ok(families)
    })
}

/// Ends sessions and the access tokens of theirs that still live; returns those, each with its end.
pub(crate) fn revoke(
    mut conn: Connection<'_>,
    whose: &Whose,
    now: PrimitiveDateTime,
) -> Result<Vec<(String, PrimitiveDateTime)>, StorageError> {
    let families = revoke_refresh_tokens(conn.again(), whose, now)?;
    on_dialect!(conn, c => {
        let mut ended = Vec::new();
        for families in families.chunks(500) {
            let live = || {
                access::table
                    .filter(access::family.eq_any(families))
                    .filter(access::revoked_at.is_null())
                    .filter(access::expirity_date.gt(now))
            };
            ended.extend(live().select((access::identifier, access::expirity_date)).load::<(String, PrimitiveDateTime)>(c)?);
            diesel::update(live()).set((access::revoked_at.eq(now), access::updated_at.eq(now))).execute(c)?;
        }
        Ok(ended)
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

/// The access tokens that were ended since `since` and would still live at `now`, each with its end.
pub(crate) fn revoked_since(
    conn: Connection<'_>,
    since: PrimitiveDateTime,
    now: PrimitiveDateTime,
) -> Result<Vec<(String, PrimitiveDateTime)>, StorageError> {
    let found = on_dialect!(conn, c => {
        access::table
            .filter(access::revoked_at.ge(since))
            .filter(access::expirity_date.gt(now))
            .select((access::identifier, access::expirity_date))
            .load(c)
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
