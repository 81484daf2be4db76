//! Who somebody is now and what they may have: the one way to both, for a login and for every exchange after it.
//!
//! Nothing here asks a token. A login finds a person by a request, an exchange by what its session remembers; from there on
//! both run the same way: expanders, scope providers, and what the client may have.

use super::columns::{parsed, stored};
use super::rights;
use crate::conventions::{Conventions, UnknownScopes};
use crate::error::GrantError;
use crate::format::TokenFormat;
use crate::port::Unit;
use crate::settings::AuthSettings;
use crate::store::{self, Client, SessionRow};
use oauth_extension::{
    Candidate, GrantRequest, IdentifierExpander, Proof, Remembered, ScopeProvider, Storage, Subject, UserIdentifier,
    UserProvider,
};
use std::sync::Arc;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// The people and scopes that one application's tokens are about.
#[derive(Default)]
pub struct Plugins {
    /// Asked in order among those that serve a grant; the first that knows the person decides.
    pub users: Vec<Arc<dyn UserProvider>>,
    /// All of them add to what tokens carry of a person, in order.
    pub expanders: Vec<Arc<dyn IdentifierExpander>>,
    /// All are asked and their answers merged.
    pub scopes: Vec<Arc<dyn ScopeProvider>>,
}

/// What decides about tokens, apart from keys.
pub(super) struct Policy {
    pub(super) plugins: Plugins,
    pub(super) settings: AuthSettings,
    pub(super) conventions: Conventions,
}

/// A person, and the provider that knows them.
pub(super) type Known = (Arc<dyn UserProvider>, Candidate);

/// A person as they are now.
pub(super) struct Present {
    pub(super) subject: Subject,
    /// What tokens carry of them.
    pub(super) identifier: UserIdentifier,
    scopes: Vec<String>,
    marks: Vec<&'static str>,
}

/// What became of the person of a session.
pub(super) enum Standing {
    /// They are who they were.
    Here(Present),
    /// There is nobody, or nobody who may hold tokens.
    Gone,
    /// They are another kind of person now, or who answers for them may not do so any more.
    Lost,
}

/// The client that a request names.
#[derive(Clone, Debug)]
pub(super) enum Claimed {
    /// None: the default one.
    Default,
    /// This one, by its name alone.
    Named(String),
    /// This one, which proved itself.
    Authenticated(String),
}

impl Policy {
    /// Who an issued token is about.
    pub(super) fn subject(&self, user: &UserIdentifier) -> Option<Subject> {
        let person = self.plugins.users.iter().find_map(|provider| provider.subject(user));
        person.or_else(|| rights::subject(user))
    }

    /// The person that a request is for, and who knows them.
    pub(super) fn find(
        &self,
        storage: &mut Storage<'_>,
        request: &GrantRequest,
        proof: Proof,
    ) -> Result<Option<Known>, GrantError> {
        for provider in &self.plugins.users {
            let serves = provider.grants().iter().any(|grant| grant.name == request.grant && grant.proof == proof);
            if serves && let Some(candidate) = provider.find(storage, request)? {
                return Ok(Some((provider.clone(), candidate)));
            }
        }
        Ok(None)
    }

    /// A person with everything that tokens carry of them, and all that they may have.
    pub(super) fn expanded(&self, storage: &mut Storage<'_>, candidate: Candidate) -> Result<Present, GrantError> {
        let Candidate { subject, mut identifier, .. } = candidate;
        for expander in &self.plugins.expanders {
            identifier = expander.expand(storage, &subject, identifier)?;
        }
        let mut scopes: Vec<String> = Vec::new();
        for scope in self.plugins.scopes.iter().flat_map(|provider| provider.scopes(&subject, &identifier)) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        let marks = self.plugins.scopes.iter().flat_map(|provider| provider.marks(&subject)).copied().collect();
        Ok(Present { subject, identifier, scopes, marks })
    }

    /// A client as the person of its own tokens.
    pub(super) fn on_own_behalf(&self, identifier: UserIdentifier) -> Option<Present> {
        let subject = rights::subject(&identifier)?;
        Some(Present { subject, identifier, scopes: Vec::new(), marks: Vec::new() })
    }

    /// The person of a session as they are now; for a derived one, also whoever answers for it.
    pub(super) fn standing(&self, unit: &mut dyn Unit, session: &SessionRow) -> Result<Standing, GrantError> {
        let answers = match &session.parent {
            None => None,
            Some(parent) => {
                let open = |row: &SessionRow| row.closed_at.is_none() && row.ended_at.is_none();
                let parent = store::find_session(unit.connection(), parent)?.filter(open);
                let Some(parent) = parent else { return Ok(Standing::Lost) };
                match self.standing(unit, &parent)? {
                    Standing::Here(present) => Some(present.subject),
                    Standing::Gone | Standing::Lost => return Ok(Standing::Lost),
                }
            }
        };
        let identifier: UserIdentifier = parsed(&session.user_identifier)?;
        let Some(candidate) = self.again(unit, &identifier, answers.as_ref())? else { return Ok(Standing::Gone) };
        let same = candidate.subject.kind.name() == session.kind
            && store::subject_key(&candidate.subject.natural) == session.subject;
        if !same {
            return Ok(Standing::Lost);
        }
        Ok(Standing::Here(self.expanded(&mut unit.storage(), candidate)?))
    }

    /// Whoever an identifier names as they are now, if they may hold tokens.
    pub(super) fn again(
        &self,
        unit: &mut dyn Unit,
        identifier: &UserIdentifier,
        answers: Option<&Subject>,
    ) -> Result<Option<Candidate>, GrantError> {
        let known = self.plugins.users.iter().find(|provider| provider.subject(identifier).is_some());
        let Some(provider) = known else { return Ok(None) };
        let found = provider.present(&mut unit.storage(), Remembered { identifier, answers })?;
        Ok(found.filter(|candidate| candidate.is_active))
    }

    /// Whether whoever a token carries may hold tokens; a client on its own behalf always may.
    pub(super) fn holds(&self, unit: &mut dyn Unit, session: &SessionRow) -> Result<bool, GrantError> {
        let identifier: UserIdentifier = parsed(&session.user_identifier)?;
        Ok(rights::subject(&identifier).is_some() || matches!(self.standing(unit, session)?, Standing::Here(_)))
    }

    /// The client of a request, when it may use `grant`.
    pub(super) fn client(&self, unit: &mut dyn Unit, claimed: &Claimed, grant: &str) -> Result<Client, GrantError> {
        let named = |unit: &mut dyn Unit, id: &str| -> Result<Option<Client>, GrantError> {
            // Some databases compare without blanks at the end.
            Ok(store::find_client(unit.connection(), id)?.filter(|client| client.identifier == id))
        };
        let client = match claimed {
            Claimed::Authenticated(id) => named(unit, id)?.ok_or(GrantError::InvalidClient)?,
            Claimed::Named(id) => {
                named(unit, id)?.filter(|client| !client.is_confidential).ok_or(GrantError::InvalidClient)?
            }
            // A public one, or, as a running shop has it, one whose secret stands in the configuration
            // (reference/authentication.md §1.5).
            Claimed::Default => {
                let found = named(unit, &self.settings.default_client)?;
                let missing = || GrantError::Defect("auth.default_client names no client of the database".into());
                let client = found.ok_or_else(missing)?;
                if client.is_confidential && self.conventions.access == TokenFormat::Rfc9068 {
                    return Err(GrantError::InvalidClient);
                }
                client
            }
        };
        if client.may_use(grant) { Ok(client) } else { Err(GrantError::UnauthorizedClient) }
    }

    /// All that a person may have through a client, as far as it was granted before; none means that this is the grant.
    ///
    /// # Errors
    /// [`GrantError::InvalidScope`] for somebody who would get a token without what marks them.
    pub(super) fn grantable(
        &self,
        person: &Present,
        client: &Client,
        granted: Option<&[String]>,
    ) -> Result<Vec<String>, GrantError> {
        let may = |scope: &&String| client.may_have(scope) && granted.is_none_or(|granted| granted.contains(scope));
        let own: Vec<String> = person.scopes.iter().filter(may).cloned().collect();
        let is_marked = person.marks.iter().all(|mark| own.iter().any(|scope| scope == mark));
        if is_marked { Ok(own) } else { Err(GrantError::InvalidScope) }
    }

    /// What is asked for of what is there, and always what marks the person. Asking never adds
    /// (reference/authentication.md §8.2, scope escalation).
    pub(super) fn requested(
        &self,
        own: &[String],
        marks: &[&str],
        asked: &[String],
    ) -> Result<Vec<String>, GrantError> {
        if asked.is_empty() {
            return Ok(own.to_vec());
        }
        match (own.iter().any(|scope| asked.contains(scope)), self.conventions.unknown_scopes) {
            (true, _) => {
                let kept = own.iter().filter(|own| asked.contains(own) || marks.contains(&own.as_str()));
                Ok(kept.cloned().collect())
            }
            (false, UnknownScopes::Dropped) => Ok(own.to_vec()),
            (false, UnknownScopes::Refused) => Err(GrantError::InvalidScope),
        }
    }

    /// When a session ends, however often it is refreshed: as it was begun, and not later than is allowed now.
    pub(super) fn cap(&self, session: &SessionRow) -> PrimitiveDateTime {
        session.capped_at.min(session.authenticated_at + self.settings.session())
    }

    /// When a refresh token that is issued at `now` ends; refreshing does not prolong a session for ever.
    pub(super) fn refreshable_until(&self, cap: PrimitiveDateTime, now: OffsetDateTime) -> PrimitiveDateTime {
        let next = match self.conventions.refresh.ends_by_the_calendar() && self.settings.refresh_seconds == 2_628_000 {
            true => next_month(now),
            false => stored(now + self.settings.refresh()),
        };
        next.min(cap)
    }

    /// The count of exchanges of a session with one more, and since when it counts.
    ///
    /// # Errors
    /// [`GrantError::Blocked`] when there were too many.
    pub(super) fn one_more(
        &self,
        session: &SessionRow,
        now: PrimitiveDateTime,
    ) -> Result<(i32, PrimitiveDateTime), GrantError> {
        let (since, window) = (session.exchanges_since, Duration::seconds(self.settings.attempts_seconds));
        if now < since || now - since >= window {
            return Ok((1, now));
        }
        if self.settings.exchanges > 0 && session.exchanges >= self.settings.exchanges {
            return Err(GrantError::Blocked { seconds: (since + window - now).whole_seconds().max(1) });
        }
        Ok((session.exchanges.saturating_add(1), since))
    }
}

impl Present {
    /// The scopes that say what kind of person this is.
    pub(super) fn marks(&self) -> &[&'static str] {
        &self.marks
    }

    /// Whether they still have all of these scopes.
    pub(super) fn has(&self, scopes: &[String]) -> bool {
        scopes.iter().all(|scope| self.scopes.contains(scope))
    }
}

/// The same day and time of the next month; PHP's `P1M` runs over the end of a shorter month.
fn next_month(now: OffsetDateTime) -> PrimitiveDateTime {
    let days = now.month().length(now.year());
    stored(now + Duration::days(i64::from(days)))
}
