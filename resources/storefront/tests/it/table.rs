//! The whole table with real tokens: what it mounts is what it guards and documents.

use glue_core::openapi::protection;
use glue_core::route::Protection;

use crate::fixture::{app, login};

#[actix_web::test]
async fn every_row_refuses_bad_tokens_and_only_public_rows_let_strangers_in() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    for row in app.rows() {
        let path = row.path.replace(['{', '}'], "");
        let body = row.request.map(|payload| payload.example);
        let method = row.verb.method();
        app.documented(row.operation_id).agrees_with_the_guard();
        let tampered = format!("{}x", &token[..token.len() - 1]);
        for bad in ["garbage", "a.b.c", &tampered] {
            app.bearer(bad).send(method, &path, body).await.is_invalid_token();
        }
        app.authorization("Bearer").send(method, &path, body).await.is_invalid_token();
        app.authorization(&format!("bearer {token}")).send(method, &path, body).await.is_invalid_token();
        app.authorization(&format!("Bearer {token} {token}")).send(method, &path, body).await.is_invalid_token();
        let stranger = app.anonymous().send(method, &path, body).await;
        match row.protection {
            Protection::Protected => stranger.is_missing_token(),
            Protection::Agent => stranger.is(401, "4103"),
            Protection::Optional | Protection::Public | Protection::Client => stranger.passed_the_guard(),
        }
        app.bearer(&token).send(method, &path, body).await.passed_the_guard_or_not_found();
    }
}

/// A11: paths that mean the same route mean the same guard.
#[actix_web::test]
async fn path_tricks_open_nothing() {
    let app = app().await;
    for path in
        ["/wishlists/", "//wishlists", "/wishlists//", "/wishlists/x", "/wishlists/%2e%2e", "/wishlists/..%2fstores"]
    {
        let answer = app.anonymous().get(path).await;
        assert_eq!(answer.status, 401, "{path}: {}", answer.text);
    }
    for path in [
        "/Wishlists",
        "/%77ishlists",
        "/wishlists;x=1",
        "/./wishlists",
        "/stores/../wishlists",
        "/wishlists/x/y",
        "/wishlists/%ff",
        "/",
    ] {
        let answer = app.anonymous().get(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
    }
}

/// A15, J35: nothing but the method and the one header counts.
#[actix_web::test]
async fn neither_overrides_nor_other_places_carry_authority() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    app.anonymous().get(&format!("/wishlists?access_token={token}")).await.is_missing_token();
    app.anonymous().header("cookie", &format!("access_token={token}")).get("/wishlists").await.is_missing_token();
    app.anonymous().header("x-user-id", "21").get("/wishlists").await.is_missing_token();
    app.anonymous()
        .header("x-http-method-override", "GET")
        .send("DELETE", "/wishlists/x", None)
        .await
        .is_missing_token();
}

#[actix_web::test]
async fn the_protection_table_is_the_one_that_is_checked_in() {
    let app = app().await;
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/protection.tsv"))
        .expect("the table");
    let ours: Vec<&str> = checked_in.lines().filter(|line| line.starts_with("storefront\t")).collect();
    assert_eq!(protection::lines(app.rows().iter().copied()), ours);
}

/// A5, A6: of a customer's lists another one sees nothing.
#[actix_web::test]
async fn customers_see_their_own_rows_only() {
    let app = app().await;
    let (sonia, _) = login(&app, "sonia@acme.com").await;
    let (bill, _) = login(&app, "bill.martin@acme.com").await;
    let body = r#"{"data":{"type":"wishlists","attributes":{"name":"HS","customerReference":"DE--4","fkCustomer":4}}}"#;
    let path = app.bearer(&sonia).send("POST", "/wishlists", Some(body)).await.created_path();
    for (method, body) in [("GET", None), ("PATCH", Some(body)), ("DELETE", None)] {
        app.bearer(&bill).send(method, &path, body).await.is(404, "201");
    }
    assert_eq!(app.bearer(&bill).get("/wishlists").await.at("/data"), &serde_json::json!([]));
    app.bearer(&sonia).get(&path).await.is_documented("get-wishlists", 200);
    app.bearer(&bill).get("/customers/DE--21").await.is(404, "402");
    assert_eq!(app.bearer(&bill).get("/customers").await.text_at("/data/0/id"), "DE--4");
}
