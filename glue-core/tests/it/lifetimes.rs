//! How long answers may be kept, and what is said of operations that go (RFC 9111, RFC 9745, RFC 8594).

use glue_core::route::{CacheLifetime, Deprecation, Protection, RouteDef, day};
use glue_core::server::Mount;
use glue_core::testing::{Answer, TestApp, TestParts};

use crate::fixture::{DRAFT, mount, parts, token};

const SHARED: RouteDef = RouteDef {
    cache: Some(CacheLifetime { seconds: 60, shared: true }),
    deprecated: Some(Deprecation {
        since: day(2023, 6, 30),
        sunset: Some(day(2026, 12, 31)),
        instead: Some("`GET /letters`"),
    }),
    ..DRAFT
};

const OWN: RouteDef = RouteDef { cache: Some(CacheLifetime { seconds: 5, shared: false }), ..DRAFT };

const PROTECTED: RouteDef = RouteDef { protection: Protection::Protected, ..OWN };

async fn app(row: &'static RouteDef) -> TestApp {
    let mount: Mount = mount().with(row);
    TestApp::new(TestParts { mount, ..parts() }).await
}

fn header(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all(name).map(|value| value.to_str().expect("text").to_owned());
    all.collect::<Vec<_>>().join("; ")
}

/// A shared cache keeps what everybody gets. Whoever says who they are gets an answer of their own; errors, and what no row
/// says, are not kept.
#[actix_web::test]
async fn answers_are_kept_by_those_they_are_for() {
    let shared = app(&SHARED).await;
    let answer = shared.anonymous().get("/drafts/1").await;
    answer.is_ok(200);
    assert_eq!(header(&answer, "cache-control"), "public, max-age=60");
    assert!(
        header(&answer, "vary").contains("Accept, Accept-Language, Authorization, Content-Type, Store"),
        "{}",
        header(&answer, "vary")
    );
    let answer = shared.bearer(&token(&shared)).get("/drafts/1").await;
    assert_eq!(header(&answer, "cache-control"), "private, max-age=60");
    let answer = shared.anonymous().header("x-anonymous-customer-unique-id", "1").get("/drafts/1").await;
    assert_eq!(header(&answer, "cache-control"), "private, max-age=60");
    let tag = header(&shared.anonymous().get("/drafts/1").await, "etag");
    let known = shared.anonymous().header("if-none-match", &tag).get("/drafts/1").await;
    assert_eq!((known.status, header(&known, "cache-control")), (304, "public, max-age=60".to_owned()));

    let answer = app(&OWN).await.anonymous().get("/drafts/1").await;
    assert_eq!(header(&answer, "cache-control"), "private, max-age=5");
    let protected = app(&PROTECTED).await;
    let refused = protected.anonymous().get("/drafts/1").await;
    refused.is_missing_token();
    assert_eq!(header(&refused, "cache-control"), "no-store");
    let plain = app(&DRAFT).await.anonymous().get("/drafts/1").await;
    assert_eq!(header(&plain, "cache-control"), "no-cache, private");
}

/// Clients and readers are told what goes, when, and what to use instead; also in a refusal.
#[actix_web::test]
async fn what_goes_is_announced() {
    let app = app(&SHARED).await;
    let good = app.anonymous().get("/drafts/1").await;
    let bad = app.anonymous().get("/drafts/1?page[limit]=x").await;
    assert_eq!((good.status, bad.status), (200, 400));
    // 2023-06-30 is the example of RFC 9745 §2.1; RFC 8594 §3 has the same form of a date.
    assert_eq!(header(&good, "deprecation"), "@1688083200");
    assert_eq!(header(&good, "sunset"), "Thu, 31 Dec 2026 00:00:00 GMT");
    assert_eq!(header(&app.anonymous().get("/things").await, "deprecation"), "");
    let document: serde_json::Value =
        serde_json::from_str(&app.anonymous().get("/openapi.json").await.text).expect("a document");
    let operation = document.pointer("/paths/~1drafts~1{draftId}/get").expect("an operation");
    assert_eq!(operation["deprecated"], true);
    let told = "Deprecated since 2023-06-30. Instead: `GET /letters`. It goes on 2026-12-31.";
    assert!(operation["description"].as_str().expect("a text").ends_with(told), "{operation}");
    assert!(document.pointer("/paths/~1v1.0~1things/get").expect("an operation").get("deprecated").is_none());
}
