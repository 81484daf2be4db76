//! `POST /agent-access-tokens`: an agent logs in (reference/authentication.md §1.6).

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Anyone;
use oauth::{Caller, PasswordRequest};

use crate::generated::agent_access_tokens::api::AgentAccessTokensApi;
use crate::generated::agent_access_tokens::attributes::{AgentAccessToken, CreateAgentAccessToken};
use crate::generated::agent_access_tokens::errors;
use crate::generated::agent_access_tokens::routes::Create;
use crate::refusals::CredentialErrors;
use crate::token_document::token_document;
use crate::{SharedEngine, agents};

/// The behaviour of `agent-access-tokens`.
#[derive(Debug)]
pub enum AgentAccessTokens {}

impl AgentAccessTokensApi for AgentAccessTokens {
    async fn create(cx: &Anyone<Create>, input: CreateAgentAccessToken) -> Outcome<Entity<AgentAccessToken>> {
        let username = input.username.unwrap_or_default();
        let request = PasswordRequest {
            caller: Caller { client: None, source: cx.source().to_owned() },
            grant: agents::GRANT,
            username: username.clone(),
            password: input.password.unwrap_or_default().into(),
            scopes: Vec::new(),
        };
        let outcome = cx.service::<SharedEngine>()?.password(request, cx.now()).await;
        let event = if outcome.is_ok() { "agent_login_succeeded" } else { "agent_login_failed" };
        let username = crate::audited(&username);
        tracing::info!(target: "audit", event, ?username, request_id = %cx.request_id());
        let pair = outcome.map_err(|error| REFUSALS.read_in(cx.language(), error))?;
        Ok(token_document!(AgentAccessToken, pair))
    }
}

const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::FAILED, blocked: &errors::BLOCKED, busy: &errors::BUSY };
