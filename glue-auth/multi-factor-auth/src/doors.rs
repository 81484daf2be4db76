//! What the resources have in common: whose factors, which type, and what a refusal is in the rows of a door.

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use glue_core::error::{ApiError, ErrorRow, Outcome};
use glue_core::identity::Identity;
use glue_core::request::RequestContext;

use crate::service::Refused;
use crate::{NotSent, Person};

/// The rows that a door answers with.
pub(crate) struct Rows {
    pub(crate) no_type: &'static ErrorRow,
    pub(crate) unknown: &'static ErrorRow,
    pub(crate) no_customer: &'static ErrorRow,
    pub(crate) no_user: &'static ErrorRow,
    /// What this door alone can say.
    pub(crate) own: fn(&Refused, Person) -> Option<&'static ErrorRow>,
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

impl Rows {
    /// Whose factor, and which type of it.
    pub(crate) fn asked(&self, cx: &RequestContext, kind: Option<String>) -> Outcome<(Person, String)> {
        let person = caller(cx, self.no_customer, self.no_user)?;
        let kind = kind.filter(|kind| !kind.is_empty()).ok_or(self.no_type)?;
        Ok((person, kind))
    }

    /// The answer to what came of it, and the audit's line of it.
    pub(crate) fn answer(
        &self,
        cx: &RequestContext,
        (event, person): (&'static str, Person),
        outcome: Result<(), Refused>,
    ) -> Outcome<()> {
        let refused = outcome.as_ref().err().map(ToString::to_string);
        tracing::info!(target: "audit", event, ?person, ?refused, request_id = %cx.request_id());
        let Err(refused) = outcome else { return Ok(()) };
        let row = match &refused {
            Refused::Unknown => self.unknown,
            Refused::Random => return Err(ApiError::unavailable(refused)),
            Refused::Storage(_) => {
                let Refused::Storage(error) = refused else { return Ok(()) };
                return Err(error.into());
            }
            Refused::Active
            | Refused::Inactive
            | Refused::NoCode
            | Refused::WrongCode
            | Refused::TooMany { .. }
            | Refused::NotSent(_) => match (self.own)(&refused, person) {
                Some(row) => row,
                None => return Err(ApiError::internal(refused)),
            },
        };
        if let Refused::TooMany { seconds } = refused {
            let error = row.filled(&[("minutes", &((seconds + 59) / 60).to_string())]);
            return Err(ApiError::from(error).header(RETRY_AFTER, HeaderValue::from(seconds)).caused_by(refused));
        }
        Err(ApiError::from(row).caused_by(refused))
    }
}

/// The row of a code that did not get out.
pub(crate) fn not_sent(
    reason: &NotSent,
    person: Person,
    (failed, no_customer, no_user): (&'static ErrorRow, &'static ErrorRow, &'static ErrorRow),
) -> &'static ErrorRow {
    match (reason, person) {
        (NotSent::NoPerson, Person::Customer(_)) => no_customer,
        (NotSent::NoPerson, Person::User(_)) => no_user,
        (NotSent::Failed(_), _) => failed,
    }
}
