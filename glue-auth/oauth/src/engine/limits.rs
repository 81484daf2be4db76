//! Guesses: counted where credentials are compared, whatever the door (security.md P7 to P12, C11).
//!
//! A failure counts before it is answered, and a success is only one while the count allows it: however many guesses run
//! at once, no more than the limit is ever judged. Three counts run side by side: for an account from one source, for one
//! source over all accounts, and for an account from sources that never logged in to it. The last is what a stranger can
//! fill, and it does not stop the places that the account's owner is known to come from.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::columns::stored;
use super::shared::Engine;
use crate::error::GrantError;
use crate::port::{Access, StorageError, Unit, run, settle};
use crate::store;

/// What one attempt counts towards; the first count is the narrowest.
pub(super) struct Guesses {
    counts: Vec<(String, i32)>,
    /// The count that a known source is not stopped by.
    spared: Option<String>,
    /// The name under which a source that succeeded is remembered.
    known: Option<String>,
}

impl Engine {
    pub(super) fn login_guesses(&self, grant: &str, account: &str, source: &str) -> Guesses {
        self.guesses(grant, account, source, key("source", &[source]))
    }

    /// Guesses at something else than a login: whoever has used those up can still log in.
    fn other_guesses(&self, what: &str, account: &str, source: &str) -> Guesses {
        self.guesses(what, account, source, key("source of", &[what, source]))
    }

    fn guesses(&self, what: &str, account: &str, source: &str, from_there: String) -> Guesses {
        let account = account.to_lowercase();
        let own = key("pair", &[what, source, &account]);
        let all = key("account", &[what, &account]);
        let counts = vec![
            (own, self.settings().attempts),
            (from_there, self.settings().attempts_per_source),
            (all.clone(), self.settings().attempts_per_account),
        ];
        Guesses { counts, spared: Some(all), known: Some(key("known", &[what, source, &account])) }
    }

    /// Refresh tokens that are none, where it costs something to find that out.
    pub(super) fn refresh_guesses(&self, source: &str) -> Guesses {
        let counts = vec![(key("refresh", &[source]), self.settings().attempts_per_source)];
        Guesses { counts, spared: None, known: None }
    }

    /// Whether another login to an account would be looked at; nothing is counted.
    ///
    /// # Errors
    /// [`GrantError::Blocked`] when not.
    pub async fn admits(
        &self,
        grant: &str,
        account: &str,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<(), GrantError> {
        self.admit(&self.login_guesses(grant, account, source), now).await
    }

    /// Whether [`count_attempt`](Self::count_attempt) would let another attempt pass; nothing is counted.
    ///
    /// # Errors
    /// [`GrantError::Blocked`] when not.
    pub async fn admits_attempt(
        &self,
        what: &str,
        account: &str,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<(), GrantError> {
        self.admit(&self.other_guesses(what, account, source), now).await
    }

    /// Counts an attempt at something else than a login that can be guessed or asked for too often, under a name of its own.
    ///
    /// # Errors
    /// [`GrantError::Blocked`] when there were too many.
    pub async fn count_attempt(
        &self,
        what: &str,
        account: &str,
        source: &str,
        now: OffsetDateTime,
    ) -> Result<(), GrantError> {
        let attempts = self.other_guesses(what, account, source);
        self.admit(&attempts, now).await?;
        let counted = self.failed(&attempts, now, GrantError::InvalidCredentials).await?;
        if matches!(counted, GrantError::Blocked { .. }) { Err(counted) } else { Ok(()) }
    }

    pub(super) fn client_guesses(&self, client: &str, source: &str) -> Guesses {
        let counts = vec![
            (key("client", &[source, client]), self.settings().attempts),
            // Apart from logins: a client that is set up wrongly must not lock out the people behind one address.
            (key("clients", &[source]), self.settings().attempts_per_source),
        ];
        Guesses { counts, spared: None, known: None }
    }

    /// Lets an attempt in while none of its counts is full.
    pub(super) async fn admit(&self, guesses: &Guesses, now: OffsetDateTime) -> Result<(), GrantError> {
        let keys: Vec<String> = guesses.counts.iter().map(|(key, _)| key).chain(&guesses.known).cloned().collect();
        let found =
            run(&*self.database, Access::Read, move |unit| store::failures(unit.connection(), &keys, stored(now)))
                .await?;
        let is_known = found.iter().any(|(key, ..)| Some(key) == guesses.known.as_ref());
        let full = |(key, failures, _): &&(String, i32, _)| {
            let limit = guesses.counts.iter().find(|(own, _)| own == key).map(|(_, limit)| *limit);
            limit.is_some_and(|limit| *failures >= limit) && !(is_known && Some(key) == guesses.spared.as_ref())
        };
        match found.iter().filter(full).map(|(.., until)| *until).max() {
            Some(until) => Err(GrantError::Blocked { seconds: (until - stored(now)).whole_seconds().max(1) }),
            None => Ok(()),
        }
    }

    /// Counts a failure; `refused` is what to answer, unless this was one too many.
    pub(super) async fn failed(
        &self,
        guesses: &Guesses,
        now: OffsetDateTime,
        refused: GrantError,
    ) -> Result<GrantError, GrantError> {
        let until = |seconds| stored(now + Duration::seconds(seconds));
        let times = (stored(now), until(self.settings().attempts_seconds), until(self.settings().block_seconds));
        let mut first = true;
        let mut blocked = false;
        for (key, limit) in &guesses.counts {
            let count = move |unit: &mut dyn Unit, (key, limit): &(String, i32)| {
                store::count_failure(unit.connection(), key, *limit, times)
            };
            let failures = settle(&*self.database, (key.clone(), *limit), count).await?;
            blocked |= first && failures > *limit;
            first = false;
        }
        Ok(if blocked { GrantError::Blocked { seconds: self.settings().block_seconds } } else { refused })
    }

    /// Remembers where an account's owner comes from.
    pub(super) async fn remember(&self, guesses: &Guesses, now: OffsetDateTime) -> Result<(), GrantError> {
        let Some(known) = guesses.known.clone() else { return Ok(()) };
        let keys = [known.clone()];
        let found =
            run(&*self.database, Access::Read, move |unit| store::failures(unit.connection(), &keys, stored(now)))
                .await?;
        if !found.is_empty() {
            return Ok(());
        }
        let until = stored(now + Duration::days(30));
        let counted = run(&*self.database, Access::Write, move |unit| {
            store::count_failure(unit.connection(), &known, i32::MAX, (stored(now), until, until))
        });
        match counted.await {
            Ok(_) | Err(StorageError::Duplicate) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The name of a count: a hash, so that the table holds no names of people.
fn key(kind: &str, parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    format!("{kind}:{}", HEXLOWER.encode(&digest.finalize()))
}
