//! `POST /multi-factor-auth-trigger`: sends a code.

use glue_core::error::{ErrorRow, Outcome};
use glue_core::request::{Authed, RequestContext};

use crate::doors::{Rows, not_sent};
use crate::generated::multi_factor_auth_trigger::api::MultiFactorAuthTriggerApi;
use crate::generated::multi_factor_auth_trigger::attributes::CreateMultiFactorAuthTrigger;
use crate::generated::multi_factor_auth_trigger::errors;
use crate::generated::multi_factor_auth_trigger::routes::Create;
use crate::service::Refused;
use crate::{Person, SharedMultiFactor};

/// The behaviour of `multi-factor-auth-trigger`.
#[derive(Debug)]
pub enum Trigger {}

const ROWS: Rows = Rows {
    no_type: &errors::NO_TYPE,
    unknown: &errors::UNKNOWN,
    no_customer: &errors::NO_CUSTOMER,
    no_user: &errors::NO_USER,
    own,
};

impl MultiFactorAuthTriggerApi for Trigger {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTrigger) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ROWS.asked(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.trigger(context, person, &kind).await;
        ROWS.answer(context, ("second_factor_triggered", person), done)
    }
}

fn own(refused: &Refused, person: Person) -> Option<&'static ErrorRow> {
    match refused {
        Refused::TooMany { .. } => Some(&errors::TOO_MANY),
        Refused::NotSent(reason) => {
            Some(not_sent(reason, person, (&errors::NOT_SENT, &errors::CUSTOMER_GONE, &errors::USER_GONE)))
        }
        Refused::Unknown
        | Refused::Active
        | Refused::Inactive
        | Refused::NoCode
        | Refused::WrongCode
        | Refused::Random
        | Refused::Storage(_) => None,
    }
}
