//! The check of a request: a user validator of the pipeline.

use futures_util::future::LocalBoxFuture;
use glue_core::error::{ErrorObject, codes};
use glue_core::request::RequestContext;
use glue_core::request::hooks::UserValidator;

use crate::SharedMultiFactor;
use crate::errors::person;
use crate::service::Refused;

/// Asks callers who have a second factor for its code, where the definition says `multiFactor: true`.
#[derive(Debug)]
pub struct SecondFactor;

impl UserValidator for SecondFactor {
    fn validate<'a>(&'a self, cx: &'a RequestContext) -> LocalBoxFuture<'a, Vec<ErrorObject>> {
        Box::pin(async move {
            if !cx.route().asks_for_code() {
                return Vec::new();
            }
            // Who is neither customer nor user has no factors: an agent, a warehouse, a client.
            let Some(person) = cx.identity().and_then(person) else { return Vec::new() };
            let Ok(service) = cx.service::<SharedMultiFactor>() else { return vec![(&codes::UNAVAILABLE).into()] };
            let row = match service.check(cx, person).await {
                Ok(()) => return Vec::new(),
                Err(Refused::NoCode) => &codes::NO_FACTOR_CODE,
                Err(Refused::WrongCode) => &codes::WRONG_FACTOR_CODE,
                Err(
                    error @ (Refused::Unknown
                    | Refused::Active
                    | Refused::Inactive
                    | Refused::TooMany { .. }
                    | Refused::NotSent(_)
                    | Refused::Random
                    | Refused::Storage(_)),
                ) => {
                    tracing::warn!(%error, request_id = %cx.request_id(), "a second factor could not be judged");
                    &codes::UNAVAILABLE
                }
            };
            tracing::info!(target: "audit", event = "second_factor_refused", request_id = %cx.request_id());
            vec![row.into()]
        })
    }
}
