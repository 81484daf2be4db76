//! `POST /token`: the OAuth 2 token endpoint (RFC 6749 §3.2; reference/authentication.md §1.5).

mod refusals;

use glue_core::error::Outcome;
use glue_core::profile::{Dialect, Profile, Rules};
use glue_core::request::{Anyone, Form};
use oauth::{Caller, CodeRequest, PasswordRequest, RefreshRequest, TokenPair};

use crate::generated::token::api::TokenApi;
use crate::generated::token::attributes::Token as Answer;
use crate::generated::token::routes::Create;
use crate::{SharedEngine, audited, credentials, joined_scopes};
use refusals::TokenErrors;

/// The behaviour of `token`.
#[derive(Debug)]
pub enum Token {}

impl TokenApi for Token {
    async fn create(cx: &Anyone<Create>, form: Form) -> Outcome<Answer> {
        let refusals = TokenErrors::of(cx.rules());
        let fields = Fields { form: &form, profile: cx.rules().profile, refusals };
        let outcome = grant(cx, &fields).await;
        let event = if outcome.is_ok() { "token_granted" } else { "token_refused" };
        let grant = fields.get("grant_type").ok().flatten();
        let grant = GRANTS.into_iter().find(|known| Some(*known) == grant.as_deref());
        let username = fields.get("username").ok().flatten().map(|name| audited(&name));
        tracing::info!(target: "audit", event, ?grant, ?username, request_id = %cx.request_id());
        let pair = outcome?;
        Ok(Answer {
            access_token: pair.access_token,
            token_type: "Bearer".into(),
            expires_in: pair.expires_in,
            refresh_token: pair.refresh_token,
            // What was given, where it may not be what was asked for (§5.1).
            scope: joined_scopes(&pair.scopes).filter(|_| cx.rules().profile == Profile::Documented),
        })
    }
}

/// The grants of a profile and a dialect.
#[must_use]
pub fn grants(rules: &Rules) -> &'static [&'static str] {
    match (rules.profile, rules.dialect) {
        (Profile::Documented, _) => &GRANTS,
        // reference/authentication.md §1.5.
        (Profile::Spryker, Dialect::Rest) => &["password", "refresh_token"],
        // §1.10.
        (Profile::Spryker, Dialect::Decoupled) => &["password", "authorization_code"],
    }
}

/// The grants by name: what else is sent as one may be anything, a password too, and stays out of the log.
const GRANTS: [&str; 4] = ["password", "refresh_token", "authorization_code", "client_credentials"];

async fn grant(cx: &Anyone<Create>, fields: &Fields<'_>) -> Outcome<TokenPair> {
    let engine = cx.service::<SharedEngine>()?;
    let refusals = fields.refusals;
    let grant_type = fields.get("grant_type")?;
    let caller = fields.caller(cx)?;
    let scopes = fields.scopes()?;
    let kind = grant_type.as_deref().unwrap_or_default();
    if !grants(cx.rules()).contains(&kind) {
        return Err(refusals.no_such_grant(grant_type.as_deref()));
    }
    let outcome = match kind {
        "password" => {
            let (username, password) = (fields.needed("username")?, fields.needed("password")?.into());
            engine.password(PasswordRequest { caller, grant: "password", username, password, scopes }, cx.now()).await
        }
        "refresh_token" => {
            let token = fields.needed("refresh_token")?.into();
            engine.refresh(RefreshRequest { caller, token, scopes }, cx.now()).await
        }
        "authorization_code" => {
            let (code, redirect_uri) = (fields.needed("code")?, fields.get("redirect_uri")?);
            let verifier = fields.get("code_verifier")?.map(Into::into);
            engine.code(CodeRequest { caller, code, redirect_uri, verifier }, cx.now()).await
        }
        _ => engine.client_credentials(caller, scopes, cx.now()).await,
    };
    outcome.map_err(|error| refusals.refused(error))
}

/// The parameters that are read; every other one is ignored, so that nobody sets what is not theirs to set.
struct Fields<'a> {
    form: &'a Form,
    profile: Profile,
    refusals: TokenErrors,
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

    fn caller(&self, cx: &Anyone<Create>) -> Outcome<Caller> {
        match credentials::caller(cx, self.form) {
            Ok(caller) => Ok(caller),
            // A secret without a name is the default client's business there (reference/authentication.md §1.5).
            Err(credentials::Unclear::Malformed) if self.profile == Profile::Spryker => {
                Ok(Caller { client: None, source: cx.source().to_owned() })
            }
            Err(credentials::Unclear::Malformed) if cx.client_authorization().is_some() => {
                Err(self.refusals.client.into())
            }
            Err(_) => Err(self.refusals.malformed.into()),
        }
    }

    fn scopes(&self) -> Outcome<Vec<String>> {
        Ok(crate::split_scopes(self.get("scope")?.as_deref()))
    }
}
