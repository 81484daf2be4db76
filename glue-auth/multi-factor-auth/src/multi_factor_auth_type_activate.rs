//! `POST /multi-factor-auth-type-activate`: begins with a type.

use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};

use crate::SharedMultiFactor;
use crate::errors::{FactorErrors, NotSentErrors};
use crate::generated::multi_factor_auth_type_activate::api::MultiFactorAuthTypeActivateApi;
use crate::generated::multi_factor_auth_type_activate::attributes::CreateMultiFactorAuthTypeActivate;
use crate::generated::multi_factor_auth_type_activate::errors;
use crate::generated::multi_factor_auth_type_activate::routes::Create;

/// The behaviour of `multi-factor-auth-type-activate`.
#[derive(Debug)]
pub enum TypeActivate {}

const ERRORS: FactorErrors = FactorErrors {
    active: Some(&errors::ACTIVE),
    too_many: Some(&errors::TOO_MANY),
    not_sent: Some(NotSentErrors {
        failed: &errors::NOT_SENT,
        no_customer: &errors::CUSTOMER_GONE,
        no_user: &errors::USER_GONE,
    }),
    ..FactorErrors::new(&errors::NO_TYPE, &errors::UNKNOWN, &errors::NO_CUSTOMER, &errors::NO_USER)
};

impl MultiFactorAuthTypeActivateApi for TypeActivate {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTypeActivate) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ERRORS.subject(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.activate(context, person, &kind).await;
        ERRORS.answer(context, "second_factor_begun", person, done)
    }
}
