//! `POST /oauth/revoke`: a client ends a token of its own (RFC 7009).

use glue_core::error::Outcome;
use glue_core::request::{Anyone, Form};

use crate::generated::revocation::api::RevocationApi;
use crate::generated::revocation::errors;
use crate::generated::revocation::routes::Create;
use crate::refusals::CredentialErrors;
use crate::{SharedEngine, credentials};

/// The behaviour of `revocation`.
#[derive(Debug)]
pub enum Revocation {}

impl RevocationApi for Revocation {
    async fn create(cx: &Anyone<Create>, form: Form) -> Outcome<()> {
        let caller = credentials::caller(cx, &form).map_err(|_| &errors::INVALID_REQUEST)?;
        let given = |name| form.get(name).map_err(|_| &errors::INVALID_REQUEST);
        // The hint saves no work here, but it has to be one.
        given("token_type_hint")?;
        let token = given("token")?.filter(|token| !token.is_empty()).ok_or(&errors::INVALID_REQUEST)?;
        let done = cx.service::<SharedEngine>()?.revoke_token(&caller, token, cx.now()).await;
        let client = caller.client.as_ref().map(|client| client.id.as_str());
        tracing::info!(target: "audit", event = "token_revoked", ?client, done = done.is_ok(), request_id = %cx.request_id());
        done.map_err(|error| REFUSALS.of(error))
    }
}

/// What this door answers with.
const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::INVALID_CLIENT, blocked: &errors::BLOCKED, busy: &errors::UNAVAILABLE };
