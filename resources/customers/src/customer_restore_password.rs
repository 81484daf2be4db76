//! `PATCH /customer-restore-password/{id}` (contract/resources.md §1.5): the key says whose password it is.

use glue_core::error::Outcome;
use glue_core::request::Anyone;

use crate::customer_password::SharedPasswordKeeper;
use crate::generated::customer_restore_password::api::CustomerRestorePasswordApi;
use crate::generated::customer_restore_password::attributes::{
    CustomerRestorePasswordId, UpdateCustomerRestorePassword,
};
use crate::generated::customer_restore_password::errors;
use crate::generated::customer_restore_password::routes::Update;

/// The behaviour of `customer-restore-password`.
#[derive(Debug)]
pub enum RestoredPasswords {}

impl CustomerRestorePasswordApi for RestoredPasswords {
    async fn update(
        cx: &Anyone<Update>,
        _: CustomerRestorePasswordId,
        input: UpdateCustomerRestorePassword,
    ) -> Outcome<()> {
        if input.password != input.confirm_password {
            return Err((&errors::UNEQUAL).into());
        }
        cx.service::<SharedPasswordKeeper>()?.restore(cx, input.restore_password_key, input.password).await
    }
}
