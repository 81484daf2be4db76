//! `/refresh-tokens`: exchange one, revoke one, revoke all of the caller's (reference/authentication.md §1.4).

use glue_core::document::{Entity, Listing};
use glue_core::error::Outcome;
use glue_core::request::{Anyone, Authed};
use oauth::{Caller, RefreshRequest, RevocationCaller};
use oauth_extension::UserIdentifier;

use crate::SharedEngine;
use crate::authenticator::session_of;
use crate::generated::refresh_tokens::api::RefreshTokensApi;
use crate::generated::refresh_tokens::attributes::{CreateRefreshToken, RefreshToken, RefreshTokenId};
use crate::generated::refresh_tokens::errors;
use crate::generated::refresh_tokens::routes::{Create, Delete, List};
use crate::refusals::{CredentialErrors, UNCOUNTED};
use crate::token_document::token_document;

/// The behaviour of `refresh-tokens`.
#[derive(Debug)]
pub enum RefreshTokens {}

/// The reserved id: every session that the caller answers for.
const MINE: &str = "mine";

impl RefreshTokensApi for RefreshTokens {
    async fn list(cx: &Anyone<List>) -> Outcome<Listing<RefreshToken>> {
        crate::empty_listing(cx)
    }

    async fn create(cx: &Anyone<Create>, input: CreateRefreshToken) -> Outcome<Entity<RefreshToken>> {
        let caller = Caller { client: None, source: cx.source().to_owned() };
        let request = RefreshRequest { caller, token: input.refresh_token.into(), scopes: Vec::new() };
        let outcome = cx.service::<SharedEngine>()?.refresh(request, cx.now()).await;
        let event = if outcome.is_ok() { "token_refreshed" } else { "refresh_refused" };
        tracing::info!(target: "audit", event, request_id = %cx.request_id());
        let pair = outcome.map_err(|error| REFUSALS.of(error))?;
        Ok(token_document!(RefreshToken, pair))
    }

    async fn delete(cx: &Authed<Delete>, id: RefreshTokenId) -> Outcome<()> {
        let engine = cx.service::<SharedEngine>()?;
        let user = UserIdentifier((*cx.user().claims).clone());
        let caller = RevocationCaller { session: session_of(cx.user()), user: &user, source: cx.source() };
        let done = match id.as_str() {
            MINE => engine.revoke_all(caller, cx.now()).await,
            token => engine.revoke(token, caller, cx.now()).await,
        };
        // Unknown, foreign and revoked tokens are answered alike; a revocation that is not durable never is.
        done.map_err(|error| REFUSALS.of(error))?;
        tracing::info!(target: "audit", event = "refresh_token_revoked", request_id = %cx.request_id());
        Ok(())
    }
}

const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::FAILED, blocked: &errors::BLOCKED, busy: UNCOUNTED };
