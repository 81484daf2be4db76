//! What the guard asks: the engine's judgement of a token, as an identity of the resource server.

use std::sync::Arc;

use glue_core::guard::{Authenticator, Judging, Rejection};
use glue_core::identity::Identity;
use oauth::jwt::{ENDED, NOBODY};
use time::OffsetDateTime;

use crate::SharedEngine;

/// Judges bearer tokens with the engine, which does not ask the database, and API keys, for which it does.
pub struct EngineAuthenticator(pub SharedEngine);

impl Authenticator for EngineAuthenticator {
    fn authenticate(&self, token: &str, now: OffsetDateTime) -> Result<Identity, Rejection> {
        let judged = self.0.verify(token, now).map_err(|not_ours| match not_ours {
            NOBODY => Rejection::Stranger(not_ours.0),
            ENDED => Rejection::Ended(not_ours.0),
            _ => Rejection::Invalid(not_ours.0),
        })?;
        let (subject, scopes) = (&judged.subject, &judged.verified.scopes);
        Ok(Identity {
            natural: subject.natural.clone(),
            surrogate: subject.surrogate,
            scopes: scopes.clone(),
            claims: judged.claims.clone(),
        })
    }

    fn api_key<'a>(&'a self, key: &'a str, now: OffsetDateTime) -> Judging<'a> {
        Box::pin(async move {
            match self.0.api_key(key, now).await {
                // A key is nobody: no row belongs to it.
                Ok(Some(known)) => Ok(Identity {
                    natural: format!("api-key:{}", known.name),
                    surrogate: -1,
                    scopes: known.scopes,
                    claims: Arc::default(),
                }),
                Ok(None) => Err(Rejection::Invalid("no such API key")),
                Err(error) => {
                    tracing::error!(%error, "an API key could not be looked up");
                    Err(Rejection::Unavailable("the storage cannot answer"))
                }
            }
        })
    }
}
