//! `GET /multi-factor-auth-types`: what there is, and where the caller stands with it.

use glue_core::document::{Entity, Listing};
use glue_core::error::{ApiError, Outcome};
use glue_core::request::{Authed, RequestContext};

use crate::SharedMultiFactor;
use crate::errors::caller;
use crate::generated::multi_factor_auth_types::api::MultiFactorAuthTypesApi;
use crate::generated::multi_factor_auth_types::attributes::MultiFactorAuthType;
use crate::generated::multi_factor_auth_types::errors;
use crate::generated::multi_factor_auth_types::routes::List;
use crate::service::Refused;

/// The behaviour of `multi-factor-auth-types`.
#[derive(Debug)]
pub enum Types {}

impl MultiFactorAuthTypesApi for Types {
    async fn list(cx: &Authed<List>) -> Outcome<Listing<MultiFactorAuthType>> {
        let context: &RequestContext = cx;
        let person = caller(context, &errors::NO_CUSTOMER, &errors::NO_USER)?;
        let types =
            cx.service::<SharedMultiFactor>()?.types(context, person).await.map_err(|refused| match refused {
                Refused::Storage(error) => ApiError::from(error),
                Refused::Unknown
                | Refused::Active
                | Refused::Inactive
                | Refused::NoCode
                | Refused::WrongCode
                | Refused::TooMany { .. }
                | Refused::NotSent(_)
                | Refused::Random => ApiError::internal(refused),
            })?;
        let total = i64::try_from(types.len()).unwrap_or(i64::MAX);
        let entity = |(name, status): (&str, i32)| Entity {
            id: None,
            attributes: MultiFactorAuthType { r#type: name.to_owned(), status: i64::from(status) },
        };
        Ok(Listing::new(types.into_iter().map(entity).collect(), cx.page(100, 100)?, total))
    }
}
