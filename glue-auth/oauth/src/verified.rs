//! Access tokens that were judged a moment ago, and those that were ended before their time.
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
    pub(crate) fn still_holds(&self, now: OffsetDateTime, leeway: Duration, revoked: &Revoked) -> Result<(), NotOurs> {
        if self.verified.expires.saturating_add(leeway.whole_seconds()) <= now.unix_timestamp() {
            return Err(NotOurs("expired"));
        }
        if self.verified.issued > now.unix_timestamp().saturating_add(leeway.whole_seconds()) {
            return Err(NotOurs("from the future"));
        }
        if revoked.contains(&self.verified.id) { Err(ENDED) } else { Ok(()) }
    }
}

/// Judged tokens by the hash of their text.
pub(crate) struct Seen(Option<Cache<[u8; 32], Arc<Judged>>>);

impl Seen {
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

/// Access tokens that ended before their time: those that this process ended, and those that it reads of others.
#[derive(Default)]
pub(crate) struct Revoked(RwLock<Known>);

#[derive(Default)]
struct Known {
    /// The id of a token and its own end.
    tokens: HashMap<String, PrimitiveDateTime>,
    /// When the database was last asked.
    asked: Option<PrimitiveDateTime>,
    /// When it was last asked for everything.
    whole: Option<PrimitiveDateTime>,
}

impl Revoked {
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).tokens.contains_key(id)
    }

    pub(crate) fn add(&self, ended: impl IntoIterator<Item = (String, PrimitiveDateTime)>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).tokens.extend(ended);
    }

    /// From when on the database has to be asked at `now`: a transaction may commit some time after its own clock, and
    /// clocks may be apart. `None` asks for everything: at first, once a minute, and when the clock went back.
    pub(crate) fn since(&self, now: PrimitiveDateTime, leeway: Duration) -> Option<PrimitiveDateTime> {
        const OVERLAP: Duration = Duration::seconds(60);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let whole = known.whole.filter(|whole| *whole <= now && now - *whole < Duration::minutes(1));
        let asked = known.asked.filter(|asked| whole.is_some() && *asked <= now)?;
        Some(asked - OVERLAP - leeway - leeway)
    }

    /// Takes over what the database said at `now`, and forgets what has ended by itself: a token past its end and the
    /// leeway is refused without this list.
    pub(crate) fn learn(
        &self,
        ended: Vec<(String, PrimitiveDateTime)>,
        whole: bool,
        now: PrimitiveDateTime,
        leeway: Duration,
    ) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.tokens.retain(|_, until| *until + leeway > now);
        known.tokens.extend(ended);
        known.asked = Some(now);
        if whole {
            known.whole = Some(now);
        }
    }
}
