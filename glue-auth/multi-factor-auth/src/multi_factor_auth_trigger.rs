//! `POST /multi-factor-auth-trigger`: sends a code.

use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};

use crate::SharedMultiFactor;
use crate::errors::{FactorErrors, NotSentErrors};
use crate::generated::multi_factor_auth_trigger::api::MultiFactorAuthTriggerApi;
use crate::generated::multi_factor_auth_trigger::attributes::CreateMultiFactorAuthTrigger;
use crate::generated::multi_factor_auth_trigger::errors;
use crate::generated::multi_factor_auth_trigger::routes::Create;

/// The behaviour of `multi-factor-auth-trigger`.
#[derive(Debug)]
pub enum Trigger {}

const ERRORS: FactorErrors = FactorErrors {
    too_many: Some(&errors::TOO_MANY),
    not_sent: Some(NotSentErrors {
        failed: &errors::NOT_SENT,
        no_customer: &errors::CUSTOMER_GONE,
        no_user: &errors::USER_GONE,
    }),
    ..FactorErrors::new(&errors::NO_TYPE, &errors::UNKNOWN, &errors::NO_CUSTOMER, &errors::NO_USER)
};

impl MultiFactorAuthTriggerApi for Trigger {
    async fn create(cx: &Authed<Create>, input: CreateMultiFactorAuthTrigger) -> Outcome<()> {
        let context: &RequestContext = cx;
        let (person, kind) = ERRORS.subject(context, input.r#type)?;
        let done = cx.service::<SharedMultiFactor>()?.trigger(context, person, &kind).await;
        ERRORS.answer(context, "second_factor_triggered", person, done)
    }
}
