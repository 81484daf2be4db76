//! `POST /oauth/introspect`: what a token is worth now (RFC 7662).

use glue_core::error::Outcome;
use glue_core::request::{Anyone, Form};

use crate::generated::introspection::api::IntrospectionApi;
use crate::generated::introspection::attributes::Introspection as Answer;
use crate::generated::introspection::errors;
use crate::generated::introspection::routes::Create;
use crate::refusals::CredentialErrors;
use crate::{SharedEngine, credentials, joined_scopes};

/// The behaviour of `introspection`.
#[derive(Debug)]
pub enum Introspection {}

/// What is said of every token that is not live, or not the client's business: this and nothing else (§2.2).
const INACTIVE: Answer = Answer {
    active: false,
    client_id: None,
    scope: None,
    username: None,
    token_type: None,
    exp: None,
    iat: None,
    sub: None,
    aud: None,
    iss: None,
    jti: None,
};

impl IntrospectionApi for Introspection {
    async fn create(cx: &Anyone<Create>, form: Form) -> Outcome<Answer> {
        let caller = credentials::caller(cx, &form).map_err(|_| &errors::INVALID_REQUEST)?;
        let given = |name| form.get(name).map_err(|_| &errors::INVALID_REQUEST);
        // The hint saves no work here, but it has to be one.
        given("token_type_hint")?;
        let token = given("token")?.filter(|token| !token.is_empty()).ok_or(&errors::INVALID_REQUEST)?;
        let engine = cx.service::<SharedEngine>()?;
        let Some(live) = engine.introspect(&caller, token, cx.now()).await.map_err(|error| REFUSALS.of(error))? else {
            return Ok(INACTIVE);
        };
        let conventions = engine.conventions();
        Ok(Answer {
            active: true,
            client_id: Some(live.client),
            scope: joined_scopes(&live.scopes),
            username: live.natural,
            token_type: live.is_access.then(|| "Bearer".to_owned()),
            exp: Some(live.expires),
            iat: Some(live.issued),
            sub: Some(live.subject),
            aud: Some(conventions.audience.clone()),
            iss: Some(conventions.issuer.clone()),
            jti: live.id,
        })
    }
}

/// What this door answers with.
const REFUSALS: CredentialErrors =
    CredentialErrors { failed: &errors::INVALID_CLIENT, blocked: &errors::BLOCKED, busy: &errors::UNAVAILABLE };
