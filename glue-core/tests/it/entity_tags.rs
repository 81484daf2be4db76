//! Entity tags (reference/framework.md §6, RFC 9110 §13).

use glue_core::testing::{Answer, TestApp};

use crate::fixture::{app, body, token};

async fn tag(app: &TestApp) -> String {
    let answer = app.anonymous().get("/drafts/1").await;
    header(&answer, "etag")
}

fn header(answer: &Answer, name: &str) -> String {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn patch(app: &TestApp, id: &str, if_match: Option<&str>, body: &str) -> Answer {
    let mut client = app.bearer(&token(app));
    if let Some(tag) = if_match {
        client = client.header("if-match", tag);
    }
    client.send("PATCH", &format!("/drafts/{id}"), Some(body)).await
}

#[actix_web::test]
async fn a_change_needs_the_tag_of_the_state_that_was_seen() {
    let app = app().await;
    let tag = tag(&app).await;
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() == 34, "{tag}");
    let bare = tag.trim_matches('"');
    patch(&app, "1", None, &body("Second")).await.is(428, "005");
    patch(&app, "1", Some("\"another\""), &body("Second")).await.is(412, "006");
    patch(&app, "1", Some(""), &body("Second")).await.is(412, "006");
    for fits in [&tag, bare, &format!("W/{tag}"), &format!("\"other\", {tag}"), "*"] {
        let answer = patch(&app, "1", Some(fits), &body("Second")).await;
        answer.is_ok(200);
        assert_ne!(header(&answer, "etag"), tag, "another state has another tag");
    }
}

/// A row that is not there and one that is somebody else's look alike.
#[actix_web::test]
async fn a_tag_of_nothing_fits_nothing() {
    let app = app().await;
    patch(&app, "gone", Some("*"), &body("Second")).await.is(412, "006");
}

/// Validation comes before the tag, the token before both (reference/framework.md §4.2).
#[actix_web::test]
async fn the_order_of_refusals_is_that_of_the_contract() {
    let app = app().await;
    patch(&app, "1", None, &body("")).await.is(422, "901");
    app.anonymous().send("PATCH", "/drafts/1", Some(&body(""))).await.is_missing_token();
    app.anonymous().send("PATCH", "/drafts/1", Some("{")).await.is_refused(400, None);
    app.anonymous().send("PATCH", "/drafts", Some(&body("x"))).await.is_refused(400, None);
}

#[actix_web::test]
async fn a_state_that_is_known_is_not_sent_again() {
    let app = app().await;
    let tag = tag(&app).await;
    for known in [tag.as_str(), "*", &format!("W/{tag}")] {
        let answer = app.anonymous().header("if-none-match", known).get("/drafts/1").await;
        assert_eq!((answer.status, answer.text.as_str()), (304, ""));
        assert_eq!(header(&answer, "etag"), tag);
    }
    app.anonymous().header("if-none-match", "\"another\"").get("/drafts/1").await.is_ok(200);
}
