//! `POST /multi-factor-auth-type-verify`: proves a type.

use glue_core::error::{ErrorRow, Outcome};
use glue_core::request::{Authed, RequestContext};

use crate::doors::Rows;
use crate::generated::multi_factor_auth_type_verify::api::MultiFactorAuthTypeVerifyApi;
use crate::generated::multi_factor_auth_type_verify::attributes::CreateMultiFactorAuthTypeVerify;
use crate::generated::multi_factor_auth_type_verify::errors;
use crate::generated::multi_factor_auth_type_verify::routes::Create;
use crate::service::Refused;
use crate::{Person, SharedMultiFactor};

/// The behaviour of `multi-factor-auth-type-verify`.
#[derive(Debug)]
pub enum TypeVerify {}

const ROWS: Rows = Rows {
    no_type: &errors::NO_TYPE,
    unknown: &errors::UNKNOWN,
    no_customer: &errors::NO_CUSTOMER,
    no_user: &errors::NO_USER,
    own,
};

impl MultiFactorAuthTypeVerifyApi for TypeVerify {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTypeVerify) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ROWS.asked(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.verify(context, person, &kind).await;
        ROWS.answer(context, ("second_factor_activated", person), done)
    }
}

fn own(refused: &Refused, _: Person) -> Option<&'static ErrorRow> {
    match refused {
        Refused::NoCode => Some(&errors::NO_CODE),
        Refused::WrongCode => Some(&errors::WRONG_CODE),
        Refused::Unknown
        | Refused::Active
        | Refused::Inactive
        | Refused::TooMany { .. }
        | Refused::NotSent(_)
        | Refused::Random
        | Refused::Storage(_) => None,
    }
}
