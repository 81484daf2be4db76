//! Logging in, staying logged in, logging out, in both profiles (reference/authentication.md §1.3–§1.5).

use glue_core::profile::Profile;
use time::Duration;

use crate::fixture::{app, credentials, login, profiled};

fn refresh(token: &str) -> String {
    format!(r#"{{"data":{{"type":"refresh-tokens","attributes":{{"refreshToken":"{token}"}}}}}}"#)
}

/// M2, M4: 201, a bearer token, its lifetime, a refresh token.
#[actix_web::test]
async fn valid_credentials_yield_a_documented_pair() {
    let app = app().await;
    let answer =
        app.anonymous().send("POST", "/access-tokens", Some(&credentials("sonia@acme.com", "change123"))).await;
    answer.is_documented("create-access-tokens", 201);
    assert_eq!(answer.at("/data/attributes/expiresIn"), 28_800);
    assert_eq!(answer.text_at("/data/attributes/tokenType"), "Bearer");
    assert!(answer.at("/data/id").is_null() && answer.json.pointer("/data/id").is_some());
    assert!(answer.json.pointer("/data/attributes/idCompanyUser").is_some());
    assert_eq!(answer.text_at("/data/links/self"), "http://glue.test/access-tokens");
}

/// M3, M8: the token opens a protected verb until its time is over.
#[actix_web::test]
async fn a_token_opens_protected_verbs_for_eight_hours() {
    let app = app().await;
    let (token, _) = login(&app, "Sonia@ACME.com").await;
    app.bearer(&token).get("/wishlists").await.is_documented("get-collection-of-wishlists", 200);
    app.clock.advance(Duration::seconds(28_806));
    app.bearer(&token).get("/wishlists").await.is_invalid_token();
    app.bearer(&token).get("/stores").await.is_invalid_token();
}

#[actix_web::test]
async fn every_way_of_not_logging_in_reads_alike() {
    let app = app().await;
    let mut answers = Vec::new();
    for (username, password) in
        [("sonia@acme.com", "wrong"), ("nobody@acme.com", "change123"), ("sonia@acme.com", "change123 ")]
    {
        let answer = app.anonymous().send("POST", "/access-tokens", Some(&credentials(username, password))).await;
        answer.is(401, "003");
        answers.push((answer.text.clone(), answer.headers.get("www-authenticate").cloned()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert!(answers[0].0.contains("Failed to authenticate user."));
}

#[actix_web::test]
async fn credentials_are_validated_in_order() {
    let app = app().await;
    for (username, password, detail) in [
        ("", "x", "username => This value should not be blank."),
        ("sonia", "x", "username => This value is not a valid email address."),
        ("sonia@acme.com", "", "password => This value should not be blank."),
    ] {
        let answer = app.anonymous().send("POST", "/access-tokens", Some(&credentials(username, password))).await;
        answer.is(422, "901");
        assert_eq!(answer.reason, "Unprocessable Content");
        assert_eq!(answer.text_at("/errors/0/detail"), detail);
    }
    let answer = app
        .anonymous()
        .send("POST", "/access-tokens", Some(r#"{"data":{"type":"access-tokens","attributes":{}}}"#))
        .await;
    assert_eq!(answer.text_at("/errors/0/detail"), "username => This field is missing.");
    assert_eq!(answer.text_at("/errors/1/detail"), "password => This field is missing.");
    // As blank as nothing (reference/resources.md §0.3); anything else has the wrong type.
    for (value, detail) in [
        ("null", "username => This value should not be blank."),
        ("false", "username => This value should not be blank."),
        ("[ ]", "username => This value should not be blank."),
        ("true", "username => This value should be of type string."),
        ("{}", "username => This value should be of type string."),
        ("0", "username => This value should be of type string."),
    ] {
        let body =
            format!(r#"{{"data":{{"type":"access-tokens","attributes":{{"username":{value},"password":"x"}}}}}}"#);
        let answer = app.anonymous().send("POST", "/access-tokens", Some(&body)).await;
        answer.is(422, "901");
        assert_eq!(answer.text_at("/errors/0/detail"), detail, "{value}");
        assert_eq!(answer.at("/errors/1"), &serde_json::Value::Null);
    }
}

/// Errors win in the contract's order: body before token, token before attributes, two identities before all.
#[actix_web::test]
async fn the_order_of_checks_decides_which_error_wins() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    app.anonymous()
        .send("POST", "/wishlists", Some(r#"{"data":{"type":"x","attributes":{}}}"#))
        .await
        .is_refused(400, None);
    app.anonymous()
        .send("PATCH", "/wishlists", Some(r#"{"data":{"type":"wishlists","attributes":{}}}"#))
        .await
        .is_refused(400, None);
    app.anonymous().send("DELETE", "/wishlists//", None).await.is_refused(400, None);
    app.anonymous()
        .send("POST", "/wishlists", Some(r#"{"data":{"type":"wishlists","attributes":{}}}"#))
        .await
        .is_missing_token();
    app.bearer(&token).header("x-anonymous-customer-unique-id", "7").get("/wishlists").await.is(400, "005");
    app.anonymous().send("PUT", "/wishlists/1", None).await.is_refused(404, None);
    app.anonymous().send("POST", "/wishlists/1", Some("{}")).await.is_refused(404, None);
    app.anonymous().send("GET", "/unknown", None).await.is_refused(404, None);
}

/// M5, R14: one state behind both doors.
#[actix_web::test]
async fn a_refresh_token_is_exchanged_at_either_door() {
    let app = app().await;
    let (_, first) = login(&app, "sonia@acme.com").await;
    let answer = app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&first))).await;
    answer.is_documented("create-refresh-tokens", 201);
    let second = answer.text_at("/data/attributes/refreshToken");
    let answer = app.anonymous().form("/token", &format!("grant_type=refresh_token&refresh_token={second}")).await;
    answer.is_documented("create-token", 200);
    app.clock.advance(Duration::seconds(60));
    app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&second))).await.is(401, "004");
    let third = answer.text_at("/refresh_token");
    let answer = app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&third))).await;
    answer.is(401, "004");
    assert_eq!(answer.text_at("/errors/0/detail"), "Failed to refresh token.");
}

/// M6: after 204 the token is dead; unknown, foreign and dead ones are answered alike.
#[actix_web::test]
async fn revocation_is_silent_and_final() {
    let app = app().await;
    let (gone, session) = login(&app, "sonia@acme.com").await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    let (_, other) = login(&app, "bill.martin@acme.com").await;
    for id in [session.as_str(), "unknown", other.as_str(), session.as_str(), &"x".repeat(400)] {
        app.bearer(&token).send("DELETE", &format!("/refresh-tokens/{id}"), None).await.is_ok(204);
    }
    app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&session))).await.is(401, "004");
    // V3: its access token went with it.
    app.bearer(&gone).get("/wishlists").await.is_invalid_token();
    app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&other))).await.is_ok(201);
    app.anonymous().send("DELETE", "/refresh-tokens/mine", None).await.is_missing_token();
    app.anonymous().send("DELETE", "/refresh-tokens/", None).await.is_refused(400, None);
}

#[actix_web::test]
async fn mine_revokes_every_session_of_the_caller() {
    let app = app().await;
    let (token, one) = login(&app, "sonia@acme.com").await;
    let (_, two) = login(&app, "sonia@acme.com").await;
    app.bearer(&token).send("DELETE", "/refresh-tokens/mine", None).await.is_ok(204);
    for session in [one, two] {
        app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&session))).await.is(401, "004");
    }
}

/// T1–T7: what the token endpoint refuses by RFC 6749, with what word.
#[actix_web::test]
async fn the_token_endpoint_speaks_oauth() {
    let app = app().await;
    let good = "grant_type=password&username=sonia@acme.com&password=change123";
    let answer = app.anonymous().form("/token", good).await;
    answer.is_documented("create-token", 200);
    assert_eq!(answer.headers.get("cache-control").map(|value| value.as_bytes()), Some(&b"no-store"[..]));
    assert_eq!(answer.headers.get("content-type").map(|value| value.as_bytes()), Some(&b"application/json"[..]));
    for (form, status, error) in [
        ("", 400, "invalid_request"),
        ("grant_type=", 400, "invalid_request"),
        ("grant_type=implicit", 400, "unsupported_grant_type"),
        ("grant_type=password&username=sonia@acme.com", 400, "invalid_request"),
        ("grant_type=password&username=sonia@acme.com&password=", 400, "invalid_request"),
        ("grant_type=password&username=sonia@acme.com&password=wrong", 400, "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=unknown", 400, "invalid_grant"),
        ("grant_type=password&grant_type=password&username=sonia@acme.com&password=change123", 400, "invalid_request"),
        ("grant_type=password&username=sonia@acme.com&password=change123&client_id=nobody", 401, "invalid_client"),
    ] {
        let answer = app.anonymous().form("/token", form).await;
        assert_eq!((answer.status, answer.text_at("/error").as_str()), (status, error), "{form}: {}", answer.text);
        assert_eq!(answer.headers.get("cache-control").map(|value| value.as_bytes()), Some(&b"no-store"[..]));
    }
    // T2: the query is not read. T5: what is unknown is ignored. T10: no other media type is.
    app.anonymous().form(&format!("/token?{good}"), "").await.is_ok(400);
    app.anonymous().form("/token", &format!("{good}&customer_reference=DE--4&expires_in=1")).await.is_ok(200);
    app.anonymous().raw("POST", "/token", Some(("application/json", r#"{"grant_type":"password"}"#))).await.is_ok(400);
    app.anonymous().send("GET", "/token", None).await.is_refused(404, None);
}

/// reference/authentication.md §1.5: the same endpoint as a running shop answers.
#[actix_web::test]
async fn the_token_endpoint_speaks_as_a_shop_does() {
    let app = profiled(Profile::Spryker).await;
    for (form, error, description) in [
        ("", "invalid_grant", "The provided authorization grant"),
        ("grant_type=implicit", "invalid_grant", "The provided authorization grant"),
        (
            "grant_type=password&username=sonia@acme.com",
            "invalid_request",
            "The request is missing a required parameter",
        ),
        (
            "grant_type=password&username=sonia@acme.com&password=",
            "invalid_grant",
            "The user credentials were incorrect.",
        ),
        ("grant_type=refresh_token&refresh_token=", "invalid_request", "The refresh token is invalid."),
        (
            "grant_type=password&username=sonia@acme.com&password=change123&client_id=nobody",
            "invalid_client",
            "Client authentication failed",
        ),
    ] {
        let answer = app.anonymous().form("/token", form).await;
        assert_eq!((answer.status, answer.text_at("/error").as_str()), (400, error), "{form}");
        assert!(answer.text_at("/error_description").starts_with(description), "{}", answer.text);
    }
}

#[actix_web::test]
async fn a_shop_answers_403_without_a_token_and_names_no_error_in_the_challenge() {
    let app = profiled(Profile::Spryker).await;
    app.anonymous().get("/wishlists").await.is(403, "002");
    let answer = app.bearer("garbage").get("/wishlists").await;
    answer.is(401, "001");
    let challenge = answer.headers.get("www-authenticate").map(|value| value.as_bytes());
    assert_eq!(challenge, Some(&b"Bearer realm=\"Access to shop API\""[..]));
}

/// K5: an outage is 503 with `Retry-After` at every door, and the server serves on.
#[actix_web::test]
async fn a_storage_that_is_gone_is_never_a_bad_credential() {
    use glue_core::on_dialect;
    let app = app().await;
    let (token, session) = login(&app, "sonia@acme.com").await;
    let mut conn = app.database.conn();
    let rename = |conn: &mut glue_core::db::Conn, from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        on_dialect!(conn, c => diesel::connection::SimpleConnection::batch_execute(c, &sql)).expect("a renamed table");
    };
    for (table, gone) in
        [("spy_oauth_client", "gone_1"), ("spy_oauth_refresh_token", "gone_2"), ("spy_wishlist", "gone_3")]
    {
        rename(&mut conn, table, gone);
    }
    for answer in [
        app.anonymous().send("POST", "/access-tokens", Some(&credentials("sonia@acme.com", "change123"))).await,
        app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&session))).await,
        app.bearer(&token).send("DELETE", &format!("/refresh-tokens/{session}"), None).await,
        app.bearer(&token).get("/wishlists").await,
        app.anonymous().form("/token", "grant_type=password&username=sonia@acme.com&password=change123").await,
    ] {
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert!(answer.headers.contains_key("retry-after"));
    }
    for (table, gone) in
        [("spy_oauth_client", "gone_1"), ("spy_oauth_refresh_token", "gone_2"), ("spy_wishlist", "gone_3")]
    {
        rename(&mut conn, gone, table);
    }
    app.bearer(&token).get("/wishlists").await.is_ok(200);
    app.anonymous().send("POST", "/refresh-tokens", Some(&refresh(&session))).await.is_ok(201);
}
