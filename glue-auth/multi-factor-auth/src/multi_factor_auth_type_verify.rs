//! `POST /multi-factor-auth-type-verify`: proves a type.

use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};

use crate::SharedMultiFactor;
use crate::errors::FactorErrors;
use crate::generated::multi_factor_auth_type_verify::api::MultiFactorAuthTypeVerifyApi;
use crate::generated::multi_factor_auth_type_verify::attributes::CreateMultiFactorAuthTypeVerify;
use crate::generated::multi_factor_auth_type_verify::errors;
use crate::generated::multi_factor_auth_type_verify::routes::Create;

/// The behaviour of `multi-factor-auth-type-verify`.
#[derive(Debug)]
pub enum TypeVerify {}

const ERRORS: FactorErrors = FactorErrors {
    no_code: Some(&errors::NO_CODE),
    wrong_code: Some(&errors::WRONG_CODE),
    ..FactorErrors::new(&errors::NO_TYPE, &errors::UNKNOWN, &errors::NO_CUSTOMER, &errors::NO_USER)
};

impl MultiFactorAuthTypeVerifyApi for TypeVerify {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTypeVerify) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ERRORS.subject(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.verify(context, person, &kind).await;
        ERRORS.answer(context, "second_factor_activated", person, done)
    }
}
