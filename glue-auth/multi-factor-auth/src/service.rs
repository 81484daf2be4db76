//! What happens to types and codes, whatever the door.

use std::sync::Arc;

use glue_core::db::{Conn, DbError};
use glue_core::request::RequestContext;
use oauth::Engine;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::settings::MultiFactorSettings;
use crate::store::{self, Begun, NewCode, TypeStatus};
use crate::{Factor, Message, NotSent, Person};

/// The second factors of one application.
pub struct MultiFactor {
    settings: MultiFactorSettings,
    factors: Vec<Arc<dyn Factor>>,
    engine: Arc<Engine>,
}

/// Why something did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("there is no such type")]
    Unknown,
    #[error("the type is active already")]
    Active,
    #[error("the type cannot be deactivated")]
    Inactive,
    #[error("no code came")]
    NoCode,
    #[error("the code is not the one")]
    WrongCode,
    #[error("too many codes were asked for")]
    TooMany { seconds: i64 },
    #[error("the code was not sent: {0}")]
    NotSent(NotSent),
    #[error("the system gives no randomness")]
    Random,
    #[error(transparent)]
    Storage(#[from] DbError),
}

/// How a code is written.
type Write = fn(&mut Conn, (Person, &str), &NewCode) -> Result<Begun, DbError>;

/// Digits of a code.
const DIGITS: u32 = 6;

impl MultiFactor {
    /// Second factors of these types. Codes are stored as `engine` seals them.
    #[must_use]
    pub fn new(settings: MultiFactorSettings, factors: Vec<Arc<dyn Factor>>, engine: Arc<Engine>) -> Self {
        Self { settings, factors, engine }
    }

    /// The types on offer, each with where the person stands with it.
    pub(crate) async fn types(&self, cx: &RequestContext, person: Person) -> Result<Vec<(&'static str, i32)>, Refused> {
        let own = cx.db().run(move |conn| store::types(conn, person)).await?;
        let status = |name: &str| own.iter().find(|(kind, _)| kind == name).map_or(0, |(_, status)| *status);
        Ok(self.factors.iter().map(|factor| (factor.name(), status(factor.name()))).collect())
    }

    /// Begins with a type: it is pending until a code proves it.
    pub(crate) async fn activate(&self, cx: &RequestContext, person: Person, kind: &str) -> Result<(), Refused> {
        self.send(cx, person, kind, store::begin).await
    }

    /// Sends a code of a type that the person has.
    pub(crate) async fn trigger(&self, cx: &RequestContext, person: Person, kind: &str) -> Result<(), Refused> {
        self.send(cx, person, kind, store::again).await
    }

    /// Makes a pending type active by its code.
    pub(crate) async fn verify(&self, cx: &RequestContext, person: Person, kind: &str) -> Result<(), Refused> {
        self.factor(kind)?;
        self.judge(cx, (person, Some(kind), TypeStatus::Pending)).await?;
        let (kind, now) = (kind.to_owned(), stored(cx.now()));
        let statuses = (TypeStatus::Pending, TypeStatus::Active);
        let changed = cx.db().write(move |conn| store::set_type(conn, (person, &kind), statuses, now)).await?;
        if changed { Ok(()) } else { Err(Refused::WrongCode) }
    }

    /// Ends an active type by one of its codes.
    pub(crate) async fn deactivate(&self, cx: &RequestContext, person: Person, kind: &str) -> Result<(), Refused> {
        self.factor(kind)?;
        let own = cx.db().run(move |conn| store::types(conn, person)).await?;
        if !own.iter().any(|(name, status)| name == kind && *status == TypeStatus::Active.number()) {
            return Err(Refused::Inactive);
        }
        self.judge(cx, (person, Some(kind), TypeStatus::Active)).await?;
        let (kind, now) = (kind.to_owned(), stored(cx.now()));
        let statuses = (TypeStatus::Active, TypeStatus::Inactive);
        let changed = cx.db().write(move |conn| {
            store::forget(conn, (person, &kind))?;
            store::set_type(conn, (person, &kind), statuses, now)
        });
        if changed.await? { Ok(()) } else { Err(Refused::Inactive) }
    }

    /// Whether a request may go on: whoever has an active type sends one of its codes.
    pub(crate) async fn check(&self, cx: &RequestContext, person: Person) -> Result<(), Refused> {
        let own = cx.db().run(move |conn| store::types(conn, person)).await?;
        if own.iter().all(|(_, status)| *status != TypeStatus::Active.number()) {
            return Ok(());
        }
        self.judge(cx, (person, None, TypeStatus::Active)).await
    }

    fn factor(&self, kind: &str) -> Result<&Arc<dyn Factor>, Refused> {
        self.factors.iter().find(|factor| factor.name() == kind).ok_or(Refused::Unknown)
    }

    async fn send(&self, cx: &RequestContext, person: Person, kind: &str, write: Write) -> Result<(), Refused> {
        let factor = self.factor(kind)?;
        let code = oauth::random_digits(DIGITS).ok_or(Refused::Random)?;
        let (now, life) = (cx.now(), Duration::seconds(self.settings.code_seconds));
        let new = NewCode {
            hash: self.engine.sealed(&owner(person), &code).ok_or(Refused::Random)?,
            now: stored(now),
            expires: stored(now + life),
            limit: (self.settings.codes, stored(now - life)),
        };
        let name = kind.to_owned();
        let ask = |name: String, new: NewCode| cx.db().write(move |conn| write(conn, (person, &name), &new));
        let begun = match ask(name.clone(), new.clone()).await {
            // Somebody else began a moment ago with what had not been there.
            Err(DbError::Duplicate) => ask(name, new).await?,
            // The person was deleted, and the token lives on for a moment.
            Err(DbError::Reference) => return Err(Refused::NotSent(NotSent::NoPerson)),
            begun => begun?,
        };
        match begun {
            Begun::Code => {}
            Begun::Active => return Err(Refused::Active),
            Begun::Unknown => return Err(Refused::Unknown),
            Begun::TooMany => return Err(Refused::TooMany { seconds: self.settings.code_seconds }),
        }
        let (code, minutes) = (code.as_str(), (self.settings.code_seconds + 59) / 60);
        let sent = factor.send(Message { person, code, minutes, language: cx.language() }).await;
        if let Err(reason) = sent {
            // Nobody got it, so it neither counts nor is worth anything.
            let name = kind.to_owned();
            cx.db().write(move |conn| store::forget(conn, (person, &name))).await?;
            return Err(Refused::NotSent(reason));
        }
        Ok(())
    }

    async fn judge(
        &self,
        cx: &RequestContext,
        (person, kind, status): (Person, Option<&str>, TypeStatus),
    ) -> Result<(), Refused> {
        let Some(sent) = cx.factor_code() else { return Err(Refused::NoCode) };
        let (name, now, most) = (kind.map(str::to_owned), stored(cx.now()), self.settings.attempts);
        let (engine, sent) = (self.engine.clone(), sent.to_owned());
        let attempt = move |conn: &mut Conn| {
            let fits = |sealed: &str| engine.unseals(sealed, &owner(person), &sent);
            store::attempt(conn, (person, name.as_deref(), status), now, most, &fits)
        };
        match cx.db().write(attempt).await? {
            true => Ok(()),
            false => Err(Refused::WrongCode),
        }
    }
}

/// Keeps the same digits of two people apart.
fn owner(person: Person) -> String {
    match person {
        Person::Customer(id) => format!("second factor of customer {id}"),
        Person::User(id) => format!("second factor of user {id}"),
    }
}

fn stored(time: OffsetDateTime) -> PrimitiveDateTime {
    glue_core::clock::stored(time)
}
