//! The project's own stages run at their places and in their order (reference/framework.md §1.1.4).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use glue_core::error::{ErrorObject, ErrorRow, Outcome};
use glue_core::request::RequestContext;
use glue_core::request::hooks::{AfterAction, BeforeAction, Hooks, RequestValidator, ResponseHeaders, UserValidator};
use glue_core::testing::{TestApp, TestParts};

use crate::fixture::{TOO_BOLD, body, parts, token};

struct Polite;

impl RequestValidator for Polite {
    fn validate(&self, request: &RequestHead) -> Outcome<()> {
        if request.headers.contains_key("x-rude") { Err((&TOO_BOLD).into()) } else { Ok(()) }
    }
}

const TOO_BOLD_AGAIN: ErrorRow = ErrorRow { name: "TOO_BOLD_AGAIN", code: Some("1402"), ..TOO_BOLD };

struct Suspicious(&'static ErrorRow);

impl UserValidator for Suspicious {
    fn validate<'a>(&'a self, cx: &'a RequestContext) -> LocalBoxFuture<'a, Vec<ErrorObject>> {
        let found = cx.query().get("suspect").is_some();
        async move { if found { vec![self.0.into()] } else { Vec::new() } }.boxed_local()
    }
}

struct Naming;

impl BeforeAction for Naming {
    fn before<'a>(&'a self, cx: &'a RequestContext) -> LocalBoxFuture<'a, Outcome<()>> {
        cx.attach("attached".to_owned());
        async { Ok(()) }.boxed_local()
    }
}

const SEEN: HeaderName = HeaderName::from_static("x-seen");

struct Seeing;

impl AfterAction for Seeing {
    fn after(&self, cx: &RequestContext, response: &mut HttpResponse) {
        response.headers_mut().insert(SEEN, HeaderValue::from_static(cx.route().operation_id));
    }
}

struct Branded;

impl ResponseHeaders for Branded {
    fn add(&self, _: &RequestHead, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("x-brand"), HeaderValue::from_static("ours"));
    }
}

async fn app() -> TestApp {
    let hooks = Hooks {
        request: vec![Arc::new(Polite)],
        user: vec![Arc::new(Suspicious(&TOO_BOLD)), Arc::new(Suspicious(&TOO_BOLD_AGAIN))],
        before: vec![Arc::new(Naming)],
        after: vec![Arc::new(Seeing)],
        headers: vec![Arc::new(Branded)],
        ..Hooks::default()
    };
    TestApp::new(TestParts { hooks, refusals: vec![&TOO_BOLD, &TOO_BOLD_AGAIN], ..parts() }).await
}

#[actix_web::test]
async fn a_request_is_refused_before_it_is_routed() {
    let answer = app().await.anonymous().header("x-rude", "1").get("/nothing").await;
    answer.is(403, "1401");
    assert!(answer.headers.contains_key("x-brand"), "headers are on refusals too");
}

#[actix_web::test]
async fn all_user_validators_run_after_validation_and_their_errors_add_up() {
    let app = app().await;
    let bearer = token(&app);
    let path = "/drafts/1?suspect=1";
    app.bearer(&bearer).header("if-match", "*").send("PATCH", path, Some(&body(""))).await.is(422, "901");
    let answer = app.bearer(&bearer).header("if-match", "*").send("PATCH", path, Some(&body("x"))).await;
    answer.is(403, "1401");
    assert_eq!(answer.text_at("/errors/1/code"), "1402");
}

#[actix_web::test]
async fn what_a_hook_attaches_reaches_the_handler_and_the_answer_passes_by_the_last_one() {
    let answer = app().await.anonymous().get("/things").await;
    assert_eq!(answer.text_at("/data/0/attributes/name"), "attached");
    assert_eq!(answer.headers.get("x-seen").map(HeaderValue::as_bytes), Some(&b"get-collection-of-things-v2"[..]));
}
