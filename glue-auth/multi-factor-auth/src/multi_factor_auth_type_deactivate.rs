//! `POST /multi-factor-auth-type-deactivate`: ends a type.

use glue_core::error::{ErrorRow, Outcome};
use glue_core::request::{Authed, RequestContext};

use crate::doors::Rows;
use crate::generated::multi_factor_auth_type_deactivate::api::MultiFactorAuthTypeDeactivateApi;
use crate::generated::multi_factor_auth_type_deactivate::attributes::CreateMultiFactorAuthTypeDeactivate;
use crate::generated::multi_factor_auth_type_deactivate::errors;
use crate::generated::multi_factor_auth_type_deactivate::routes::Create;
use crate::service::Refused;
use crate::{Person, SharedMultiFactor};

/// The behaviour of `multi-factor-auth-type-deactivate`.
#[derive(Debug)]
pub enum TypeDeactivate {}

const ROWS: Rows = Rows {
    no_type: &errors::NO_TYPE,
    unknown: &errors::UNKNOWN,
    no_customer: &errors::NO_CUSTOMER,
    no_user: &errors::NO_USER,
    own,
};

impl MultiFactorAuthTypeDeactivateApi for TypeDeactivate {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTypeDeactivate) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ROWS.asked(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.deactivate(context, person, &kind).await;
        ROWS.answer(context, ("second_factor_deactivated", person), done)
    }
}

fn own(refused: &Refused, _: Person) -> Option<&'static ErrorRow> {
    match refused {
        Refused::Inactive => Some(&errors::FAILED),
        Refused::NoCode => Some(&errors::NO_CODE),
        Refused::WrongCode => Some(&errors::WRONG_CODE),
        Refused::Unknown
        | Refused::Active
        | Refused::TooMany { .. }
        | Refused::NotSent(_)
        | Refused::Random
        | Refused::Storage(_) => None,
    }
}
