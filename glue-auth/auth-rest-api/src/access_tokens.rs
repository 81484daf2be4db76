//! `POST /access-tokens`: a customer logs in (reference/authentication.md §1.3).

use glue_core::document::{Entity, Listing};
use glue_core::error::Outcome;
use glue_core::request::Anyone;
use oauth::{Caller, GrantError, PasswordRequest};

use crate::SharedEngine;
use crate::generated::access_tokens::api::AccessTokensApi;
use crate::generated::access_tokens::attributes::{AccessToken, CreateAccessToken};
use crate::generated::access_tokens::errors;
use crate::generated::access_tokens::routes::{Create, List};
use crate::refusals::CredentialErrors;
use crate::token_document::token_document;

/// The behaviour of `access-tokens`.
#[derive(Debug)]
pub enum AccessTokens {}

impl AccessTokensApi for AccessTokens {
    async fn list(cx: &Anyone<List>) -> Outcome<Listing<AccessToken>> {
        crate::empty_listing(cx)
    }

    async fn create(cx: &Anyone<Create>, input: CreateAccessToken) -> Outcome<Entity<AccessToken>> {
        let username = crate::audited(&input.username);
        let request = PasswordRequest {
            caller: Caller { client: None, source: cx.source().to_owned() },
            grant: "password",
            username: input.username,
            password: input.password.into(),
            scopes: Vec::new(),
        };
        let outcome = cx.service::<SharedEngine>()?.password(request, cx.now()).await;
        let pair = outcome
            .inspect_err(|error| audit(cx, &username, error))
            .map_err(|error| REFUSALS.read_in(cx.language(), error))?;
        tracing::info!(target: "audit", event = "login_succeeded", ?username, request_id = %cx.request_id());
        let id_company_user = pair.user.text("id_company_user").map(str::to_owned);
        Ok(token_document!(AccessToken, pair, id_company_user))
    }
}

/// The name is escaped by its `Debug` form: nobody writes log lines of their own.
fn audit(cx: &Anyone<Create>, username: &str, error: &GrantError) {
    tracing::warn!(target: "audit", event = "login_failed", ?username, request_id = %cx.request_id(), reason = %error);
}

const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::FAILED, blocked: &errors::BLOCKED, busy: &errors::BUSY };
