//! `POST /authorize`: a code for a program that asks for the password itself (reference/authentication.md §1.10).
//!
//! People in browsers use the page, [`crate::authorization`]. Both end in the same codes, with the same guesses counted.

use glue_core::document::Entity;
use glue_core::error::{ApiError, Outcome};
use glue_core::language::Language;
use glue_core::request::{Anyone, RequestContext};
use oauth::{AuthorizationRequest, GrantError};

use crate::generated::authorize::api::AuthorizeApi;
use crate::generated::authorize::attributes::{Authorize as Allowed, CreateAuthorize};
use crate::generated::authorize::errors;
use crate::generated::authorize::routes::Create;
use crate::{SharedEngine, audited, challenge};

/// The behaviour of `authorize`.
#[derive(Debug)]
pub enum Authorize {}

impl AuthorizeApi for Authorize {
    async fn create(cx: &Anyone<Create>, input: CreateAuthorize) -> Outcome<Entity<Allowed>> {
        let context: &RequestContext = cx;
        let needed = |value: Option<String>| value.filter(|value| !value.is_empty()).ok_or(&errors::INVALID_REQUEST);
        match input.response_type.as_deref() {
            Some("code") => {}
            Some("") | None => return Err((&errors::INVALID_REQUEST).into()),
            Some(_) => return Err((&errors::UNSUPPORTED_GRANT).into()),
        }
        let hashed = challenge::read(input.code_challenge.as_deref(), input.code_challenge_method.as_deref());
        let request = AuthorizationRequest {
            client: needed(input.client_id)?,
            redirect_uri: input.redirect_uri.filter(|uri| !uri.is_empty()),
            scopes: crate::split_scopes(input.scope.as_deref()),
            code_challenge: hashed.map_err(|_| &errors::INVALID_REQUEST)?,
        };
        let (username, password) = (needed(input.username)?, needed(input.password)?);
        let (name, client) = (audited(&username), request.client.clone());
        let engine = cx.service::<SharedEngine>()?;
        let outcome = engine.authorize(request, (username, password.into()), cx.source(), cx.now()).await;
        let event = if outcome.is_ok() { "client_allowed" } else { "login_failed" };
        tracing::info!(target: "audit", event, username = ?name, ?client, request_id = %context.request_id());
        let code = outcome.map_err(refused)?.code;
        Ok(Entity { id: None, attributes: Allowed { state: input.state, code } })
    }
}

fn refused(error: GrantError) -> ApiError {
    let row = match &error {
        GrantError::InvalidCredentials => &errors::INVALID_GRANT,
        GrantError::InvalidClient | GrantError::DeadCode(_) => &errors::INVALID_CLIENT,
        GrantError::UnauthorizedClient => &errors::UNAUTHORIZED_CLIENT,
        GrantError::InvalidScope => &errors::INVALID_SCOPE,
        GrantError::Blocked { seconds } => {
            return ApiError::too_many(&errors::BLOCKED, *seconds, Language::English).caused_by(error);
        }
        GrantError::Busy | GrantError::Unavailable(_) => &errors::BUSY,
        GrantError::WrongVerifier | GrantError::DeadRefreshToken(_) | GrantError::Unfit(_) | GrantError::Defect(_) => {
            return ApiError::internal(error);
        }
    };
    ApiError::from(row).caused_by(error)
}
