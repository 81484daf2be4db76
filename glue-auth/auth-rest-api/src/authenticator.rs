//! What the guard asks: the engine's judgement of a token, as an identity of the resource server.

use std::sync::Arc;

use glue_core::identity::{CallerKind, Identity};
use glue_core::request::{AuthenticationFuture, Authenticator, Rejection};
use oauth::SessionId;
use oauth::jwt::{ENDED, NOBODY, NOT_READY};
use oauth_extension::UserKind;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::SharedEngine;

/// Judges bearer tokens with the engine, which does not ask the database, and API keys, for which it does.
pub struct EngineAuthenticator(pub SharedEngine);

impl Authenticator for EngineAuthenticator {
    fn authenticate(&self, token: &str, now: OffsetDateTime) -> Result<Identity, Rejection> {
        let judged = self.0.verify(token, now).map_err(|not_ours| match not_ours {
            NOBODY => Rejection::Stranger(not_ours.0),
            ENDED => Rejection::Ended(not_ours.0),
            NOT_READY => Rejection::Unavailable(not_ours.0),
            _ => Rejection::Invalid(not_ours.0),
        })?;
        let (subject, scopes) = (&judged.subject, &judged.verified.scopes);
        Ok(Identity {
            kind: kind(subject.kind),
            natural: subject.natural.clone(),
            surrogate: subject.surrogate,
            scopes: scopes.clone(),
            claims: judged.claims.clone(),
            session: judged.verified.session.map(|session| Uuid::from_u128(session.as_u128())),
        })
    }

    fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    fn api_key<'a>(&'a self, key: &'a str, now: OffsetDateTime) -> AuthenticationFuture<'a> {
        Box::pin(async move {
            match self.0.api_key(key, now).await {
                // A key is nobody: no row belongs to it.
                Ok(Some(known)) => Ok(Identity {
                    kind: CallerKind::Other,
                    natural: format!("api-key:{}", known.name),
                    surrogate: -1,
                    scopes: known.scopes,
                    claims: Arc::default(),
                    session: None,
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

/// What the identifiers of a person of this kind identify.
fn kind(person: UserKind) -> CallerKind {
    match person {
        UserKind::Customer | UserKind::CompanyUser | UserKind::ImpersonatedCustomer => CallerKind::Customer,
        UserKind::BackOfficeUser | UserKind::WarehouseUser => CallerKind::User,
        UserKind::Agent => CallerKind::Agent,
        UserKind::Warehouse | UserKind::Client | UserKind::Other(_) => CallerKind::Other,
    }
}

/// The session of a caller's token, as the engine names it.
pub(crate) fn session_of(identity: &Identity) -> Option<SessionId> {
    identity.session.map(|session| SessionId::from_u128(session.as_u128()))
}
