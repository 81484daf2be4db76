//! `POST /token`: the OAuth 2 token endpoint (RFC 6749 §3.2; contract/authentication.md §1.5).

mod refusals;

use glue_core::error::Outcome;
use glue_core::guard::Anyone;
use glue_core::input::Form;
use glue_core::profile::Profile;
use oauth::{ClientCredentials, PasswordRequest, RefreshRequest, TokenPair};

use crate::SharedEngine;
use crate::generated::token::api::TokenApi;
use crate::generated::token::attributes::Token as Answer;
use crate::generated::token::routes::Create;
use refusals::Refusals;

/// The behaviour of `token`.
#[derive(Debug)]
pub enum Token {}

impl TokenApi for Token {
    async fn create(cx: &Anyone<Create>, form: Form) -> Outcome<Answer> {
        let refusals = Refusals::of(cx.rules().profile);
        let fields = Fields { form: &form, profile: cx.rules().profile, refusals };
        let outcome = grant(cx, &fields).await;
        let event = if outcome.is_ok() { "token_granted" } else { "token_refused" };
        let username = fields.get("username").ok().flatten();
        tracing::info!(target: "audit", event, ?username, request_id = %cx.request_id());
        let pair = outcome?;
        Ok(Answer {
            access_token: pair.access_token,
            token_type: "Bearer".into(),
            expires_in: pair.expires_in,
            refresh_token: pair.refresh_token,
        })
    }
}

async fn grant(cx: &Anyone<Create>, fields: &Fields<'_>) -> Outcome<TokenPair> {
    let engine = cx.service::<SharedEngine>()?;
    let refusals = fields.refusals;
    let grant_type = fields.get("grant_type")?;
    let client = fields.client()?;
    let scopes = fields.scopes()?;
    match grant_type.as_deref() {
        Some("password") => {
            let (username, password) = (fields.needed("username")?, fields.needed("password")?.into());
            let request = PasswordRequest { client, username, password, scopes };
            engine.password(request, cx.now()).await.map_err(|error| refusals.refused(error))
        }
        Some("refresh_token") => {
            let request = RefreshRequest { client, token: fields.needed("refresh_token")?.into(), scopes };
            engine.refresh(request, cx.now()).await.map_err(|error| refusals.refused(error))
        }
        Some(_) => Err(refusals.unknown_grant.into()),
        None => Err(refusals.no_grant.into()),
    }
}

/// The parameters that are read; every other one is ignored, so that nobody sets what is not theirs to set.
struct Fields<'a> {
    form: &'a Form,
    profile: Profile,
    refusals: Refusals,
}

impl Fields<'_> {
    /// A parameter's value. An empty one counts as absent by the RFC, and as a value in the other profile.
    fn get(&self, name: &str) -> Outcome<Option<String>> {
        let value = self.form.get(name).map_err(|_| self.refusals.malformed)?;
        if value.is_some_and(|value| value.contains('\0')) {
            return Err(self.refusals.malformed.into());
        }
        let empty_counts = self.profile == Profile::Spryker;
        Ok(value.filter(|value| empty_counts || !value.is_empty()).map(str::to_owned))
    }

    fn needed(&self, name: &str) -> Outcome<String> {
        Ok(self.get(name)?.ok_or(self.refusals.malformed)?)
    }

    fn client(&self) -> Outcome<Option<ClientCredentials>> {
        let (id, secret) = (self.get("client_id")?, self.get("client_secret")?);
        let id = id.filter(|id| !id.is_empty());
        if id.is_none()
            && secret.as_ref().is_some_and(|secret| !secret.is_empty())
            && self.profile == Profile::Documented
        {
            return Err(self.refusals.malformed.into());
        }
        Ok(id.map(|id| ClientCredentials { id, secret: secret.map(Into::into) }))
    }

    fn scopes(&self) -> Outcome<Vec<String>> {
        let scope = self.get("scope")?.unwrap_or_default();
        Ok(scope.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }
}
