//! `POST /warehouse-tokens`: a user acts for the warehouse of the active assignment (reference/authentication.md §1.10).

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Authed;
use oauth_extension::GrantRequest;
use time::Duration;

use crate::SharedEngine;
use crate::authenticator::session_of;
use crate::generated::warehouse_tokens::api::WarehouseTokensApi;
use crate::generated::warehouse_tokens::attributes::{CreateWarehouseToken, WarehouseToken};
use crate::generated::warehouse_tokens::errors;
use crate::generated::warehouse_tokens::routes::Create;
use crate::refusals::{CredentialErrors, UNCOUNTED};
use crate::token_document::token_document;

/// The behaviour of `warehouse-tokens`.
#[derive(Debug)]
pub enum WarehouseTokens {}

/// A week (reference/authentication.md §2.3).
const LIFETIME: Duration = Duration::days(7);

impl WarehouseTokensApi for WarehouseTokens {
    async fn create(cx: &Authed<Create>, _: CreateWarehouseToken) -> Outcome<Entity<WarehouseToken>> {
        let user = cx.user().natural.clone();
        let person = GrantRequest::answered("warehouse_token", Vec::new());
        let engine = cx.service::<SharedEngine>()?;
        let outcome = engine.derive(session_of(cx.user()), person, Some(LIFETIME), cx.now()).await;
        let event = if outcome.is_ok() { "warehouse_login_succeeded" } else { "warehouse_login_failed" };
        tracing::info!(target: "audit", event, ?user, request_id = %cx.request_id());
        let pair = outcome.map_err(|error| REFUSALS.of(error))?;
        Ok(token_document!(WarehouseToken, pair))
    }
}

const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::FORBIDDEN, blocked: &errors::BLOCKED, busy: UNCOUNTED };
