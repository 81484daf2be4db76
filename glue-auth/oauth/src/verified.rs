//! Access tokens that were judged a moment ago, and the sessions whose tokens ended before their time.
//!
//! A token that is remembered is looked at again on every request: its own end, and the list of the ended. A refusal is
//! never remembered.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use oauth_extension::Subject;
use quick_cache::sync::Cache;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::jwt::{ENDED, NotOurs, Verified};
use crate::session::SessionId;
use crate::store::EndedSession;

/// A token that holds, and whom it is about.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it says.
    pub verified: Verified,
    /// Whom it is about.
    pub subject: Subject,
    /// What it says of them, to be shared by requests.
    pub claims: Arc<Map<String, Value>>,
}

impl Judged {
    pub(crate) fn check_unexpired(
        &self,
        now: OffsetDateTime,
        leeway: Duration,
        ended: &EndedSessions,
    ) -> Result<(), NotOurs> {
        if self.verified.expires.saturating_add(leeway.whole_seconds()) <= now.unix_timestamp() {
            return Err(NotOurs("expired"));
        }
        if self.verified.issued > now.unix_timestamp().saturating_add(leeway.whole_seconds()) {
            return Err(NotOurs("from the future"));
        }
        let ended = |session| ended.contains(session, self.verified.generation);
        if self.verified.session.is_some_and(ended) { Err(ENDED) } else { Ok(()) }
    }
}

/// Judged tokens by the hash of their text.
pub(crate) struct RememberedTokens(Option<Cache<[u8; 32], Arc<Judged>>>);

impl RememberedTokens {
    /// Room for `entries` tokens; none for 0.
    pub(crate) fn of(entries: usize) -> Self {
        Self((entries > 0).then(|| Cache::new(entries)))
    }

    /// All of the token goes into the key: a token with another signature is another token.
    pub(crate) fn key(token: &str) -> [u8; 32] {
        Sha256::digest(token.as_bytes()).into()
    }

    pub(crate) fn get(&self, key: &[u8; 32]) -> Option<Arc<Judged>> {
        self.0.as_ref()?.get(key)
    }

    pub(crate) fn keep(&self, key: [u8; 32], judged: Arc<Judged>) {
        if let Some(cache) = &self.0 {
            cache.insert(key, judged);
        }
    }
}

/// Sessions whose access tokens ended before their time: those that this process ended, and those that it reads of others.
/// Each takes 50 to 150 bytes until the last of its tokens ends by itself; what lives takes none.
#[derive(Default)]
pub(crate) struct EndedSessions(RwLock<EndedIndex>);

#[derive(Default)]
struct EndedIndex {
    sessions: HashMap<u128, Since>,
    /// When the database was last asked, by its own clock; never, before the first answer.
    asked: Option<PrimitiveDateTime>,
}

/// Which tokens of a session ended.
#[derive(Clone, Copy)]
struct Since {
    /// Those of a lower generation; all of them, at the highest number.
    below: i32,
    /// When the last of them ends by itself, seconds since 1970.
    until: i64,
}

impl EndedSessions {
    /// Whether a token of this session and generation ended before its time.
    pub(crate) fn contains(&self, session: SessionId, generation: i32) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let since = known.sessions.get(&session.as_u128());
        since.is_some_and(|since| generation < since.below || since.below == i32::MAX)
    }

    /// Whether the database has been asked at all: until then nobody knows what ended while this process did not run.
    pub(crate) fn is_known(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).asked.is_some()
    }

    pub(crate) fn add(&self, ended: impl IntoIterator<Item = EndedSession>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for EndedSession { session, below, until } in ended {
            let until = until.assume_utc().unix_timestamp();
            let since = known.sessions.entry(session.as_u128()).or_insert(Since { below, until });
            *since = Since { below: since.below.max(below), until: since.until.max(until) };
        }
    }

    /// From when on the database has to be asked at `now`, both by its own clock: a transaction may commit some time after it
    /// looked at that clock, and the clock may have been set back. At first, everything that can still live is asked for.
    pub(crate) fn since(&self, now: PrimitiveDateTime, longest: Duration) -> PrimitiveDateTime {
        const OVERLAP: Duration = Duration::seconds(60);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.asked.map_or(now - longest, |asked| asked.min(now)) - OVERLAP
    }

    /// Notes that everything was added that the database said at `asked`, by its clock, and forgets at `now` what has ended by
    /// itself: a token past its end and the leeway is refused without this list.
    pub(crate) fn learned(&self, asked: PrimitiveDateTime, now: PrimitiveDateTime, leeway: Duration) {
        let past = (now - leeway - SET_BACK).assume_utc().unix_timestamp();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.sessions.retain(|_, since| since.until >= past);
        known.asked = Some(asked);
    }
}

/// By how much this machine's clock may be set back: what it has forgotten would count again.
const SET_BACK: Duration = Duration::hours(1);
