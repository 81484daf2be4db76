//! Custom routes, the id `mine`, and attributes without an envelope (reference/framework.md §2.2, §2.9, §3.1, §3.2).

use glue_core::profile::{Dialect, Profile};
use glue_core::route::{Operation, RouteDef, RoutingTable, Version};
use glue_core::testing::{Caller, TestApp, TestParts};
use serde_json::json;

use crate::fixture::{DRAFT, PLAIN, app, parts, token};

async fn decoupled() -> TestApp {
    TestApp::new(TestParts { profile: Profile::Spryker, dialect: Dialect::Decoupled, ..parts() }).await
}

fn reporter(app: &TestApp) -> String {
    app.token(&Caller::customer(1).with_scope("reports"))
}

#[actix_web::test]
async fn a_custom_route_has_its_own_path_parameters_and_scope() {
    let app = app().await;
    let path = "/drafts/a%20b/reports/of/2026";
    let answer = app.bearer(&reporter(&app)).get(path).await;
    answer.is_ok(200);
    assert_eq!(answer.json, json!({ "title": "a b of 2026" }));
    assert_eq!(answer.headers.get("content-type").map(|value| value.as_bytes()), Some(&b"application/json"[..]));
    app.anonymous().get(path).await.is_missing_token();
    app.bearer(&token(&app)).get(path).await.is_forbidden();
}

#[actix_web::test]
async fn what_is_nearly_a_custom_path_is_none() {
    let app = app().await;
    let token = reporter(&app);
    for path in [
        "/drafts//reports/of/2026",
        "/drafts/a/reports/of/",
        "/drafts/a/reports/of/2026/x",
        "/drafts/a/Reports/of/2026",
    ] {
        app.bearer(&token).get(path).await.is_refused(404, None);
    }
    // A verb that the path does not have is unknown, as it is everywhere.
    app.bearer(&token).send("DELETE", "/drafts/a/reports/of/2026", None).await.is_refused(404, None);
}

#[actix_web::test]
async fn a_custom_path_is_looked_at_before_resources() {
    let app = app().await;
    let answer = app.bearer(&token(&app)).send("PATCH", "/drafts/plain", Some("{\"title\":\"New\"}")).await;
    answer.is_ok(200);
    assert_eq!(answer.json, json!([{ "title": "New" }]));
    assert_eq!(answer.headers.get("content-type").map(|value| value.as_bytes()), Some(&b"application/json"[..]));
    for body in ["[]", "1", "{", "\"x\"", "null"] {
        app.bearer(&token(&app)).send("PATCH", "/drafts/plain", Some(body)).await.is_refused(400, None);
    }
    app.bearer(&token(&app)).send("PATCH", "/drafts/plain", Some("{}")).await.is_refused(422, Some("901"));
}

#[actix_web::test]
async fn decoupled_applications_show_each_convention_its_own_routes() {
    let app = decoupled().await;
    let token = reporter(&app);
    let path = "/drafts/a/reports/of/2026";
    let plain = app.bearer(&token).header("accept", "application/json").get(path).await;
    plain.is_ok(200);
    assert_eq!(plain.json, json!({ "title": "a of 2026" }));
    let hidden = app.bearer(&token).header("accept", "application/vnd.api+json").get(path).await;
    assert_eq!(hidden.json, json!({ "errors": [{ "status": 404, "code": "007", "message": "Not found" }] }));
    let hidden = app.bearer(&token).header("accept", "application/json").get("/things").await;
    assert_eq!(hidden.json, json!([{ "status": 404, "code": "007", "message": "Not found" }]));
}

#[actix_web::test]
async fn mine_is_the_collection_of_the_caller() {
    let app = app().await;
    let answer = app.anonymous().get("/things/mine?fields[things]=name").await;
    answer.is_ok(200);
    assert_eq!(answer.text_at("/links/self"), "http://glue.test/things/mine?fields[things]=name");
    assert_eq!(answer.text_at("/data/0/links/self"), "http://glue.test/things/1?fields[things]=name");
    // Where nothing is listed, it is an id as any other.
    assert_eq!(app.anonymous().get("/drafts/mine").await.text_at("/data/id"), "mine");
    app.anonymous()
        .header("content-type", "application/json")
        .send("POST", "/things/mine", None)
        .await
        .is_refused(404, None);
    // The decoupled dialect reserves nothing.
    let plain = decoupled().await.anonymous().header("accept", "application/vnd.api+json").get("/things/mine").await;
    assert_eq!(plain.json, json!({ "errors": [{ "status": 404, "code": "008", "message": "Method does not exist" }] }));
}

/// Nobody starts with two routes for one request.
#[test]
fn a_custom_path_meets_no_other() {
    const WORDS: RouteDef = RouteDef { path_examples: &["first"], source: "words.yml:1", ..DRAFT };
    const ANY: RouteDef = RouteDef { path: "/drafts/{name}", source: "any.yml:1", ..PLAIN };
    const SHARED: RouteDef = RouteDef { path: "/drafts/{draftId}", source: "shared.yml:1", ..PLAIN };
    const DEEP: RouteDef = RouteDef { path: "/drafts/plain/deep", source: "deep.yml:1", ..PLAIN };
    const OLD: RouteDef = RouteDef { path: "/v1.0/things", source: "old.yml:1", ..PLAIN };
    const THINGS: RouteDef =
        RouteDef { version: Some(Version { major: 1, minor: 0 }), path: "/things", source: "things.yml:1", ..DRAFT };
    let table = |rows: [&'static RouteDef; 2]| {
        let operations = rows.map(|row| Operation::new(row, || actix_web::web::to(async || "")));
        RoutingTable::new(operations.to_vec()).map(|_| ()).map_err(|error| error.to_string())
    };
    for fine in [[&DRAFT, &PLAIN], [&PLAIN, &DEEP], [&PLAIN, &OLD], [&DRAFT, &THINGS]] {
        assert_eq!(table(fine), Ok(()));
    }
    for (rows, told) in [
        ([&WORDS, &PLAIN], "fixture.rs:6 serves PATCH /drafts/plain and words.yml:1 serves GET /drafts/{draftId}"),
        ([&ANY, &PLAIN], "any.yml:1 serves PATCH /drafts/{name} and fixture.rs:6 serves PATCH /drafts/plain"),
        ([&ANY, &DRAFT], "any.yml:1 serves PATCH /drafts/{name} and fixture.rs:3 serves GET /drafts/{draftId}"),
        (
            [&SHARED, &DRAFT],
            "shared.yml:1 serves PATCH /drafts/{draftId} and fixture.rs:3 serves GET /drafts/{draftId}",
        ),
        ([&OLD, &THINGS], "old.yml:1 serves PATCH /v1.0/things and things.yml:1 serves GET /v1.0/things"),
        ([&PLAIN, &PLAIN], "fixture.rs:6 serves PATCH /drafts/plain and fixture.rs:6 serves PATCH /drafts/plain"),
    ] {
        assert_eq!(table(rows), Err(format!("{told}: one request would match both")));
    }
}
