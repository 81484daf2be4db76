//! reference/authentication.md §1.3–§1.8 and §1.12, row by row: as a running shop answers, and, where that differs, as the
//! documentation promises.

use glue_core::profile::Profile;
use glue_core::testing::TestApp;
use serde_json::{Value, json};

use crate::fixture::profiled;
use crate::rows::{BOTH, Expected, Row};

/// The tokens of somebody, from a door and its body.
async fn tokens(app: &TestApp, kind: &str, attributes: &Value, bearer: Option<&str>) -> (String, String) {
    let body = json!({ "data": { "type": kind, "attributes": attributes } }).to_string();
    let client = bearer.map_or_else(|| app.anonymous(), |token| app.bearer(token));
    let answer = client.send("POST", &format!("/{kind}"), Some(&body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    (answer.text_at("/data/attributes/accessToken"), answer.text_at("/data/attributes/refreshToken"))
}

fn person(username: &str) -> Value {
    json!({ "username": username, "password": glue_app::DEMO_PASSWORD })
}

const BLANK: &str = "This value should not be blank.";
const MISSING: &str = "This field is missing.";
const FAILED: Expected = (401, "003", "Failed to authenticate user.");
const NOT_REFRESHED: Expected = (401, "004", "Failed to refresh token.");
const NO_TOKEN: Expected = (403, "002", "Missing access token.");
const NO_TOKEN_DOCUMENTED: Expected = (401, "002", "Missing access token.");
const BAD_TOKEN: Expected = (401, "001", "Invalid access token.");

#[actix_web::test]
async fn access_tokens() {
    for profile in BOTH {
        let app = profiled(profile).await;
        app.sql(
            "UPDATE spy_customer SET anonymized_at = '2026-01-01 00:00:00.000000' WHERE customer_reference = 'DE--30'",
        )
        .await;
        app.sql("UPDATE spy_customer SET registered = NULL WHERE customer_reference = 'DE--31'").await;
        let login = |what, attributes: Value, expected| Row::post(what, "access-tokens", &attributes, expected);
        let shaped = |what, body: &str, text| Row::new(what, "POST", "/access-tokens", (400, "", text)).body(body);
        for row in [
            login("right", person("sonia@acme.com"), (201, "", r#""idCompanyUser":null"#)),
            login(
                "empty username",
                json!({ "username": "", "password": "x" }),
                (422, "901", "username => This value should not be blank."),
            ),
            login(
                "empty password",
                json!({ "username": "a@b.de", "password": "" }),
                (422, "901", "password => This value should not be blank."),
            ),
            login("no username", json!({ "password": "x" }), (422, "901", "username => This field is missing.")),
            login(
                "no e-mail",
                json!({ "username": "sonia", "password": "x" }),
                (422, "901", "username => This value is not a valid email address."),
            ),
            login("another JSON type", json!({ "username": 1, "password": ["x"] }), (422, "901", "")),
            login("wrong password", json!({ "username": "sonia@acme.com", "password": "wrong" }), FAILED),
            login("unknown e-mail", person("nobody@acme.com"), FAILED),
            login("anonymised", person("ada.albrecht30@example.com"), FAILED),
            login("not confirmed", person("bruno.brandt31@example.com"), FAILED),
            shaped("another type", r#"{"data":{"type":"tokens","attributes":{}}}"#, "Invalid type."),
            shaped("an empty type", r#"{"data":{"type":"","attributes":{}}}"#, "Invalid type."),
            shaped("no attributes", r#"{"data":{"type":"access-tokens"}}"#, "Post data is invalid."),
            shaped("no JSON", "{", "Post data is invalid."),
            login("a bad token beside", person("sonia@acme.com"), BAD_TOKEN).bearer("a.b.c"),
            login(
                "a guest and a token",
                person("sonia@acme.com"),
                (400, "005", "A user can't act as logged and not logged user at the same time."),
            )
            .bearer("a.b.c")
            .header("x-anonymous-customer-unique-id", "guest"),
            Row::new("a list", "GET", "/access-tokens", (200, "", r#""data":[]"#)),
            Row::new("another verb", "PATCH", "/access-tokens/1", (404, "", "Not Found")),
        ] {
            row.check(&app, profile).await;
        }
    }
}

#[actix_web::test]
async fn refresh_tokens() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, refresh) = tokens(&app, "access-tokens", &person("sonia@acme.com"), None).await;
        let (_, revoked) = tokens(&app, "access-tokens", &person("sonia@acme.com"), None).await;
        let (_, foreign) = tokens(&app, "access-tokens", &person("bill.martin@acme.com"), None).await;
        let (agent, of_agent) = tokens(&app, "agent-access-tokens", &person("agent@spryker.com"), None).await;
        let (_, of_agent_again) = tokens(&app, "agent-access-tokens", &person("agent@spryker.com"), None).await;
        let exchange = |what, token: &str, expected| {
            Row::post(what, "refresh-tokens", &json!({ "refreshToken": token }), expected)
        };
        let end = |what, id: &str, expected| Row::new(what, "DELETE", &format!("/refresh-tokens/{id}"), expected);
        for row in [
            end("nobody", "mine", NO_TOKEN).documented(NO_TOKEN_DOCUMENTED),
            end("a bad token", "mine", BAD_TOKEN).bearer("546789"),
            end("no id", "", (400, "", "Resource id is not specified.")).bearer(&token),
            end("an agent's token in the other header only", "mine", NO_TOKEN)
                .documented(NO_TOKEN_DOCUMENTED)
                .header("x-agent-authorization", &format!("Bearer {agent}")),
            end("revoked", &revoked, (204, "", "")).bearer(&token),
            end("revoked before", &revoked, (204, "", "")).bearer(&token),
            end("garbage", "garbage", (204, "", "")).bearer(&token),
            end("somebody else's", &foreign, (204, "", "")).bearer(&token),
            exchange("somebody else's lives", &foreign, (201, "", r#""expiresIn":28800"#)),
            exchange("an agent's", &of_agent, (201, "", "accessToken")),
            end("an agent's own", "mine", (204, "", "")).bearer(&agent),
            exchange("an agent's, ended", &of_agent_again, NOT_REFRESHED),
            exchange("revoked", &revoked, NOT_REFRESHED),
            exchange("garbage", "garbage", NOT_REFRESHED),
            exchange("an access token", &token, NOT_REFRESHED),
            exchange("empty", "", (422, "901", "refreshToken => This value should not be blank.")),
            Row::post("none", "refresh-tokens", &json!({}), (422, "901", "refreshToken => This field is missing.")),
            Row::new("another type", "POST", "/refresh-tokens", (400, "", "Invalid type."))
                .body(r#"{"data":{"type":"x","attributes":{}}}"#),
            exchange("live", &refresh, (201, "", "refreshToken")),
            Row::new("a list", "GET", "/refresh-tokens", (200, "", r#""data":[]"#)),
        ] {
            row.check(&app, profile).await;
        }
    }
}

#[actix_web::test]
async fn token() {
    const GOOD: &str = "grant_type=password&username=sonia@acme.com&password=change123";
    const LONG: &str = "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is invalid";
    const MALFORMED: Expected =
        (400, "invalid_request", "The request is missing a required parameter, includes an invalid parameter value");
    const WRONG: Expected = (400, "invalid_grant", "The user credentials were incorrect.");
    const DEAD: Expected = (400, "invalid_request", "The refresh token is invalid.");
    const DEAD_DOCUMENTED: Expected = (400, "invalid_grant", "The refresh token is invalid.");
    const CLIENT: Expected = (400, "invalid_client", "Client authentication failed");
    const CLIENT_DOCUMENTED: Expected = (401, "invalid_client", "Client authentication failed");
    const SCOPE: Expected = (400, "invalid_scope", "The requested scope is invalid, unknown, or malformed");
    const UNSUPPORTED: Expected = (400, "unsupported_grant_type", "");
    for profile in BOTH {
        let app = profiled(profile).await;
        let (access, refresh) = tokens(&app, "access-tokens", &person("sonia@acme.com"), None).await;
        let grant = |what, rest: &str, expected| Row::form(what, &format!("grant_type={rest}"), expected);
        let good = |what, rest: &str, expected| Row::form(what, &format!("{GOOD}{rest}"), expected);
        for row in [
            good("right", "", (200, "", r#""token_type":"Bearer","expires_in":28800"#)),
            good(
                "fields that are nobody's to set",
                "&customerReference=DE--4&expiresIn=1",
                (200, "", r#""expires_in":28800"#),
            ),
            Row::form("no grant", "username=x", (400, "invalid_grant", LONG)).documented(MALFORMED),
            grant("an unknown grant", "implicit", (400, "invalid_grant", LONG)).documented(UNSUPPORTED),
            grant(
                "the agents' grant",
                "agent_credentials&username=agent@spryker.com&password=change123",
                (400, "invalid_grant", LONG),
            )
            .documented(UNSUPPORTED),
            grant(
                "the impersonation's grant",
                "customer_impersonation&customerReference=DE--21",
                (400, "invalid_grant", LONG),
            )
            .documented(UNSUPPORTED),
            grant("the company users' grant", "idCompanyUser&idCompanyUser=x", (400, "invalid_grant", LONG))
                .documented(UNSUPPORTED),
            grant("no username", "password&password=x", MALFORMED),
            grant("no password", "password&username=sonia@acme.com", MALFORMED),
            grant("no refresh token", "refresh_token", MALFORMED),
            grant("a wrong password", "password&username=sonia@acme.com&password=wrong", WRONG),
            grant("an empty password", "password&username=sonia@acme.com&password=", WRONG).documented(MALFORMED),
            grant("an empty username", "password&username=&password=x", WRONG).documented(MALFORMED),
            good("an unknown client", "&client_id=nobody", CLIENT).documented(CLIENT_DOCUMENTED),
            good("a wrong secret", "&client_id=service&client_secret=wrong", CLIENT).documented(CLIENT_DOCUMENTED),
            good("no secret", "&client_id=service", CLIENT).documented(CLIENT_DOCUMENTED),
            good("an unknown scope", "&scope=moon", (200, "", "access_token")).documented(SCOPE),
            good("a bad token beside", "", (401, "", "Invalid access token.")).bearer("a.b.c"),
            grant("garbage", "refresh_token&refresh_token=garbage", DEAD).documented(DEAD_DOCUMENTED),
            grant("an access token", &format!("refresh_token&refresh_token={access}"), DEAD)
                .documented(DEAD_DOCUMENTED),
            grant("an empty refresh token", "refresh_token&refresh_token=", DEAD).documented(MALFORMED),
            grant("a scope that was never given", &format!("refresh_token&refresh_token={refresh}&scope=agent"), SCOPE),
            grant("live", &format!("refresh_token&refresh_token={refresh}"), (200, "", "refresh_token")),
            Row::new("JSON is not read", "POST", "/token", (400, "invalid_grant", LONG))
                .body(r#"{"grant_type":"password"}"#)
                .documented(MALFORMED),
        ] {
            row.check(&app, profile).await;
        }
    }
}

#[actix_web::test]
async fn company_user_access_tokens() {
    const KIND: &str = "company-user-access-tokens";
    const NOBODY: &str = "0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b42";
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, _) = tokens(&app, "access-tokens", &person("anne.boleyn@acme.com"), None).await;
        let (stranger, _) = tokens(&app, "access-tokens", &person("bill.martin@acme.com"), None).await;
        let own = {
            let login = json!({ "data": { "type": "access-tokens", "attributes": person("anne.boleyn@acme.com") } })
                .to_string();
            app.anonymous().send("POST", "/access-tokens", Some(&login)).await.text_at("/data/attributes/idCompanyUser")
        };
        let become_ = |what, id: Value, expected| Row::post(what, KIND, &json!({ "idCompanyUser": id }), expected);
        for row in [
            become_("nobody", json!(own), NO_TOKEN).documented(NO_TOKEN_DOCUMENTED),
            become_("a bad token", json!(own), BAD_TOKEN).bearer("x"),
            become_("empty", json!(""), (422, "901", "idCompanyUser => This value should not be blank."))
                .bearer(&token),
            become_("no UUID", json!("35235"), (422, "901", "idCompanyUser => This is not a valid UUID."))
                .bearer(&token),
            Row::post("none", KIND, &json!({}), (422, "901", MISSING)).bearer(&token),
            become_("unknown", json!(NOBODY), FAILED).bearer(&token),
            become_("somebody else's", json!(own), FAILED).bearer(&stranger),
            Row::new(
                "another type, before the token",
                "POST",
                "/company-user-access-tokens",
                (400, "", "Invalid type."),
            )
            .body(r#"{"data":{"type":"","attributes":{}}}"#),
            become_("own", json!(own), (201, "", r#""id":null"#)).bearer(&token),
        ] {
            row.check(&app, profile).await;
        }
        app.sql("UPDATE spy_company_user SET is_active = 0").await;
        become_("not active", json!(own), FAILED).bearer(&token).check(&app, profile).await;
    }
}

#[actix_web::test]
async fn customer_access() {
    for profile in BOTH {
        let app = profiled(profile).await;
        for row in [
            Row::new("everybody", "GET", "/customer-access", (200, "", r#""resourceTypes":["#)),
            Row::new("another verb", "POST", "/customer-access", (404, "", "Not Found")).body("{}"),
            Row::new("a bad token", "GET", "/customer-access", BAD_TOKEN).bearer("x"),
        ] {
            row.check(&app, profile).await;
        }
    }
}

/// §1.12: the text in both languages, and doors that count the same guesses; blanks and broken bodies are no guesses.
#[actix_web::test]
async fn lock_out() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let wrong = json!({ "username": "sonia@acme.com", "password": "wrong" });
        for _ in 0..12 {
            Row::post(
                "no guess",
                "access-tokens",
                &json!({ "username": "sonia@acme.com", "password": "" }),
                (422, "901", BLANK),
            )
            .check(&app, profile)
            .await;
        }
        for _ in 0..10 {
            Row::post("a guess", "access-tokens", &wrong, FAILED).check(&app, profile).await;
        }
        let blocked = (429, "4401", "Too many log in attempts from your address. Please wait ");
        Row::post("one too many", "access-tokens", &wrong, blocked).check(&app, profile).await;
        Row::post("also right", "access-tokens", &person("sonia@acme.com"), blocked).check(&app, profile).await;
        // In a shop nothing wins over that.
        Row::post("blank", "access-tokens", &json!({ "username": "sonia@acme.com", "password": "" }), blocked)
            .documented((422, "901", BLANK))
            .check(&app, profile)
            .await;
        Row::post("a bad token beside", "access-tokens", &wrong, blocked)
            .documented(BAD_TOKEN)
            .bearer("a.b.c")
            .check(&app, profile)
            .await;
        let german = (429, "4401", " Minuten, bevor Sie es erneut versuchen.");
        Row::post("in German", "access-tokens", &wrong, german)
            .header("accept-language", "de")
            .check(&app, profile)
            .await;
        Row::post("somebody else", "access-tokens", &person("bill.martin@acme.com"), (201, "", ""))
            .check(&app, profile)
            .await;
    }
}

/// T7: neither tokens nor refusals of credentials are kept by anybody on the way.
#[actix_web::test]
async fn no_answer_about_credentials_is_kept() {
    let app = profiled(Profile::Documented).await;
    let wrong = json!({ "username": "sonia@acme.com", "password": "wrong" });
    for (kind, attributes, status) in [
        ("access-tokens", person("sonia@acme.com"), 201),
        ("access-tokens", wrong.clone(), 401),
        ("access-tokens", json!({}), 422),
        ("refresh-tokens", json!({ "refreshToken": "garbage" }), 401),
        ("agent-access-tokens", wrong, 401),
    ] {
        let body = json!({ "data": { "type": kind, "attributes": attributes } }).to_string();
        let answer = app.anonymous().send("POST", &format!("/{kind}"), Some(&body)).await;
        assert_eq!((answer.status, answer.text_of("cache-control").as_str()), (status, "no-store"), "{kind}");
    }
}
