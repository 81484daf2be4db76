//! The backend's tests: back-office users, their scopes, and the wall between the two applications.

use glue_app::Program;
use glue_core::openapi::protection;
use glue_core::profile::Profile;
use glue_core::testing::{TestApp, validate_examples};

use crate::fixture::{log_in, start};

async fn app() -> TestApp {
    start(&backend::wiring::PROGRAM, Profile::Documented).await
}

async fn admin(app: &TestApp) -> String {
    let answer = log_in(app, "admin@spryker.com").await;
    answer.is_documented("create-token", 200);
    answer.text_at("/access_token")
}

/// M13: back-office users log in here, customers do not; who is blocked reads what a wrong password reads.
#[actix_web::test]
async fn the_backend_knows_back_office_users_only() {
    let app = app().await;
    admin(&app).await;
    for name in ["sonia@acme.com", "blocked@spryker.com", "nobody@spryker.com"] {
        let answer = log_in(&app, name).await;
        assert_eq!((answer.status, answer.text_at("/error").as_str()), (400, "invalid_grant"), "{name}");
    }
}

/// A9: a customer's token opens nothing here.
#[actix_web::test]
async fn a_token_of_the_storefront_is_refused() {
    let storefront = start(&storefront_program(), Profile::Documented).await;
    let token = log_in(&storefront, "sonia@acme.com").await.text_at("/access_token");
    let app = app().await;
    app.bearer(&token).get("/customers").await.is_invalid_token();
    // Of a shop's applications only the user tells whose token it is (reference/backend.md §2.2).
    let storefront = start(&storefront_program(), Profile::Spryker).await;
    let token = log_in(&storefront, "sonia@acme.com").await.text_at("/access_token");
    let shop = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let strange = shop.bearer(&token).header("accept", "application/vnd.api+json").get("/customers").await;
    strange.is_documented("get-collection-of-customers", 400);
    assert_eq!(strange.text_at("/errors/0/code"), "001");
}

/// The storefront's people and audience on the backend's table: all that matters to a token.
fn storefront_program() -> Program {
    Program { name: "storefront", plugins: customers_as_users, ..backend::wiring::PROGRAM }
}

fn customers_as_users(_: &glue_app::Settings) -> oauth::Plugins {
    use oauth_customer_connector::{CustomerScopeProvider, CustomerUserProvider};
    use std::sync::Arc;
    oauth::Plugins {
        expanders: Vec::new(),
        users: vec![Arc::new(CustomerUserProvider)],
        scopes: vec![Arc::new(CustomerScopeProvider)],
    }
}

/// A4: the verbs ask for a scope; a narrowed token does not have it.
#[actix_web::test]
async fn customers_are_listed_for_holders_of_the_scope() {
    let app = app().await;
    let token = admin(&app).await;
    let listed = app.bearer(&token).get("/customers?page[offset]=0&page[limit]=2&sort=email").await;
    listed.is_documented("get-collection-of-customers", 200);
    assert_eq!(listed.at("/data").as_array().map(Vec::len), Some(2));
    assert!(listed.text_at("/links/next").ends_with("page[offset]=2&page[limit]=2"), "{}", listed.text);
    app.bearer(&token).get("/customers/DE--21").await.is_documented("get-customers", 200);
    app.bearer(&token).get("/customers/DE--999").await.is(404, "402");
    let narrow = app
        .anonymous()
        .form("/token", "grant_type=password&username=admin@spryker.com&password=change123&scope=user")
        .await;
    app.bearer(&narrow.text_at("/access_token")).get("/customers").await.is_forbidden();
    // Who works in a warehouse is no back-office user (reference/backend.md §2.4).
    let warehouse = log_in(&app, "warehouse@spryker.com").await.text_at("/access_token");
    app.bearer(&warehouse).get("/customers").await.is_forbidden();
    app.bearer(&warehouse).get("/customers/DE--21").await.is_forbidden();
}

/// reference/backend.md §1.1, §2.2: a credential is judged before the route is looked up, in the convention spoken.
#[actix_web::test]
async fn a_shop_judges_tokens_before_routes() {
    let app = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let bare = |status: u16, code: &str, message: &str| serde_json::json!([{ "status": status, "code": code, "message": message }]);
    for header in ["", "Bearer", "wrong_token", "Bearer a b"] {
        let answer = app.authorization(header).get("/nothing").await;
        assert_eq!(answer.json, bare(401, "002", "Missing access token."), "{header}");
    }
    assert_eq!(app.bearer("x").get("/nothing").await.json, bare(401, "001", "Invalid access token."));
    assert_eq!(app.anonymous().get("/customers").await.json, bare(404, "007", "Not found"));
    let picky = app.anonymous().header("accept", "text/html").get("/customers").await;
    assert_eq!(picky.json, bare(415, "010", "Unsupported `Accept` format used."));
    let filter = app.anonymous().get("/customers?filter[email]=x").await;
    assert_eq!(filter.text_at("/0/code"), "011");
    let preflight = app.anonymous().header("access-control-request-method", "PUT").header("origin", "https://x");
    assert_eq!(preflight.send("OPTIONS", "/customers", None).await.status, 400);
    let preflight = app.anonymous().header("access-control-request-method", "GET").header("origin", "https://x");
    let answer = preflight.send("OPTIONS", "/customers", None).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let methods = answer.headers.get("access-control-allow-methods").and_then(|value| value.to_str().ok());
    // A resource of the other convention is as good as none, and of that every method may be asked for.
    assert_eq!(methods, Some("POST, DELETE, PATCH, GET, OPTIONS"));
    let preflight = preflight.header("content-type", "application/vnd.api+json");
    let answer = preflight.send("OPTIONS", "/customers", None).await;
    assert_eq!(answer.text_of("access-control-allow-methods"), "GET, OPTIONS");
    for (method, path, media_type) in [
        ("PATCH", "/customers/DE--21", "application/json"),
        ("POST", "/customers", "application/json"),
        ("DELETE", "/warehouse-tokens", "application/vnd.api+json"),
        ("PATCH", "/token", "application/vnd.api+json"),
    ] {
        let answer = app.anonymous().raw(method, path, Some((media_type, "{}"))).await;
        assert!(answer.status == 404 && answer.text.contains("\"007\""), "{method} {path}: {}", answer.text);
    }
}

/// reference/authentication.md §1.10, reference/backend.md §2.4: a key is enough on its own where the row takes keys, and
/// nothing elsewhere. Key and hash are the contract's.
#[actix_web::test]
async fn an_api_key_opens_the_rows_that_take_one() {
    const KEY: &str = "eba8110c9f9bf5685e8b5f4eba9b17c2";
    const ROW: &str = "INSERT INTO spy_api_key (name, key_hash, scopes, created_by, valid_to, created_at, updated_at) VALUES
        ('erp', 'f683f48de788d57cd396fc212ef33fd146e1ff0b51cde37ecb4ddd77eeed1706', NULL, 1, NULL, '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000')";
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = start(&backend::wiring::PROGRAM, profile).await;
        app.sql(ROW).await;
        let keyed = |key: &str| app.anonymous().header("accept", "application/vnd.api+json").header("x-api-key", key);
        keyed(KEY).get("/customers").await.is_ok(200);
        keyed(KEY).get("/customers/DE--21?include=wishlists,addresses").await.is_ok(200);
        for wrong in ["", "x", &KEY.to_uppercase(), "f683f48de788d57cd396fc212ef33fd146e1ff0b51cde37ecb4ddd77eeed1706"]
        {
            let refused = keyed(wrong).get("/customers").await;
            assert_eq!(refused.status, 403, "{wrong}");
            assert!(refused.text.contains("Unauthorized request."), "{wrong}");
        }
        // The header wins over the query, which counts in a shop only.
        assert_eq!(keyed("x").get(&format!("/customers?api_key={KEY}")).await.status, 403);
        let asked = app.anonymous().header("accept", "*/*").header("content-type", "application/vnd.api+json");
        let asked = asked.header("accept", "application/vnd.api+json").get(&format!("/customers?api_key={KEY}")).await;
        assert_eq!(asked.status, if profile == Profile::Spryker { 200 } else { 401 });
        assert!(!asked.text.contains(KEY), "no link repeats a secret");
        // A key is no session, and a token that is not valid stays so beside it.
        assert_eq!(keyed(KEY).get("/sessions").await.status, 401);
        let both = app.bearer("x").header("accept", "application/vnd.api+json").header("x-api-key", KEY);
        let refused = both.get("/customers").await;
        assert!(refused.status == 401 && refused.text.contains("\"001\""), "{}", refused.text);
        app.sql("UPDATE spy_api_key SET valid_to = '2026-02-01 12:00:00.000000'").await;
        assert_eq!(keyed(KEY).get("/customers").await.status, 403);
        app.sql("UPDATE spy_api_key SET valid_to = NULL, scopes = 'warehouse'").await;
        assert_eq!(keyed(KEY).get("/customers").await.status, 403);
    }
}

/// reference/backend.md §1.3, §1.4: in the other profile errors carry `message`, and all keys are there.
#[actix_web::test]
async fn a_shop_writes_its_backend_errors_with_message() {
    let app = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let reader = || app.anonymous().header("accept", "application/vnd.api+json");
    let refused = |status: u16, code: Option<&str>, message: &str| serde_json::json!({ "errors": [{ "status": status, "code": code, "message": message }] });
    assert_eq!(reader().get("/customers").await.json, refused(401, None, "Unauthorized request."));
    assert_eq!(reader().get("/nothing").await.json, refused(404, Some("007"), "Not found"));
    let deleting = reader().header("content-type", "application/vnd.api+json");
    let answer = deleting.send("DELETE", "/customers/x", None).await;
    assert_eq!(answer.json, refused(401, None, "Unauthorized request."));
    let token = log_in(&app, "admin@spryker.com").await.text_at("/access_token");
    let deleting = app.bearer(&token).header("content-type", "application/vnd.api+json");
    let answer = deleting.send("DELETE", "/customers/x", None).await;
    assert_eq!(answer.json, refused(404, Some("008"), "Method does not exist"));
    let reading = app.bearer(&token).header("accept", "application/vnd.api+json").header("accept-language", "de");
    // A window that is none is no window (reference/backend.md §1.2).
    reading.get("/customers?page[offset]=x&page[limit]=0").await.is_ok(200);
    let missing = reading.get("/customers/DE--0").await;
    assert_eq!(missing.json, refused(404, Some("402"), "Der Kunde wurde nicht gefunden."));
    let german = reader().header("accept-language", "de").get("/nothing").await;
    assert_eq!(german.json, refused(404, Some("007"), "Nicht gefunden"));
    // By the language part (reference/framework.md §1.2, stage 3), as a look-up finds it (RFC 4647 §3.4).
    for (sent, message) in [
        ("de-AT", "Nicht gefunden"),
        ("de_CH", "Nicht gefunden"),
        ("DE-ch-1996", "Nicht gefunden"),
        ("fr-FR, de-Latn-AT;q=0.5, en-GB;q=0.4", "Nicht gefunden"),
        ("en-GB, de-AT;q=0.9", "Not found"),
        ("de-AT;q=0", "Not found"),
        ("den", "Not found"),
        ("fr-CH", "Not found"),
    ] {
        let answer = reader().header("accept-language", sent).get("/nothing").await;
        assert_eq!(answer.json, refused(404, Some("007"), message), "{sent}");
    }
    let answer = log_in(&app, "nobody@spryker.com").await;
    assert_eq!(
        answer.json,
        serde_json::json!([{ "status": 400, "code": "invalid_grant", "message": "The user credentials were incorrect." }])
    );
}

#[actix_web::test]
async fn every_row_is_guarded_and_documented() {
    let app = app().await;
    for row in app.rows() {
        app.documented(row.operation_id).agrees_with_the_guard();
        app.bearer("garbage")
            .send(row.verb.method(), &row.path.replace(['{', '}'], ""), row.request.map(|payload| payload.example))
            .await
            .is_invalid_token();
    }
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/protection.tsv"))
        .expect("the table");
    let ours: Vec<&str> = checked_in.lines().filter(|line| line.starts_with("backend\t")).collect();
    assert_eq!(protection::lines(app.rows().iter().copied()), ours);
}

#[test]
fn the_checked_in_document_is_that_of_the_table() {
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/backend.json"))
        .expect("the document");
    let defaults = glue_core::settings::defaults(backend::wiring::PROGRAM.config).expect("the defaults");
    assert!(
        backend::wiring::PROGRAM.document(&defaults).expect("a document") == checked_in,
        "run `cargo glue openapi`"
    );
}

/// reference/authentication.md §1.10: a user acts for the warehouse of the active assignment, and for no other.
#[actix_web::test]
async fn a_warehouse_user_acts_for_the_warehouse() {
    let app = start(&backend::wiring::PROGRAM, Profile::Documented).await;
    let token = log_in(&app, "warehouse@spryker.com").await;
    assert_eq!(token.text_at("/scope"), "user warehouse-user");
    let post = async |token: &str| app.bearer(token).send("POST", "/warehouse-tokens", Some("")).await;
    let answer = post(&token.text_at("/access_token")).await;
    answer.is_documented("create-warehouse-tokens", 201);
    assert_eq!(
        (answer.text_at("/0/tokenType"), answer.at("/0/expiresIn")),
        ("Bearer".into(), &serde_json::json!(604_800))
    );
    let answered =
        "SELECT CONCAT(above.subject, ' ', (SELECT uuid FROM spy_user WHERE username = 'warehouse@spryker.com')) AS text
        FROM spy_oauth_session INNER JOIN spy_oauth_session above ON spy_oauth_session.parent = above.identifier";
    let answered = app.text(answered).await;
    let (by, user) = answered.split_once(' ').expect("two words");
    assert_eq!(by, oauth::digest(user), "R9: it ends with the user");
    // The warehouse is no user.
    app.bearer(&answer.text_at("/0/accessToken")).get("/customers").await.is_forbidden();
    let admin = log_in(&app, "admin@spryker.com").await.text_at("/access_token");
    let refused = post(&admin).await;
    refused.is(403, "5101");
    app.anonymous().send("POST", "/warehouse-tokens", Some("")).await.is_missing_token();
    let shop = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let admin = log_in(&shop, "admin@spryker.com").await.text_at("/access_token");
    let plain = shop.bearer(&admin).header("accept", "application/json");
    let refused = plain.raw("POST", "/warehouse-tokens", Some(("application/json", ""))).await;
    assert_eq!(
        refused.json,
        serde_json::json!([{ "status": 403, "code": "5101", "message": "Operation is forbidden." }])
    );
}

/// reference/framework.md §2.9, §4.3: the document of the decoupled dialect describes what is answered there, in the
/// convention of whoever asks, and its examples validate.
#[actix_web::test]
async fn a_shop_documents_both_conventions() {
    let app = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let (plain, speaking) = (|| app.anonymous(), || app.anonymous().header("accept", "application/vnd.api+json"));
    const LIST: &str = "get-collection-of-customers";
    for (answer, status) in [
        (plain().get("/customers").await, 404),
        (plain().get("/customers?filter[email]=x").await, 400),
        (plain().header("accept", "text/html").get("/customers").await, 415),
        (app.bearer("x").get("/customers").await, 401),
        (app.authorization("x").get("/customers").await, 401),
        (speaking().get("/customers").await, 401),
        (speaking().get("/customers?filter[email]=x").await, 400),
        (speaking().header("authorization", "Bearer x").get("/customers").await, 401),
    ] {
        answer.is_documented(LIST, status);
    }
    log_in(&app, "nobody@spryker.com").await.is_documented("create-token", 400);
    app.bearer("x").form("/token", "").await.is_documented("create-token", 401);
    let other = plain().header("content-type", "application/vnd.api+json");
    other.raw("POST", "/token", None).await.is_documented("create-token", 404);

    let token = log_in(&app, "admin@spryker.com").await.text_at("/access_token");
    let admin = app.bearer(&token).header("accept", "application/vnd.api+json");
    admin.get("/customers?include=addresses").await.is_documented(LIST, 200);
    let nameless = admin.get("/multi-factor-auth-types").await;
    nameless.is_documented("get-collection-of-multi-factor-auth-types", 200);
    assert_eq!(
        (nameless.text_at("/data/0/type").as_str(), nameless.at("/data/0/id")),
        ("multi-factor-auth-types", &serde_json::Value::Null)
    );

    // Nobody judges currencies there, and attributes that nobody wants are left out.
    admin.get("/customers/DE--21?currency=XXX&priceMode=XXX").await.is_ok(200);
    let bare = admin.get("/customers/DE--21?fields[customers]=nothing").await;
    assert_eq!((bare.text_at("/data/id").as_str(), bare.at("/data/attributes")), ("DE--21", &serde_json::Value::Null));

    // What could not vary is described too: this convention has its errors under `message` alone.
    let document = app.anonymous().get("/openapi.json").await.json;
    assert!(validate_examples(&document).expect("examples that validate") > 100);
    assert!(!document.to_string().contains("\"detail\""));
}

/// reference/backend.md §2.1: JSON says what a form says; what no form could say is malformed, and `null` is nothing.
#[actix_web::test]
async fn a_parameter_of_a_shop_is_a_text() {
    let app = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let send = |scope: &str| {
        let body = format!(
            r#"{{"grantType":"password","username":"admin@spryker.com","password":"change123","scope":{scope}}}"#
        );
        let client = app.anonymous();
        async move { client.raw("POST", "/token", Some(("application/json", &body))).await }
    };
    send("null").await.is_ok(200);
    for scope in ["1", "[]", "true", "{}", r#"["user"]"#] {
        assert_eq!(send(scope).await.text_at("/0/code"), "invalid_request", "{scope}");
    }
}

/// reference/authentication.md §1.10: `/token` of a decoupled application reads JSON under any media type, in either
/// spelling, and has one grant.
#[actix_web::test]
async fn a_shop_takes_a_login_as_json() {
    let app = start(&backend::wiring::PROGRAM, Profile::Spryker).await;
    let plain = || app.anonymous().header("accept", "application/json");
    let snake = r#"{"grant_type":"password","username":"admin@spryker.com","password":"change123"}"#;
    let camel = snake.replace("grant_type", "grantType");
    for (media_type, body) in [
        ("application/json", snake),
        ("application/x-www-form-urlencoded", camel.as_str()),
        ("text/plain", camel.as_str()),
        ("application/x-www-form-urlencoded", "grantType=password&username=admin%40spryker.com&password=change123"),
        ("application/json", "grant_type=password&username=admin%40spryker.com&password=change123"),
    ] {
        let answer = plain().raw("POST", "/token", Some((media_type, body))).await;
        answer.is_ok(200);
        let names: Vec<&String> = answer.json.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["access_token", "expires_in", "refresh_token", "token_type"], "{body}");
    }
    for (body, code, message) in [
        (
            r#"{"grantType":"refresh_token","refreshToken":"x"}"#,
            "unsupported_grant_type",
            "Grant type \"refresh_token\" not found",
        ),
        (r#"{"grantType":"foo"}"#, "unsupported_grant_type", "Grant type \"foo\" not found"),
        ("{}", "unsupported_grant_type", "Grant type \"\" not found"),
        ("", "unsupported_grant_type", "Grant type \"\" not found"),
        (
            r#"{"grantType":"password","username":"admin@spryker.com","password":"wrong"}"#,
            "invalid_grant",
            "The user credentials were incorrect.",
        ),
        (
            r#"{"grantType":"password","grant_type":"password","username":"a","password":"b"}"#,
            "invalid_request",
            "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.",
        ),
    ] {
        let answer = plain().raw("POST", "/token", Some(("application/json", body))).await;
        assert_eq!(answer.json, serde_json::json!([{ "status": 400, "code": code, "message": message }]), "{body}");
    }
}

/// reference/authentication.md §1.10: a program asks for the password itself and gets a code; both bodies, both profiles.
#[actix_web::test]
async fn a_program_gets_a_code_for_a_password() {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let fields = "username=admin@spryker.com&password=change123&response_type=code&client_id=frontend&redirect_uri=http://127.0.0.1/callback&state=xyz&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let object: serde_json::Map<String, serde_json::Value> = fields
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let json = serde_json::Value::Object(object).to_string();
    let form = "application/x-www-form-urlencoded";
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = start(&backend::wiring::PROGRAM, profile).await;
        let ask = async |body: &str, kind: &str| {
            app.anonymous().header("accept", "*/*").raw("POST", "/authorize", Some((kind, body))).await
        };
        let camel = |text: &str| {
            let names = ["response_type", "client_id", "redirect_uri", "code_challenge_method", "code_challenge"];
            let camel = ["responseType", "clientId", "redirectUri", "codeChallengeMethod", "codeChallenge"];
            names.iter().zip(camel).fold(text.to_owned(), |text, (snake, camel)| text.replace(snake, camel))
        };
        let (camel_fields, camel_json) = (camel(fields), camel(&json));
        for (body, kind) in [
            (fields, form),
            (json.as_str(), "application/json"),
            (json.as_str(), form),
            (camel_fields.as_str(), form),
            (camel_json.as_str(), "application/json"),
        ] {
            let allowed = ask(body, kind).await;
            assert_eq!((allowed.status, allowed.text_at("/0/state").as_str()), (200, "xyz"), "{}", allowed.text);
            let code = allowed.text_at("/0/code");
            let exchange = |verifier: &str| {
                format!(
                    "grant_type=authorization_code&code={code}&client_id=frontend&redirect_uri=http://127.0.0.1/callback&code_verifier={verifier}"
                )
            };
            let wrong =
                app.anonymous().header("accept", "*/*").form("/token", &exchange(&VERIFIER.replace('d', "e"))).await;
            assert!(wrong.status == 400 && wrong.text.contains("invalid_grant"), "{}", wrong.text);
            let pair = app.anonymous().header("accept", "*/*").form("/token", &exchange(VERIFIER)).await;
            let token = pair.text_at("/access_token");
            let customers = app.bearer(&token).header("accept", "application/vnd.api+json").get("/customers").await;
            assert_eq!(customers.status, 200);
        }
        for (from, to, word) in [
            ("change123", "change124", "invalid_grant"),
            ("response_type=code", "response_type=token", "unsupported_grant_type"),
            ("response_type=code&", "", "invalid_request"),
            ("S256", "plain", "invalid_request"),
            ("client_id=frontend", "client_id=nobody", "invalid_client"),
            ("127.0.0.1/callback", "evil.test/callback", "invalid_client"),
            ("username=admin@spryker.com&", "", "invalid_request"),
            ("state=xyz", "state=xyz&state=abc", ""),
        ] {
            let refused = ask(&fields.replace(from, to), form).await;
            assert!(refused.status == 400 && refused.text.contains(word), "{from} → {to}: {}", refused.text);
        }
    }
}
