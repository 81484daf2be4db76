//! `/sessions`: people see where they are logged in, and log out there (security.md I5).

use glue_core::document::{Entity, Listing};
use glue_core::error::Outcome;
use glue_core::request::{Authed, RequestContext};
use glue_core::value::DateTime;

use crate::SharedEngine;
use crate::authenticator::session_of;
use crate::generated::sessions::api::SessionsApi;
use crate::generated::sessions::attributes::{Session, SessionId};
use crate::generated::sessions::errors;
use crate::generated::sessions::routes::{Delete, List};
use crate::refusals::{CredentialErrors, UNCOUNTED};

/// The behaviour of `sessions`.
#[derive(Debug)]
pub enum Sessions {}

impl SessionsApi for Sessions {
    async fn list(cx: &Authed<List>) -> Outcome<Listing<Session>> {
        let engine = cx.service::<SharedEngine>()?;
        let found = match session_of(cx.user()) {
            Some(from) => engine.sessions_from(from, cx.now()).await.map_err(|error| REFUSALS.of(error))?,
            None => Vec::new(),
        };
        let entity = |session: oauth::Session| Entity {
            id: Some(session.id),
            attributes: Session {
                kind: session.kind,
                parent: session.parent,
                client: session.client,
                scopes: session.scopes,
                since: DateTime(session.since),
                refreshed_at: DateTime(session.refreshed_at),
                until: DateTime(session.until),
            },
        };
        let entities: Vec<_> = found.into_iter().map(entity).collect();
        let (page, total) = (cx.page(100, 1_000)?, i64::try_from(entities.len()).unwrap_or(i64::MAX));
        Ok(Listing::new(window(entities, page), page, total))
    }

    async fn delete(cx: &Authed<Delete>, id: SessionId) -> Outcome<()> {
        let engine = cx.service::<SharedEngine>()?;
        let ended = match session_of(cx.user()) {
            Some(from) => engine.end_session(from, id.as_str(), cx.now()).await.map_err(|error| REFUSALS.of(error))?,
            None => false,
        };
        let context: &RequestContext = cx;
        tracing::info!(target: "audit", event = "session_ended", ended, request_id = %context.request_id());
        if ended { Ok(()) } else { Err((&errors::NOT_FOUND).into()) }
    }
}

/// What this door answers with; it judges no credentials.
const REFUSALS: CredentialErrors = CredentialErrors { failed: &errors::NOT_FOUND, blocked: UNCOUNTED, busy: UNCOUNTED };

fn window<T>(all: Vec<T>, page: glue_core::input::query::Page) -> Vec<T> {
    let (offset, limit) = (usize::try_from(page.offset).unwrap_or(0), usize::try_from(page.limit).unwrap_or(0));
    all.into_iter().skip(offset).take(limit).collect()
}
