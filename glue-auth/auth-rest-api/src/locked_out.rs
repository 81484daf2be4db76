//! In a running shop, whoever guessed too often reads that before anything else is looked at
//! (reference/authentication.md §1.1 step 9, §1.3).

use futures_util::future::LocalBoxFuture;
use glue_core::error::{ApiError, Outcome};
use glue_core::request::hooks::{BodyValidator, ReceivedRequest};
use glue_core::route::Verb;
use oauth::GrantError;
use serde::Deserialize;

use crate::generated::{access_tokens, agent_access_tokens};
use crate::{SharedEngine, agents};

/// Answers to blocked accounts and sources at the two doors that a shop counts.
pub struct LockedOut(pub SharedEngine);

/// What of a body matters here.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    username: std::borrow::Cow<'a, str>,
}

impl BodyValidator for LockedOut {
    fn validate<'a>(&'a self, arrived: ReceivedRequest<'a>) -> LocalBoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let (customers, staff) =
                (&access_tokens::routes::STOREFRONT_POST, &agent_access_tokens::routes::STOREFRONT_POST);
            let (grant, row) = match arrived.route.resource {
                _ if arrived.route.verb != Verb::Post => return Ok(()),
                kind if kind == customers.resource => ("password", &access_tokens::errors::BLOCKED),
                kind if kind == staff.resource => (agents::GRANT, &agent_access_tokens::errors::BLOCKED),
                _ => return Ok(()),
            };
            // What does not parse names nobody; it is refused later.
            let Ok(named) = serde_json::from_slice::<Named<'_>>(arrived.attributes) else { return Ok(()) };
            match self.0.admits(grant, &named.username, &arrived.source, arrived.now).await {
                Err(GrantError::Blocked { seconds }) => Err(ApiError::too_many(row, seconds, arrived.language)),
                // Whatever else is the matter, the door says so.
                Ok(()) | Err(_) => Ok(()),
            }
        })
    }
}
