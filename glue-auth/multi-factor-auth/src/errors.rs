//! What the verbs about factors have in common: whose factor, of which type, and the error that a refusal becomes.

use glue_core::error::{ApiError, ErrorRow, Outcome};
use glue_core::identity::Identity;
use glue_core::language::Language;
use glue_core::request::RequestContext;

use crate::service::Refused;
use crate::{NotSent, Person};

/// The error rows of one resource. What it cannot say is none: such a refusal is a defect.
pub(crate) struct FactorErrors {
    pub(crate) no_type: &'static ErrorRow,
    pub(crate) unknown: &'static ErrorRow,
    pub(crate) no_customer: &'static ErrorRow,
    pub(crate) no_user: &'static ErrorRow,
    pub(crate) active: Option<&'static ErrorRow>,
    pub(crate) inactive: Option<&'static ErrorRow>,
    pub(crate) no_code: Option<&'static ErrorRow>,
    pub(crate) wrong_code: Option<&'static ErrorRow>,
    pub(crate) too_many: Option<&'static ErrorRow>,
    pub(crate) not_sent: Option<NotSentErrors>,
}

/// The error rows of a code that did not get out.
pub(crate) struct NotSentErrors {
    pub(crate) failed: &'static ErrorRow,
    pub(crate) no_customer: &'static ErrorRow,
    pub(crate) no_user: &'static ErrorRow,
}

/// The person behind an identity, when there is one.
pub(crate) fn person(identity: &Identity) -> Option<Person> {
    let customer = identity.number("id_customer").map(Person::Customer);
    customer.or_else(|| identity.number("id_user").map(Person::User))
}

/// The person behind a request; in the back office that is a user.
pub(crate) fn caller(
    cx: &RequestContext,
    no_customer: &'static ErrorRow,
    no_user: &'static ErrorRow,
) -> Outcome<Person> {
    let row = if cx.route().application == "backend" { no_user } else { no_customer };
    Ok(cx.identity().and_then(person).ok_or(row)?)
}

impl FactorErrors {
    /// The rows that every resource has, of `errors`, and no other.
    pub(crate) const fn new(
        no_type: &'static ErrorRow,
        unknown: &'static ErrorRow,
        no_customer: &'static ErrorRow,
        no_user: &'static ErrorRow,
    ) -> Self {
        Self {
            no_type,
            unknown,
            no_customer,
            no_user,
            active: None,
            inactive: None,
            no_code: None,
            wrong_code: None,
            too_many: None,
            not_sent: None,
        }
    }

    /// Whose factor, and which type of it.
    pub(crate) fn subject(&self, cx: &RequestContext, kind: Option<String>) -> Outcome<(Person, String)> {
        let person = caller(cx, self.no_customer, self.no_user)?;
        let kind = kind.filter(|kind| !kind.is_empty()).ok_or(self.no_type)?;
        Ok((person, kind))
    }

    /// The answer to what came of it, and the audit's line of it.
    pub(crate) fn answer(
        &self,
        cx: &RequestContext,
        event: &'static str,
        person: Person,
        outcome: Result<(), Refused>,
    ) -> Outcome<()> {
        let reason = outcome.as_ref().err().map(ToString::to_string);
        tracing::info!(target: "audit", event, ?person, refused = ?reason, request_id = %cx.request_id());
        outcome.map_err(|refused| self.error(refused, person))
    }

    fn error(&self, refused: Refused, person: Person) -> ApiError {
        let row = match &refused {
            Refused::Storage(_) | Refused::Random => None,
            Refused::Unknown => Some(self.unknown),
            Refused::Active => self.active,
            Refused::Inactive => self.inactive,
            Refused::NoCode => self.no_code,
            Refused::WrongCode => self.wrong_code,
            Refused::TooMany { .. } => self.too_many,
            Refused::NotSent(reason) => self.not_sent.as_ref().map(|rows| rows.of(reason, person)),
        };
        match (row, refused) {
            (_, Refused::Storage(error)) => error.into(),
            (_, refused @ Refused::Random) => ApiError::unavailable(refused),
            (Some(row), refused @ Refused::TooMany { seconds }) => {
                ApiError::too_many(row, seconds, Language::English).caused_by(refused)
            }
            (Some(row), refused) => ApiError::from(row).caused_by(refused),
            (None, refused) => ApiError::internal(refused),
        }
    }
}

impl NotSentErrors {
    fn of(&self, reason: &NotSent, person: Person) -> &'static ErrorRow {
        match (reason, person) {
            (NotSent::NoPerson, Person::Customer(_)) => self.no_customer,
            (NotSent::NoPerson, Person::User(_)) => self.no_user,
            (NotSent::Failed(_), _) => self.failed,
        }
    }
}
