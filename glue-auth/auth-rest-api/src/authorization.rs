//! `/oauth/authorize`: a person logs in and allows a client what it asks for (RFC 6749 §4.1, RFC 7636, RFC 9207).
//!
//! There is no session of a browser: every authorization asks for the password, so nothing can be allowed behind a
//! person's back, and there is no cookie to protect.

mod pages;
mod request;

use actix_web::http::StatusCode;
use glue_core::error::{ApiError, Outcome};
use glue_core::reply::HtmlPage;
use glue_core::request::{Anyone, Form, RequestContext};
use oauth::GrantError;

use crate::generated::authorization::api::AuthorizationApi;
use crate::generated::authorization::routes::{Create, Get};
use crate::{SharedEngine, audited};
use request::{BrokenRequest, CheckedRequest};

/// The behaviour of `authorization`.
#[derive(Debug)]
pub enum AuthorizationPage {}

impl AuthorizationApi for AuthorizationPage {
    async fn get(cx: &Anyone<Get>) -> Outcome<HtmlPage> {
        let pairs = Form::of(cx.query());
        match request::read(cx, &pairs).await? {
            Ok(asked) => pages::ask(cx, &asked, "", None, StatusCode::OK),
            Err(broken) => refuse(broken),
        }
    }

    async fn create(cx: &Anyone<Create>, form: Form) -> Outcome<HtmlPage> {
        // The page's own form is sent by the page: nobody is logged in behind their back from elsewhere.
        if cx.is_cross_site() {
            return pages::refused(StatusCode::FORBIDDEN, "This was sent by another site.");
        }
        let asked = match request::read(cx, &form).await? {
            Ok(asked) => asked,
            Err(broken) => return refuse(broken),
        };
        let given = |name| form.get(name).ok().flatten().unwrap_or_default().to_owned();
        if given("decision") == "deny" {
            return Ok(asked.refuse("access_denied", "The user refused."));
        }
        if given("decision") != "allow" {
            return pages::ask(cx, &asked, &given("username"), None, StatusCode::OK);
        }
        let (username, password) = (given("username"), given("password"));
        let engine = cx.service::<SharedEngine>()?;
        let outcome =
            engine.authorize(asked.request.clone(), (username.clone(), password.into()), cx.source(), cx.now()).await;
        audit(cx, &asked, &username, outcome.as_ref().err());
        let again = |message: &str, status| pages::ask(cx, &asked, &username, Some(message), status);
        match outcome {
            Ok(allowed) => Ok(asked.allow(&allowed.code)),
            // Not 401: that would owe a challenge (RFC 9110 §15.5.2), and browsers have none for a form.
            Err(GrantError::InvalidCredentials) => again("User name and password do not fit.", StatusCode::FORBIDDEN),
            Err(GrantError::Blocked { seconds }) => {
                let minutes = (seconds + 59) / 60;
                let message = format!("Too many attempts. Please wait {minutes} minutes.");
                again(&message, StatusCode::TOO_MANY_REQUESTS).map(|page| page.retry_after(seconds))
            }
            Err(GrantError::Busy | GrantError::Unavailable(_)) => {
                let message = "The service is busy. Please try again.";
                again(message, StatusCode::SERVICE_UNAVAILABLE).map(|page| page.retry_after(1))
            }
            Err(GrantError::InvalidScope) => Ok(asked.refuse("invalid_scope", "None of the scopes can be given.")),
            Err(GrantError::UnauthorizedClient) => {
                Ok(asked.refuse("unauthorized_client", "The client may not ask for codes."))
            }
            Err(error) => Err(ApiError::internal(error)),
        }
    }
}

fn audit(cx: &RequestContext, asked: &CheckedRequest, username: &str, error: Option<&GrantError>) {
    let username = audited(username);
    let (client, event) = (&asked.request.client, if error.is_none() { "client_allowed" } else { "login_failed" });
    let reason = error.map(ToString::to_string);
    tracing::info!(target: "audit", event, ?username, ?client, ?reason, request_id = %cx.request_id());
}

/// Before client and redirection are known, nobody is sent anywhere (RFC 9700 §4.11).
fn refuse(broken: BrokenRequest) -> Outcome<HtmlPage> {
    match broken {
        BrokenRequest::Here(message) => pages::refused(StatusCode::BAD_REQUEST, message),
        BrokenRequest::There(page) => Ok(page),
    }
}
