//! Bodies, queries and headers that nobody honest sends (B1–B10, B15–B17): a clear refusal, and the server serves on.

use crate::fixture::{app, login};

fn wishlist(name: &str) -> String {
    format!(r#"{{"data":{{"type":"wishlists","attributes":{{"name":{name}}}}}}}"#)
}

#[actix_web::test]
async fn malformed_bodies_are_refused_alike() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    let deep = |open: &str, count: usize| open.repeat(count);
    let bodies = [
        String::new(),
        "null".into(),
        "[]".into(),
        "\"x\"".into(),
        "{\"data\":null}".into(),
        "{\"data\":[]}".into(),
        "{\"data\":{}}".into(),
        "{\"data\":{\"type\":\"wishlists\",\"attributes\":null}}".into(),
        "{\"data\":{\"type\":\"wishlists\",\"attributes\":\"x\"}}".into(),
        "{\"data\":{\"type\":\"wishlists\",\"attributes\":{}},\"data\":{}}".into(),
        "{\"data\":{\"type\":\"wishlists\",\"attributes\":{\"name\":\"a\",\"name\":\"b\"}}}".into(),
        "{\"data\":{\"type\":\"wishlists\",\"attributes\":{\"name\":\"\\ud800\"".into(),
        "\u{feff}{}".into(),
        "[[\"wishlists\",{\"name\":\"x\"}]]".into(),
        "{\"data\":[\"wishlists\",{\"name\":\"x\"}]}".into(),
        "{\"data\":{\"type\":\"wishlists\",\"attributes\":[\"x\"]}}".into(),
        deep("[", 200_000),
        deep("{\"a\":", 200_000),
        format!("{{\"data\":{}", deep("[", 200_000)),
    ];
    for body in bodies {
        let answer = app.bearer(&token).send("POST", "/wishlists", Some(&body)).await;
        answer.is_refused(400, None);
        assert_eq!(answer.text_at("/errors/0/detail"), "Post data is invalid.", "{}", &body[..body.len().min(60)]);
    }
    app.bearer(&token).get("/wishlists").await.is_ok(200);
}

#[actix_web::test]
async fn wrong_types_are_violations() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    for name in ["1", "true", "[]", "{}", "1e400", "-0", "null", "\"\\u0000\"", "9007199254740993", "\"\\ud800\""] {
        app.bearer(&token).send("POST", "/wishlists", Some(&wishlist(name))).await.is(422, "901");
    }
    let nested = format!(
        r#"{{"data":{{"type":"wishlists","attributes":{{"name":"ok","more":{}{}}}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    app.bearer(&token).send("POST", "/wishlists", Some(&nested)).await.is_ok(201);
}

#[actix_web::test]
async fn a_body_over_the_limit_is_refused() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    let body = wishlist(&format!("\"{}\"", "a".repeat(10 * 1024 * 1024)));
    app.bearer(&token).send("POST", "/wishlists", Some(&body)).await.is_refused(413, None);
    app.bearer(&token).get("/wishlists").await.is_ok(200);
}

#[actix_web::test]
async fn queries_are_bounded() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    for query in [
        "page[offset]=1",
        "page[limit]=0&page[offset]=0",
        "page[limit]=x",
        "page[limit]=1e9&page[offset]=0",
        "page[limit]=99999999999999999999&page[offset]=0",
    ] {
        app.bearer(&token).get(&format!("/wishlists?{query}")).await.is_refused(400, None);
    }
    for query in [
        "page[limit]=9223372036854775807&page[offset]=9223372036854775807",
        "page[limit]=5&page[offset]=-3",
        "page[limit]=5",
        "sort=-name,unknown,--,name%27%3B+DROP+TABLE+spy_wishlist",
        "include=x&fields[wishlists]=y&filter[a.b]=c&&&=&%00=%ff",
    ] {
        app.bearer(&token).get(&format!("/wishlists?{query}")).await.is_documented("get-collection-of-wishlists", 200);
    }
}

#[actix_web::test]
async fn odd_accepts_are_served_and_foreign_formats_refused() {
    let app = app().await;
    for accept in [
        "*/*",
        "text/html",
        "application/json",
        "",
        ";;;",
        "application/vnd.api+json",
        "application/vnd.api+xml, application/vnd.api+json",
    ] {
        app.anonymous().header("accept", accept).get("/stores").await.is_ok(200);
    }
    app.anonymous().header("accept", "application/vnd.api+xml").get("/stores").await.is_refused(415, None);
    let (token, _) = login(&app, "sonia@acme.com").await;
    let body = wishlist("\"Spring\"");
    let xml = Some(("application/vnd.api+xml", body.as_str()));
    app.bearer(&token).raw("POST", "/wishlists", xml).await.is_refused(400, None);
    let json = Some(("application/json", body.as_str()));
    app.bearer(&token).raw("POST", "/wishlists", json).await.is_ok(201);
}

#[actix_web::test]
async fn names_that_differ_in_case_are_different_lists() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    for name in ["\"Spring\"", "\"spring\""] {
        app.bearer(&token).send("POST", "/wishlists", Some(&wishlist(name))).await.is_ok(201);
    }
    app.bearer(&token).send("POST", "/wishlists", Some(&wishlist("\" Spring \""))).await.is(400, "202");
    let path = app.bearer(&token).send("POST", "/wishlists", Some(&wishlist("\"Other\""))).await.created_path();
    app.bearer(&token).send("PATCH", &path, Some(&wishlist("\"Spring\""))).await.is(422, "202");
    app.bearer(&token).send("PATCH", &path, Some(&wishlist("\"#\""))).await.is(422, "210");
}
