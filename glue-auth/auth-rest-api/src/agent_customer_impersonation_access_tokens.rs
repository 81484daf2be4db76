//! `POST /agent-customer-impersonation-access-tokens`: an agent acts for a customer (reference/authentication.md §1.6).

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::ByAgent;
use oauth_extension::GrantRequest;

use crate::SharedEngine;
use crate::authenticator::session_of;
use crate::generated::agent_customer_impersonation_access_tokens::api::AgentCustomerImpersonationAccessTokensApi;
use crate::generated::agent_customer_impersonation_access_tokens::attributes::{
    AgentCustomerImpersonationAccessToken, CreateAgentCustomerImpersonationAccessToken,
};
use crate::generated::agent_customer_impersonation_access_tokens::errors;
use crate::generated::agent_customer_impersonation_access_tokens::routes::Create;
use crate::refusals::{CredentialErrors, UNCOUNTED};
use crate::token_document::token_document;

/// The behaviour of `agent-customer-impersonation-access-tokens`.
#[derive(Debug)]
pub enum AgentCustomerImpersonationAccessTokens {}

impl AgentCustomerImpersonationAccessTokensApi for AgentCustomerImpersonationAccessTokens {
    async fn create(
        cx: &ByAgent<Create>,
        input: CreateAgentCustomerImpersonationAccessToken,
    ) -> Outcome<Entity<AgentCustomerImpersonationAccessToken>> {
        let agent = cx.agent();
        let customer = input.customer_reference.unwrap_or_default();
        let fields = vec![("customerReference", customer.clone())];
        let person = GrantRequest::answered("customer_impersonation", fields);
        let engine = cx.service::<SharedEngine>()?;
        let outcome = engine.derive(session_of(agent), person, None, cx.now()).await;
        // The token has no trace of the agent (§2.2): this line has one, and a hash in its row.
        let event = if outcome.is_ok() { "customer_impersonated" } else { "impersonation_failed" };
        let customer = crate::audited(&customer);
        tracing::info!(target: "audit", event, agent = %agent.natural, ?customer, request_id = %cx.request_id());
        let pair = outcome.map_err(|error| REFUSALS.of(error))?;
        Ok(token_document!(AgentCustomerImpersonationAccessToken, pair))
    }
}

const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::FAILED, blocked: &errors::BLOCKED, busy: UNCOUNTED };
