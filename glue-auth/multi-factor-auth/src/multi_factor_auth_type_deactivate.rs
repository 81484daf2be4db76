//! `POST /multi-factor-auth-type-deactivate`: ends a type.

use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};

use crate::SharedMultiFactor;
use crate::errors::FactorErrors;
use crate::generated::multi_factor_auth_type_deactivate::api::MultiFactorAuthTypeDeactivateApi;
use crate::generated::multi_factor_auth_type_deactivate::attributes::CreateMultiFactorAuthTypeDeactivate;
use crate::generated::multi_factor_auth_type_deactivate::errors;
use crate::generated::multi_factor_auth_type_deactivate::routes::Create;

/// The behaviour of `multi-factor-auth-type-deactivate`.
#[derive(Debug)]
pub enum TypeDeactivate {}

const ERRORS: FactorErrors = FactorErrors {
    inactive: Some(&errors::FAILED),
    no_code: Some(&errors::NO_CODE),
    wrong_code: Some(&errors::WRONG_CODE),
    ..FactorErrors::new(&errors::NO_TYPE, &errors::UNKNOWN, &errors::NO_CUSTOMER, &errors::NO_USER)
};

impl MultiFactorAuthTypeDeactivateApi for TypeDeactivate {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTypeDeactivate) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ERRORS.subject(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.deactivate(context, person, &kind).await;
        ERRORS.answer(context, "second_factor_deactivated", person, done)
    }
}
