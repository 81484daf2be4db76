//! `POST /multi-factor-auth-type-activate`: begins with a type.

use glue_core::error::{ErrorRow, Outcome};
use glue_core::request::{Authed, RequestContext};

use crate::doors::{Rows, not_sent};
use crate::generated::multi_factor_auth_type_activate::api::MultiFactorAuthTypeActivateApi;
use crate::generated::multi_factor_auth_type_activate::attributes::CreateMultiFactorAuthTypeActivate;
use crate::generated::multi_factor_auth_type_activate::errors;
use crate::generated::multi_factor_auth_type_activate::routes::Create;
use crate::service::Refused;
use crate::{Person, SharedMultiFactor};

/// The behaviour of `multi-factor-auth-type-activate`.
#[derive(Debug)]
pub enum TypeActivate {}

const ROWS: Rows = Rows {
    no_type: &errors::NO_TYPE,
    unknown: &errors::UNKNOWN,
    no_customer: &errors::NO_CUSTOMER,
    no_user: &errors::NO_USER,
    own,
};

impl MultiFactorAuthTypeActivateApi for TypeActivate {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTypeActivate) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ROWS.asked(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.activate(context, person, &kind).await;
        ROWS.answer(context, ("second_factor_begun", person), done)
    }
}

fn own(refused: &Refused, person: Person) -> Option<&'static ErrorRow> {
    match refused {
        Refused::Active => Some(&errors::ACTIVE),
        Refused::TooMany { .. } => Some(&errors::TOO_MANY),
        Refused::NotSent(reason) => {
            Some(not_sent(reason, person, (&errors::NOT_SENT, &errors::CUSTOMER_GONE, &errors::USER_GONE)))
        }
        Refused::Unknown
        | Refused::Inactive
        | Refused::NoCode
        | Refused::WrongCode
        | Refused::Random
        | Refused::Storage(_) => None,
    }
}
