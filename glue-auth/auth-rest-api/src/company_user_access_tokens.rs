//! `POST /company-user-access-tokens`: a customer becomes a member of a company (reference/authentication.md §1.7).

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Authed;
use oauth_extension::GrantRequest;

use crate::SharedEngine;
use crate::authenticator::session_of;
use crate::generated::company_user_access_tokens::api::CompanyUserAccessTokensApi;
use crate::generated::company_user_access_tokens::attributes::{CompanyUserAccessToken, CreateCompanyUserAccessToken};
use crate::generated::company_user_access_tokens::errors;
use crate::generated::company_user_access_tokens::routes::Create;
use crate::refusals::{CredentialErrors, UNCOUNTED};
use crate::token_document::token_document;

/// The behaviour of `company-user-access-tokens`.
#[derive(Debug)]
pub enum CompanyUserAccessTokens {}

impl CompanyUserAccessTokensApi for CompanyUserAccessTokens {
    async fn create(
        cx: &Authed<Create>,
        input: CreateCompanyUserAccessToken,
    ) -> Outcome<Entity<CompanyUserAccessToken>> {
        let (member, customer) = (input.id_company_user, cx.user().natural.clone());
        let person = GrantRequest::answered("idCompanyUser", vec![("idCompanyUser", member.clone())]);
        let engine = cx.service::<SharedEngine>()?;
        let outcome = engine.derive(session_of(cx.user()), person, None, cx.now()).await;
        let event = if outcome.is_ok() { "company_user_selected" } else { "company_user_refused" };
        tracing::info!(target: "audit", event, ?customer, ?member, request_id = %cx.request_id());
        let pair = outcome.map_err(|error| REFUSALS.of(error))?;
        Ok(token_document!(CompanyUserAccessToken, pair))
    }
}

const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::FAILED, blocked: &errors::BLOCKED, busy: UNCOUNTED };
