//! What the guard asks: the engine's judgement of a token, as an identity of the resource server.

use glue_core::guard::{Authenticator, Rejection};
use glue_core::identity::Identity;
use time::OffsetDateTime;

use crate::SharedEngine;

/// Judges bearer tokens with the engine. It never asks the database.
pub struct EngineAuthenticator(pub SharedEngine);

impl Authenticator for EngineAuthenticator {
    fn authenticate(&self, token: &str, now: OffsetDateTime) -> Result<Identity, Rejection> {
        let judged = self.0.verify(token, now).map_err(|not_ours| Rejection::Invalid(not_ours.0))?;
        let (subject, scopes) = (&judged.subject, &judged.verified.scopes);
        Ok(Identity {
            natural: subject.natural.clone(),
            surrogate: subject.surrogate,
            scopes: scopes.clone(),
            claims: judged.claims.clone(),
        })
    }
}
