//! `POST /customer-forgotten-password` (contract/resources.md §1.4): the answer is the same for everybody.

use glue_core::error::Outcome;
use glue_core::request::Anyone;

use crate::customer_password::SharedPasswordKeeper;
use crate::generated::customer_forgotten_password::api::CustomerForgottenPasswordApi;
use crate::generated::customer_forgotten_password::attributes::CreateCustomerForgottenPassword;
use crate::generated::customer_forgotten_password::routes::Create;

/// The behaviour of `customer-forgotten-password`.
#[derive(Debug)]
pub enum ForgottenPasswords {}

impl CustomerForgottenPasswordApi for ForgottenPasswords {
    async fn create(cx: &Anyone<Create>, input: CreateCustomerForgottenPassword) -> Outcome<()> {
        cx.service::<SharedPasswordKeeper>()?.forgotten(cx, input.email).await
    }
}
