//! `OPTIONS`, origins of browsers, and methods that nobody has (reference/framework.md §4.1 O1, O3, §7).

use glue_core::profile::{Dialect, Profile};
use glue_core::settings::{CorsSettings, ProtectSettings, ServerSettings};
use glue_core::testing::{Answer, TestApp, TestParts};

use crate::fixture::{app, parts};

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.get(name).and_then(|value| value.to_str().ok())
}

async fn served(server: ServerSettings) -> TestApp {
    TestApp::new(TestParts { server, ..parts() }).await
}

async fn open_to(origins: &[&str]) -> TestApp {
    let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    served(ServerSettings { cors: CorsSettings { origins, ..CorsSettings::default() }, ..ServerSettings::default() })
        .await
}

async fn preflight(app: &TestApp, path: &str, method: &str, headers: &str) -> Answer {
    let client = app.anonymous().header("origin", "https://shop.test");
    let client = client.header("access-control-request-method", method);
    client.header("access-control-request-headers", headers).send("OPTIONS", path, None).await
}

#[actix_web::test]
async fn options_says_what_a_path_takes_and_touches_nothing() {
    let app = app().await;
    for (path, methods) in
        [("/things", "GET, OPTIONS"), ("/drafts/1", "GET, PATCH, OPTIONS"), ("/v1.0/things", "GET, OPTIONS")]
    {
        let answer = app.anonymous().send("OPTIONS", path, None).await;
        answer.is_ok(200);
        assert_eq!(answer.text, r#"{"data":[],"links":[]}"#);
        assert_eq!(header(&answer, "access-control-allow-methods"), Some(methods));
        assert_eq!(header(&answer, "allow"), Some(methods));
        assert_eq!(header(&answer, "access-control-allow-origin"), None, "no origin is configured");
    }
    app.anonymous().send("OPTIONS", "/nothing", None).await.is_refused(404, None);
}

#[actix_web::test]
async fn a_preflight_is_answered_for_what_the_path_takes_only() {
    let app = open_to(&["https://shop.test"]).await;
    let answer = preflight(&app, "/drafts/1", "PATCH", "Authorization, if-match").await;
    answer.is_ok(200);
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("https://shop.test"));
    assert_eq!(header(&answer, "access-control-max-age"), Some("600"));
    preflight(&app, "/drafts/1", "DELETE", "accept").await.is_refused(403, None);
    preflight(&app, "/drafts/1", "PATCH", "x-unknown").await.is_refused(403, None);
    preflight(&app, "/nothing", "GET", "accept").await.is_refused(403, None);
    // O2 comes before O3 (reference/framework.md §4.2).
    preflight(&app, "/drafts/1?page[offset]=x", "DELETE", "accept").await.is_refused(400, None);
}

/// reference/framework.md §7.2: a shop names the methods of the resource, with an id or without.
#[actix_web::test]
async fn a_shop_answers_for_the_whole_resource() {
    let shop = TestApp::new(TestParts { profile: Profile::Spryker, ..parts() }).await;
    for path in ["/drafts", "/drafts/1"] {
        let answer = preflight(&shop, path, "PATCH", "accept").await;
        answer.is_ok(200);
        assert_eq!(header(&answer, "access-control-allow-methods"), Some("GET, PATCH, OPTIONS"), "{path}");
    }
}

#[actix_web::test]
async fn origins_are_compared_and_never_reflected() {
    let app = open_to(&["https://shop.test"]).await;
    for (origin, allowed) in [
        ("https://shop.test", Some("https://shop.test")),
        ("https://shop.test.evil", None),
        ("http://shop.test", None),
        ("null", None),
    ] {
        let answer = app.anonymous().header("origin", origin).get("/things").await;
        assert_eq!(header(&answer, "access-control-allow-origin"), allowed, "{origin}");
        assert_eq!(header(&answer, "vary"), Some("Origin"));
        assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    }
    let everybody = open_to(&["*"]).await.anonymous().get("/nothing").await;
    assert_eq!(header(&everybody, "access-control-allow-origin"), Some("*"), "also on refusals");
}

/// The shop's own rows of the same situations.
#[actix_web::test]
async fn a_shop_wants_all_three_headers_and_an_accept() {
    let app = TestApp::new(TestParts { profile: Profile::Spryker, dialect: Dialect::Rest, ..parts() }).await;
    let answer = app.anonymous().send("OPTIONS", "/things", None).await;
    answer.is_refused(501, None);
    assert!(answer.text_at("/errors/0/detail").starts_with("One or more of the required headers"));
    preflight(&app, "/things", "GET", "accept").await.is_ok(200);
}

#[actix_web::test]
async fn methods_that_nobody_has_are_refused_by_name_where_the_contract_is_silent() {
    let app = app().await;
    for method in ["TRACE", "CONNECT"] {
        let answer = app.anonymous().send(method, "/drafts/1", None).await;
        answer.is_refused(405, None);
        assert_eq!(header(&answer, "allow"), Some("GET, PATCH"));
        app.anonymous().send(method, "/nothing", None).await.is_refused(404, None);
    }
    for method in ["PUT", "DELETE", "POST", "PROPFIND", "get"] {
        app.anonymous().send(method, "/things", None).await.is_refused(404, None);
    }
    let answer = app.anonymous().send("POST", "/openapi.json", None).await;
    assert_eq!((answer.status, header(&answer, "allow")), (405, Some("GET, HEAD")));
    assert_eq!(app.anonymous().send("HEAD", "/things", None).await.status, 200);
}

/// Configuration tightens what a definition leaves open: guard and document follow.
#[actix_web::test]
async fn a_configured_path_needs_a_token() {
    let protect = vec![ProtectSettings { path: "/things".into(), methods: vec!["get".into()] }];
    let app = served(ServerSettings { protect, ..ServerSettings::default() }).await;
    app.anonymous().get("/things").await.is_missing_token();
    app.bearer(&crate::fixture::token(&app)).get("/things").await.is_ok(200);
    app.documented("get-collection-of-things").agrees_with_the_guard();
    app.anonymous().get("/drafts/1").await.is_ok(200);
}

/// A rule that protects nothing stops the start: somebody believes in it. Paths are those of the documents.
#[test]
fn a_rule_without_a_route_is_refused() {
    let tightened = |path: &str, methods: &[&str]| {
        let methods = methods.iter().map(|method| (*method).to_owned()).collect();
        crate::fixture::mount().tightened(&[ProtectSettings { path: path.into(), methods }]).is_ok()
    };
    assert!(tightened("/things", &[]) && tightened("/v1.0/things", &["get"]) && tightened("/drafts/.*", &["GET"]));
    assert!(!tightened("/thing", &[]) && !tightened("/drafts/1", &[]) && !tightened("/things", &["fetch"]));
    assert!(!tightened("/things", &["delete"]) && !tightened("(", &[]));
}

#[actix_web::test]
async fn configured_headers_replace_and_join_those_of_the_framework() {
    let headers = [("x-frame-options", "DENY"), ("x-powered-by", "glue")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let app = served(ServerSettings { headers, ..ServerSettings::default() }).await;
    let answer = app.anonymous().get("/things").await;
    assert_eq!(header(&answer, "x-frame-options"), Some("DENY"));
    assert_eq!(header(&answer, "x-powered-by"), Some("glue"));
    assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"));
}
