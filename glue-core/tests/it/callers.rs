//! What a verb asks of its caller beside a token, and what it takes: agents and guests (reference/authentication.md §1.1,
//! §1.6; reference/framework.md §4.4).

use std::sync::Arc;

use actix_web::HttpResponse;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use glue_core::error::{ErrorObject, ErrorRow};
use glue_core::request::hooks::{Hooks, UserValidator};
use glue_core::request::{Agents, Anyone, ByAgent, RequestContext};
use glue_core::route::{AgentRoute, OpenRoute, Operation, Protection, Route, RouteDef};
use glue_core::server::Mount;
use glue_core::testing::{Caller, TestApp, TestParts};

use crate::fixture::{DRAFT, TOO_BOLD, parts, token};

enum Ask {}
impl Route for Ask {}
impl AgentRoute for Ask {}

enum Greet {}
impl Route for Greet {}
impl OpenRoute for Greet {}

const ASK: RouteDef = RouteDef {
    resource: "questions",
    path: "/questions",
    path_examples: &[],
    verb: glue_core::route::Verb::List,
    operation_id: "get-collection-of-questions",
    protection: Protection::Agent,
    source: "callers.rs:1",
    ..DRAFT
};

const GREET: RouteDef = RouteDef {
    resource: "greetings",
    path: "/greetings",
    operation_id: "get-collection-of-greetings",
    protection: Protection::Public,
    guest: true,
    source: "callers.rs:2",
    ..ASK
};

async fn ask(cx: ByAgent<Ask>) -> HttpResponse {
    HttpResponse::Ok().body(cx.agent().natural.clone())
}

async fn greet(cx: Anyone<Greet>) -> HttpResponse {
    HttpResponse::Ok().body(cx.guest().unwrap_or("nobody").to_owned())
}

const TOO_BOLD_HERE: ErrorRow = ErrorRow { status: 401, ..TOO_BOLD };

/// Finds fault with everybody.
struct Strict;

impl UserValidator for Strict {
    fn validate<'a>(&'a self, cx: &'a RequestContext) -> LocalBoxFuture<'a, Vec<ErrorObject>> {
        let found = cx.query().get("strict").is_some();
        async move { if found { vec![(&TOO_BOLD_HERE).into()] } else { Vec::new() } }.boxed_local()
    }
}

async fn app(agents: Agents) -> TestApp {
    let operations =
        vec![Operation::new(&ASK, || actix_web::web::to(ask)), Operation::new(&GREET, || actix_web::web::to(greet))];
    let mount = Mount { operations, ..Mount::default() };
    let hooks = Hooks { user: vec![Arc::new(Strict)], ..Hooks::default() };
    TestApp::new(TestParts { mount, hooks, agents, refusals: vec![&TOO_BOLD_HERE], ..parts() }).await
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[actix_web::test]
async fn a_verb_of_agents_is_called_by_one_or_through_a_caller() {
    let app = app(Agents::Accepted).await;
    let (agent, customer) = (app.token(&Caller::agent(4)), token(&app));
    app.anonymous().get("/questions").await.is(401, "4103");
    app.bearer(&customer).get("/questions").await.is(401, "4103");
    assert_eq!(app.bearer(&agent).get("/questions").await.text, "agent:4");
    for client in [app.anonymous(), app.bearer(&customer)] {
        let client = client.header("x-agent-authorization", &bearer(&agent));
        assert_eq!(client.get("/questions").await.text, "agent:4");
    }
    // A token that is no agent's is refused wherever agents act, also where nobody asked for one.
    for path in ["/questions", "/greetings"] {
        let client = app.bearer(&agent).header("x-agent-authorization", &bearer(&customer));
        client.get(path).await.is(401, "4102");
    }
    app.documented("get-collection-of-questions").agrees_with_the_guard();
}

/// §1.1, step 16: what the framework and the project find adds up.
#[actix_web::test]
async fn a_missing_agent_is_one_of_the_errors() {
    let app = app(Agents::Accepted).await;
    let answer = app.anonymous().get("/questions?strict=1").await;
    let codes = ["/errors/0/code", "/errors/1/code"].map(|at| answer.text_at(at));
    assert_eq!(codes, ["4103", "1401"]);
}

#[actix_web::test]
async fn where_nobody_is_an_agent_the_header_means_nothing() {
    let app = app(Agents::Unknown).await;
    let client = app.anonymous().header("x-agent-authorization", "Bearer garbage");
    assert_eq!(client.get("/greetings").await.text, "nobody");
}

#[actix_web::test]
async fn a_guest_is_told_where_the_verb_says_so() {
    let app = app(Agents::Accepted).await;
    let guest = |id: &str| app.anonymous().header("x-anonymous-customer-unique-id", id);
    assert_eq!(guest("c7b3").get("/greetings").await.text, "c7b3");
    assert_eq!(guest("").get("/greetings").await.text, "nobody");
    assert_eq!(guest("c7b3").header("x-anonymous-customer-unique-id", "c7b4").get("/greetings").await.text, "nobody");
    app.bearer(&token(&app)).header("x-anonymous-customer-unique-id", "c7b3").get("/greetings").await.is(400, "005");
    app.documented("get-collection-of-greetings").agrees_with_the_guard();
}
