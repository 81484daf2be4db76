//! What an authorization request asks for, and the ways back to its client.

use glue_core::error::{ApiError, Outcome};
use glue_core::reply::HtmlPage;
use glue_core::request::{Form, RequestContext};
use oauth::{AuthorizationRequest, GrantError};

use crate::{SharedEngine, challenge};

/// A request that can be shown to a person.
pub(super) struct CheckedRequest {
    pub(super) request: AuthorizationRequest,
    /// The client's name.
    pub(super) client: String,
    /// Where the answer goes.
    pub(super) redirect_uri: String,
    state: Option<String>,
    issuer: String,
}

/// The longest `state` that a client may hand through.
const LONGEST_STATE: usize = 1_024;

/// A request that cannot.
pub(super) enum BrokenRequest {
    /// The person is told here: where the answer would go is not known to be the client's.
    Here(&'static str),
    /// The client is told there.
    There(HtmlPage),
}

/// Reads a request. The client and its redirection come first: only then can anything be sent there.
pub(super) async fn read(cx: &RequestContext, form: &Form) -> Outcome<Result<CheckedRequest, BrokenRequest>> {
    let engine = cx.service::<SharedEngine>()?;
    let given = |name| form.get(name).map(|value| value.filter(|value| !value.is_empty()).map(str::to_owned));
    let (Ok(client), Ok(redirect_uri)) = (given("client_id"), given("redirect_uri")) else {
        return Ok(Err(BrokenRequest::Here("A parameter stands more than once.")));
    };
    let Some(client) = client else { return Ok(Err(BrokenRequest::Here("No client is named."))) };
    let named = match engine.authorization_client(&client, redirect_uri.as_deref()).await {
        Ok(named) => named,
        Err(GrantError::InvalidClient) => return Ok(Err(BrokenRequest::Here("The client is not known."))),
        Err(GrantError::DeadCode(_)) => {
            return Ok(Err(BrokenRequest::Here(
                "The client did not register the place that it wants you to go on to.",
            )));
        }
        Err(GrantError::Unavailable(reason)) => return Err(ApiError::unavailable(reason)),
        Err(error) => return Err(ApiError::internal(error)),
    };
    let state = given("state");
    let request = AuthorizationRequest { client, redirect_uri, scopes: Vec::new(), code_challenge: String::new() };
    let mut asked = CheckedRequest {
        request,
        client: named.name,
        redirect_uri: named.redirect_uri,
        state: state.clone().unwrap_or_default(),
        issuer: engine.conventions().issuer.clone(),
    };
    let refuse = |asked: &CheckedRequest, word, why| Ok(Err(BrokenRequest::There(asked.refuse(word, why))));
    let names = ["response_type", "scope", "code_challenge", "code_challenge_method"];
    let [Ok(kind), Ok(scope), Ok(challenge), Ok(method)] = names.map(given) else {
        return refuse(&asked, "invalid_request", "A parameter stands more than once.");
    };
    match &state {
        Err(_) => return refuse(&asked, "invalid_request", "A parameter stands more than once."),
        // It comes back in an address, and an address that is too long leads nowhere.
        Ok(Some(state)) if state.len() > LONGEST_STATE => {
            asked.state = None;
            return refuse(&asked, "invalid_request", "`state` is longer than 1,024 bytes.");
        }
        Ok(_) => {}
    }
    match kind.as_deref() {
        Some("code") => {}
        Some(_) => return refuse(&asked, "unsupported_response_type", "Only `code` is served."),
        None => return refuse(&asked, "invalid_request", "`response_type` is missing."),
    }
    match challenge::read(challenge.as_deref(), method.as_deref()) {
        Ok(challenge) => asked.request.code_challenge = challenge,
        Err(unfit) => return refuse(&asked, "invalid_request", unfit.text()),
    }
    asked.request.scopes = crate::split_scopes(scope.as_deref());
    Ok(Ok(asked))
}

impl CheckedRequest {
    /// Sends the person back with a code.
    pub(super) fn allow(&self, code: &str) -> HtmlPage {
        self.back(&[("code", code)])
    }

    /// Sends the person back with a refusal (RFC 6749 §4.1.2.1).
    pub(super) fn refuse(&self, word: &str, why: &str) -> HtmlPage {
        self.back(&[("error", word), ("error_description", why)])
    }

    /// Every answer names its issuer, so that no other server's can be passed off as this one's (RFC 9207).
    fn back(&self, answer: &[(&str, &str)]) -> HtmlPage {
        let state = self.state.as_deref().map(|state| ("state", state));
        let pairs: Vec<(&str, &str)> =
            answer.iter().copied().chain(state).chain([("iss", self.issuer.as_str())]).collect();
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        let base = self.redirect_uri.split('#').next().unwrap_or_default();
        HtmlPage::elsewhere(&format!("{base}{}{query}", if base.contains('?') { '&' } else { '?' }))
    }

    /// What the page's own form has to send again.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let request = &self.request;
        let mut fields = vec![
            ("response_type", "code".to_owned()),
            ("client_id", request.client.clone()),
            ("code_challenge", request.code_challenge.clone()),
            ("code_challenge_method", "S256".to_owned()),
        ];
        fields.extend(request.redirect_uri.clone().map(|uri| ("redirect_uri", uri)));
        fields.extend(self.state.clone().map(|state| ("state", state)));
        if !request.scopes.is_empty() {
            fields.push(("scope", request.scopes.join(" ")));
        }
        fields
    }
}
