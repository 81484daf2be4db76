//! What an application mounts otherwise than the crate that the code is in.

use glue_core::error::{ErrorKind, ErrorRow, Outcome};
use glue_core::reply::Reply;
use glue_core::request::Anyone;
use glue_core::route::{Operation, PossibleError, Protection, RouteDef};
use glue_core::server::Mount;
use glue_core::testing::{TestApp, TestParts};

use crate::fixture::{DRAFT, DraftDocument, GetDraft, database, mount, parts, token};

/// What the behaviour says.
const FULL: ErrorRow = ErrorRow {
    name: "FULL",
    status: 409,
    code: Some("1402"),
    detail: "At most %most% drafts.",
    german: Some("Höchstens %most% Entwürfe."),
    kind: ErrorKind::Refusal,
    samples: &[("most", "3")],
};

/// What the application says instead.
const CROWDED: ErrorRow = ErrorRow {
    status: 429,
    code: Some("9001"),
    detail: "%most% drafts are enough.",
    german: Some("%most% Entwürfe genügen."),
    ..FULL
};

/// What neither row is about.
const GONE: ErrorRow =
    ErrorRow { name: "GONE", status: 410, code: Some("1403"), detail: "Gone.", german: None, ..FULL };

const MODULE: RouteDef =
    RouteDef { errors: &[PossibleError::new(&FULL), PossibleError::new(&GONE)], source: "module.yml:1", ..DRAFT };

const LAYERED: RouteDef = RouteDef {
    errors: &[PossibleError { instead_of: Some(&FULL), ..PossibleError::new(&CROWDED) }, PossibleError::new(&GONE)],
    source: "layer.yml:1",
    ..MODULE
};

async fn full(cx: Anyone<GetDraft>) -> Outcome<Reply<DraftDocument>> {
    match cx.id() {
        "gone" => Err((&GONE).into()),
        _ => Err(FULL_NOW.filled(&[("most", "7")]).into()),
    }
}

/// The row as behaviour names it: another reference to the same facts.
static FULL_NOW: ErrorRow = FULL;

fn module() -> Mount {
    let operations = vec![Operation::new(&MODULE, || actix_web::web::to(full))];
    Mount { operations, ..Mount::default() }
}

async fn app(mount: Mount) -> TestApp {
    TestApp::new(TestParts::new("storefront", mount, database())).await
}

/// An error is told, filled in and documented in the words of the row that was laid over its own; others are left alone.
#[actix_web::test]
async fn behaviour_is_told_in_the_words_of_the_application() {
    let plain = app(module()).await;
    let answer = plain.anonymous().get("/drafts/1").await;
    answer.is_refused(409, Some("1402"));
    assert_eq!(answer.text_at("/errors/0/detail"), "At most 7 drafts.");
    let layered = app(module().with(&LAYERED)).await;
    let answer = layered.anonymous().get("/drafts/1").await;
    answer.is_refused(429, Some("9001"));
    assert_eq!(answer.text_at("/errors/0/detail"), "7 drafts are enough.");
    let german = layered.anonymous().header("accept-language", "de").get("/drafts/1").await;
    german.is_refused(429, Some("9001"));
    layered.anonymous().get("/drafts/gone").await.is_refused(410, Some("1403"));
    let document = layered.anonymous().get("/openapi.json").await.text;
    assert!(document.contains("3 drafts are enough.") && !document.contains("At most"), "{document}");
}

/// What is taken away is served by nobody, and what is protected above its handler asks for a token.
#[actix_web::test]
async fn operations_are_taken_away_and_protected() {
    const PROTECTED: RouteDef = RouteDef { protection: Protection::Protected, source: "layer.yml:2", ..DRAFT };
    let all = app(mount()).await;
    all.anonymous().get("/drafts/1").await.is_ok(200);
    let without = app(mount().without(&DRAFT)).await;
    without.anonymous().get("/drafts/1").await.is_refused(404, None);
    without.anonymous().get("/things").await.is_ok(200);
    let protected = TestApp::new(TestParts { mount: mount().with(&PROTECTED), ..parts() }).await;
    protected.anonymous().get("/drafts/1").await.is_missing_token();
    protected.bearer(&token(&protected)).get("/drafts/1").await.is_ok(200);
    protected.documented("get-drafts").agrees_with_the_guard();
}
