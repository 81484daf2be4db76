//! The OAuth endpoints as clients meet them: RFC 6749, 7009, 7636, 7662, 8414, 9207.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use glue_app::Settings;
use glue_core::profile::Profile;
use glue_core::testing::Answer;
use serde_json::{Value, json};
use time::Duration;

use crate::fixture::{app, login, over, profiled, settings};

const SERVICE: &str = "client_id=service&client_secret=change123";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const ASK: &str = "response_type=code&client_id=frontend&state=a%26b&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&scope=customer&redirect_uri=http://127.0.0.1:4711/callback";

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// The parameters that a redirection carries.
fn answered(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 303, "{}", answer.text);
    let location = header(answer, "location");
    let query = location.strip_prefix("http://127.0.0.1:4711/callback?").unwrap_or_else(|| panic!("{location}"));
    let decoded = |text: &str| glue_core::percent::decode(&text.replace('+', " ")).expect("encoded").into_owned();
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (decoded(k), decoded(v))).collect()
}

fn parameter(answer: &Answer, name: &str) -> String {
    answered(answer).into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
}

/// G12: a person allows a client what it asks for, and the client exchanges the code.
#[actix_web::test]
async fn a_code_comes_back_with_its_state_and_issuer() {
    let app = app().await;
    let page = app.anonymous().get(&format!("/oauth/authorize?{ASK}")).await;
    assert_eq!(page.status, 200);
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    for part in [
        "Frontend asks for access",
        "<code>customer</code> every customer",
        "name=\"state\" value=\"a&#38;b\"",
        "type=\"password\"",
    ] {
        assert!(page.text.contains(part), "{part} is not in {}", page.text);
    }
    assert!(header(&page, "content-security-policy").contains("default-src 'none'"));
    assert!(header(&page, "content-security-policy").contains("form-action 'self' http://127.0.0.1:4711"));
    assert_eq!((header(&page, "x-frame-options"), header(&page, "cache-control")), ("DENY", "no-store"));
    let form = format!("{ASK}&username=sonia@acme.com&password=change123&decision=allow");
    let answer = app.anonymous().form("/oauth/authorize", &form).await;
    assert_eq!((parameter(&answer, "state"), parameter(&answer, "iss")), ("a&b".into(), "http://glue.test".into()));
    let exchange = format!(
        "grant_type=authorization_code&client_id=frontend&redirect_uri=http://127.0.0.1:4711/callback&code_verifier={VERIFIER}&code={}",
        parameter(&answer, "code")
    );
    let tokens = app.anonymous().form("/token", &exchange).await;
    tokens.is_documented("create-token", 200);
    assert_eq!(tokens.text_at("/scope"), "customer");
    app.bearer(&tokens.text_at("/access_token")).get("/wishlists").await.is_ok(200);
    // G4: a second time yields nothing, and after an honest client's retry window it ends what the first one began.
    for (seconds, alive) in [(0, true), (11, false)] {
        app.clock.advance(time::Duration::seconds(seconds));
        let again = app.anonymous().form("/token", &exchange).await;
        assert_eq!((again.status, again.text_at("/error")), (400, "invalid_grant".into()));
        let wishlists = app.bearer(&tokens.text_at("/access_token")).get("/wishlists").await;
        assert_eq!(wishlists.status, if alive { 200 } else { 401 });
    }
}

/// G7, G8, G9, G13: what a client asks wrongly comes back to it; nothing else than codes with S256 is served.
#[actix_web::test]
async fn a_wrong_request_comes_back_to_its_client() {
    let app = app().await;
    for (from, to, error) in [
        ("response_type=code", "response_type=token", "unsupported_response_type"),
        ("response_type=code&", "", "invalid_request"),
        ("S256", "plain", "invalid_request"),
        ("code_challenge_method=S256&", "", "invalid_request"),
        ("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&", "", "invalid_request"),
        ("cM&scope", "cM=&scope", "invalid_request"),
        ("scope=customer", "scope=customer&scope=x", "invalid_request"),
    ] {
        let answer = app.anonymous().get(&format!("/oauth/authorize?{}", ASK.replace(from, to))).await;
        assert_eq!(parameter(&answer, "error"), error, "{to}");
        assert_eq!((parameter(&answer, "state"), parameter(&answer, "iss")), ("a&b".into(), "http://glue.test".into()));
    }
    let denied = app.anonymous().form("/oauth/authorize", &format!("{ASK}&decision=deny")).await;
    assert_eq!(parameter(&denied, "error"), "access_denied");
    let greedy = ASK.replace("scope=customer", "scope=user");
    let form = format!("{greedy}&username=sonia@acme.com&password=change123&decision=allow");
    assert_eq!(parameter(&app.anonymous().form("/oauth/authorize", &form).await, "error"), "invalid_scope");
}

/// G10, G11: until client and place are known, nobody is sent anywhere, and nothing that was sent is run.
#[actix_web::test]
async fn nobody_is_sent_to_a_place_that_is_not_registered() {
    let app = app().await;
    for (from, to) in [
        ("client_id=frontend", "client_id=nobody"),
        ("client_id=frontend", "client_id="),
        ("client_id=frontend", "client_id=frontend&client_id=frontend"),
        ("http://127.0.0.1:4711/callback", "https://evil.test/callback"),
        ("http://127.0.0.1:4711/callback", "http://127.0.0.1:4711/callback/.."),
        ("http://127.0.0.1:4711/callback", "http://127.0.0.1:4711@evil.test/callback"),
        ("http://127.0.0.1:4711/callback", "javascript:alert(1)"),
    ] {
        let answer = app.anonymous().get(&format!("/oauth/authorize?{}", ASK.replace(from, to))).await;
        assert_eq!((answer.status, header(&answer, "location")), (400, ""), "{to}");
        assert!(answer.text.contains("cannot be served"), "{}", answer.text);
    }
    let script = "%3Cscript%3Ealert(1)%3C/script%3E";
    let form = format!("{}&username={script}&password=x&decision=allow", ASK.replace("a%26b", script));
    let answer = app.anonymous().form("/oauth/authorize", &form).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.headers.contains_key("www-authenticate"));
    assert!(!answer.text.contains("<script"), "{}", answer.text);
}

/// P6, P7, P8: the page counts guesses with every other door.
#[actix_web::test]
async fn every_door_counts_the_same_guesses() {
    let app = app().await;
    let page = format!("{ASK}&username=sonia@acme.com&password=wrong&decision=allow");
    let token = "grant_type=password&username=sonia@acme.com&password=wrong";
    for _ in 0..5 {
        assert_eq!(app.anonymous().form("/oauth/authorize", &page).await.status, 403);
        assert_eq!(app.anonymous().form("/token", token).await.status, 400);
    }
    assert_eq!(app.anonymous().form("/oauth/authorize", &page.replace("wrong", "change123")).await.status, 429);
    let blocked = app.anonymous().form("/token", &token.replace("wrong", "change123")).await;
    assert_eq!((blocked.status, blocked.text_at("/error")), (429, "temporarily_unavailable".into()));
    assert_eq!(header(&blocked, "retry-after"), "300");
    let body = r#"{"data":{"type":"access-tokens","attributes":{"username":"sonia@acme.com","password":"change123"}}}"#;
    let blocked = app.anonymous().send("POST", "/access-tokens", Some(body)).await;
    blocked.is(429, "4401");
    assert_eq!(
        blocked.text_at("/errors/0/detail"),
        "Too many log in attempts from your address. Please wait 5 minutes before trying again."
    );
    app.clock.advance(Duration::seconds(301));
    app.anonymous().send("POST", "/access-tokens", Some(body)).await.is_ok(201);
}

/// C1, C2, C3, C4, T3: one method a request, and 401 with a challenge for who is not the client.
#[actix_web::test]
async fn a_client_authenticates_by_one_method() {
    let app = app().await;
    let grant = "grant_type=client_credentials";
    let fine = [
        app.authorization(&basic("service", "change123")).form("/token", grant).await,
        app.authorization(&basic("service", "change123")).form("/token", &format!("{grant}&client_id=service")).await,
        app.anonymous().form("/token", &format!("{grant}&{SERVICE}")).await,
    ];
    for answer in fine {
        answer.is_documented("create-token", 200);
        // G3: nothing to refresh.
        assert_eq!(answer.json.get("refresh_token"), None);
    }
    for (authorization, form, status, error) in [
        (basic("service", "wrong"), grant.to_owned(), 401, "invalid_client"),
        (basic("nobody", "change123"), grant.to_owned(), 401, "invalid_client"),
        (basic("service", ""), grant.to_owned(), 401, "invalid_client"),
        ("Basic !".to_owned(), grant.to_owned(), 401, "invalid_client"),
        (basic("service", "change123"), format!("{grant}&{SERVICE}"), 400, "invalid_request"),
        (basic("service", "change123"), format!("{grant}&client_id=frontend"), 400, "invalid_request"),
        // C10: assertions are not served, and do not go unnoticed.
        (basic("service", "change123"), format!("{grant}&client_assertion=x"), 400, "invalid_request"),
    ] {
        let answer = app.authorization(&authorization).form("/token", &form).await;
        assert_eq!((answer.status, answer.text_at("/error").as_str()), (status, error), "{authorization} {form}");
        if status == 401 {
            assert!(header(&answer, "www-authenticate").starts_with("Basic realm="));
        }
        assert_eq!(header(&answer, "cache-control"), "no-store");
    }
    for (form, status, error) in [
        (format!("{grant}&client_id=service"), 401, "invalid_client"),
        (format!("{grant}&client_id=frontend"), 401, "invalid_client"),
        (grant.to_owned(), 401, "invalid_client"),
        (format!("{grant}&client_secret=change123"), 400, "invalid_request"),
    ] {
        let answer = app.anonymous().form("/token", &form).await;
        assert_eq!((answer.status, answer.text_at("/error").as_str()), (status, error), "{form}");
    }
}

/// V1, V2, V8, I1, I2: revoked tokens are dead and look like any other dead one.
#[actix_web::test]
async fn a_client_revokes_and_asks() {
    let app = app().await;
    let tokens = app
        .anonymous()
        .form("/token", &format!("grant_type=password&username=sonia@acme.com&password=change123&{SERVICE}"))
        .await;
    let (access, refresh) = (tokens.text_at("/access_token"), tokens.text_at("/refresh_token"));
    let ask = |token: &str| format!("{SERVICE}&token={token}");
    let live = app.anonymous().form("/oauth/introspect", &ask(&access)).await;
    live.is_documented("create-introspection", 200);
    assert_eq!(
        (live.at("/active"), live.text_at("/iss"), live.text_at("/aud"), live.text_at("/username")),
        (&json!(true), "http://glue.test".into(), "storefront".into(), "DE--21".into())
    );
    assert_eq!(app.anonymous().form("/oauth/introspect", &ask(&refresh)).await.at("/active"), &json!(true));
    for unknown in ["unknown", "a.b.c", &login(&app, "sonia@acme.com").await.1] {
        let done = app.anonymous().form("/oauth/revoke", &ask(unknown)).await;
        assert_eq!((done.status, done.text.as_str()), (200, ""));
    }
    app.anonymous().form("/oauth/revoke", &ask(&refresh)).await.is_ok(200);
    app.bearer(&access).get("/wishlists").await.is_invalid_token();
    for token in [&access, &refresh, &"unknown".to_owned()] {
        let dead = app
            .authorization(&basic("service", "change123"))
            .form("/oauth/introspect", &format!("token={token}"))
            .await;
        assert_eq!((dead.status, dead.text.as_str()), (200, r#"{"active":false}"#));
    }
    for path in ["/oauth/revoke", "/oauth/introspect"] {
        for (form, status, error) in [
            ("token=x", 401, "invalid_client"),
            ("token=x&client_id=service", 401, "invalid_client"),
            (SERVICE, 400, "invalid_request"),
            ("token=x&token=y&client_id=service&client_secret=change123", 400, "invalid_request"),
        ] {
            let answer = app.anonymous().form(path, form).await;
            assert_eq!((answer.status, answer.text_at("/error").as_str()), (status, error), "{path} {form}");
        }
        // V7, T1: a token in a URL is not read, and GET is not served.
        app.anonymous().get(&format!("{path}?token={access}&{SERVICE}")).await.is_refused(404, None);
    }
}

/// H9, H10: the metadata says what is there, and every place that it names answers.
#[actix_web::test]
async fn the_metadata_tells_the_truth() {
    let app = app().await;
    let metadata = app.anonymous().get("/.well-known/oauth-authorization-server").await;
    metadata.is_documented("get-server-metadata", 200);
    assert_eq!(metadata.text_at("/issuer"), "http://glue.test");
    for place in
        ["authorization_endpoint", "token_endpoint", "revocation_endpoint", "introspection_endpoint", "jwks_uri"]
    {
        let url = metadata.text_at(&format!("/{place}"));
        let path = url.strip_prefix("http://glue.test").expect("a place of ours");
        let answer = if matches!(place, "authorization_endpoint" | "jwks_uri") {
            app.anonymous().get(path).await
        } else {
            app.anonymous().form(path, "").await
        };
        assert_ne!(answer.status, 404, "{place}");
    }
    let keys = app.anonymous().get("/oauth/jwks").await;
    keys.is_documented("get-json-web-keys", 200);
    assert_eq!(keys.text_at("/keys/0/kty"), "RSA");
    assert_eq!(keys.at("/keys/0/d"), &json!(null));
    let without = over(Settings {
        auth: oauth::settings::AuthSettings { password_grant: false, ..settings().auth },
        ..settings()
    })
    .await;
    let metadata = without.anonymous().get("/.well-known/oauth-authorization-server").await;
    assert!(!metadata.at("/grant_types_supported").as_array().expect("a list").contains(&json!("password")));
    let refused =
        without.anonymous().form("/token", "grant_type=password&username=sonia@acme.com&password=change123").await;
    assert_eq!(refused.text_at("/error"), "unauthorized_client");
}

/// Every refusal that the document of `/token` shows is sent, and no other one, by its code and its text.
#[actix_web::test]
async fn the_token_endpoint_says_what_its_document_shows() {
    const LOGIN: &str = "grant_type=password&username=sonia@acme.com&password";
    let every = ["", "grant_type=implicit", "grant_type=password", "grant_type=refresh_token&refresh_token=x"];
    let every = every.into_iter().chain(["grant_type=authorization_code&code=x", "grant_type=client_credentials"]);
    let logins = ["=wrong", "=change123&client_id=nobody", "=change123&scope=nothing"];
    let forms: Vec<String> =
        every.map(str::to_owned).chain(logins.into_iter().map(|rest| format!("{LOGIN}{rest}"))).collect();
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let word = |body: &Value| Some((body.get("error")?.to_string(), body.get("error_description")?.to_string()));
        let documented = app.documented("create-token");
        let shown: Vec<Value> = [400, 401].into_iter().flat_map(|status| documented.refusals(status)).collect();
        let shown: BTreeSet<_> = shown.iter().filter_map(word).collect();
        let mut sent = BTreeSet::new();
        let (_, refresh) = login(&app, "sonia@acme.com").await;
        let more = format!("grant_type=refresh_token&scope=agent&refresh_token={refresh}");
        for form in forms.iter().chain([&more]) {
            sent.extend(word(&app.anonymous().form("/token", form).await.json));
        }
        sent.extend(word(&app.anonymous().form("/token?filter=1", "").await.json));
        let without = over(Settings {
            profile,
            auth: oauth::settings::AuthSettings { password_grant: false, ..settings().auth },
            ..settings()
        })
        .await;
        sent.extend(word(&without.anonymous().form("/token", &format!("{LOGIN}=change123")).await.json));
        assert_eq!(sent, shown, "{profile:?}");
    }
}

/// No script of another origin has business at the authorization endpoint, however open the rest is (RFC 9700 §2.6).
#[actix_web::test]
async fn the_authorization_endpoint_knows_no_other_origin() {
    for origins in [vec![], vec!["*".to_owned()], vec!["https://shop.test".to_owned()]] {
        let open = !origins.is_empty();
        let mut settings = settings();
        settings.server.cors.origins = origins;
        let app = over(settings).await;
        let shop = || app.anonymous().header("origin", "https://shop.test");
        let asks = || shop().header("access-control-request-method", "POST");
        let authorize = format!("/oauth/authorize?{ASK}");
        for answer in [
            shop().get(&authorize).await,
            shop().get("/oauth/authorize").await,
            shop().form(&authorize, "x=1").await,
            shop().header("content-type", "").get("/oauth/authorize/").await,
            shop().header("host", "a b").get("/oauth/authorize").await,
            shop().get(&format!("/oauth/authorize?{}", "x".repeat(20_000))).await,
            asks().send("OPTIONS", "/oauth/authorize", None).await,
        ] {
            let cors: Vec<_> =
                answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
            assert_eq!(cors, [""; 0], "{}", answer.text);
        }
        let token = asks().send("OPTIONS", "/token", None).await;
        assert_eq!(token.headers.contains_key("access-control-allow-origin"), open);
        assert!(token.headers.contains_key("access-control-allow-methods"));
    }
}

/// A `scope` has no empty value (RFC 6749 §3.3): who has no scopes gets no such member, wherever it is said.
#[actix_web::test]
async fn who_has_no_scopes_is_told_of_none() {
    let app = app().await;
    let answer = app.anonymous().form("/token", &format!("grant_type=client_credentials&{SERVICE}")).await;
    answer.is_documented("create-token", 200);
    assert_eq!(answer.json.get("scope"), None);
    assert_eq!(header(&answer, "pragma"), "no-cache");
    let token = answer.text_at("/access_token");
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!((claims.get("scope"), claims.get("client_id")), (None, Some(&json!("service"))));
    let told = app.anonymous().form("/oauth/introspect", &format!("token={token}&{SERVICE}")).await;
    told.is_documented("create-introspection", 200);
    assert_eq!((told.at("/active"), told.json.get("scope")), (&json!(true), None));
    let (access, _) = login(&app, "sonia@acme.com").await;
    let told = app.anonymous().form("/oauth/introspect", &format!("token={access}&{SERVICE}")).await;
    assert_eq!(told.at("/scope"), &json!("customer"));
}

/// H9: what is not there is not announced, and a list without elements is left out (RFC 8414 §3.2).
#[actix_web::test]
async fn the_metadata_of_a_shop_leaves_out_what_it_has_not() {
    let metadata = profiled(Profile::Spryker).await.anonymous().get("/.well-known/oauth-authorization-server").await;
    let names: Vec<&String> = metadata.json.as_object().expect("an object").keys().collect();
    assert_eq!(
        names,
        [
            "grant_types_supported",
            "introspection_endpoint",
            "introspection_endpoint_auth_methods_supported",
            "issuer",
            "jwks_uri",
            "revocation_endpoint",
            "revocation_endpoint_auth_methods_supported",
            "scopes_supported",
            "token_endpoint",
            "token_endpoint_auth_methods_supported",
        ]
    );
    assert_eq!(metadata.at("/grant_types_supported"), &json!(["password", "refresh_token"]));
}

/// H9: clients look for the metadata of an issuer with a path between host and path (RFC 8414 §3.1).
#[actix_web::test]
async fn an_issuer_with_a_path_has_its_metadata_where_clients_look() {
    let mut settings = settings();
    settings.server.public_url = "https://shop.test/api/v1".into();
    let app = over(settings).await;
    for path in ["/.well-known/oauth-authorization-server/api/v1", "/.well-known/oauth-authorization-server"] {
        let metadata = app.anonymous().get(path).await;
        metadata.is_ok(200);
        assert_eq!(metadata.text_at("/issuer"), "https://shop.test/api/v1");
        assert_eq!(metadata.text_at("/token_endpoint"), "https://shop.test/api/v1/token");
    }
    for path in ["/.well-known/oauth-authorization-server/api", "/.well-known/oauth-authorization-server/api/v1/x"] {
        app.anonymous().get(path).await.is_refused(404, None);
    }
    let plain = crate::fixture::app().await;
    plain.anonymous().get("/.well-known/oauth-authorization-server/api").await.is_refused(404, None);
}

/// reference/authentication.md §1.5: a shop knows two grants, no `Basic`, and answers 400 to all of it.
#[actix_web::test]
async fn a_shop_knows_two_grants() {
    let app = profiled(Profile::Spryker).await;
    app.anonymous().get(&format!("/oauth/authorize?{ASK}")).await.is_refused(404, None);
    for form in [format!("grant_type=client_credentials&{SERVICE}"), "grant_type=authorization_code&code=x".to_owned()]
    {
        let answer = app.anonymous().form("/token", &form).await;
        assert_eq!((answer.status, answer.text_at("/error").as_str()), (400, "invalid_grant"), "{form}");
    }
    let answer = app.authorization(&basic("service", "change123")).form("/token", "grant_type=password").await;
    assert_eq!((answer.status, answer.text.as_str()), (401, "Invalid access token."));
    let tokens = app.anonymous().form("/token", "grant_type=password&username=sonia@acme.com&password=change123").await;
    let names: Vec<&String> = tokens.json.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "refresh_token", "token_type"]);
    assert!(tokens.text_at("/refresh_token").starts_with("def50200"));
    app.bearer(&tokens.text_at("/access_token")).get("/wishlists").await.is_ok(200);
    // The token of one shape is none of the other.
    let documented = crate::fixture::app().await;
    documented.bearer(&tokens.text_at("/access_token")).get("/wishlists").await.is_invalid_token();
}

/// T12: forms that nobody honest sends are refused, and no server error comes of them.
#[actix_web::test]
async fn hostile_forms_are_refused() {
    let app = app().await;
    let good = "grant_type=password&username=sonia@acme.com&password=change123";
    let many = format!("{good}&{}", "x=1&".repeat(20_000));
    let long = format!("{good}&{}=1", "a".repeat(200_000));
    for (form, served) in [
        ("%", false),
        ("%ff%fe=%00", false),
        ("grant_type=password%00&username=a&password=b", false),
        ("grant_type[]=password&username=a&password=b", false),
        ("=&=&=", false),
        ("&&&&", false),
        ("grant_type=%C0%AFpassword", false),
        ("grant_type=password&username=sonia@acme.com&password=%F0%9F%94%92", false),
        (&*format!("grant_type=password&username={}&password=x", "a".repeat(100_000)), false),
        (&*format!("grant_type=refresh_token&refresh_token={}", "a".repeat(100_000)), false),
        (&*format!("{good}&client_id={}", "a".repeat(100_000)), false),
        (&*format!("{good}&scope={}", "customer ".repeat(10_000)), true),
        (&*many, true),
        (&*long, true),
    ] {
        let answer = app.anonymous().form("/token", form).await;
        let shown: String = form.chars().take(60).collect();
        assert_eq!(
            answer.status,
            if served {
                200
            } else if form.contains("client_id") {
                401
            } else {
                400
            },
            "{shown}"
        );
        for path in ["/oauth/revoke", "/oauth/introspect", "/oauth/authorize"] {
            let answer = app.anonymous().form(path, form).await;
            assert!((400..500).contains(&answer.status), "{path} {shown}: {}", answer.status);
        }
    }
    for body in ["{\"grant_type\":\"password\"}", "<grant/>", ""] {
        for media_type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let answer = app.anonymous().raw("POST", "/token", Some((media_type, body))).await;
            assert_eq!((answer.status, answer.text_at("/error")), (400, "invalid_request".into()));
        }
    }
}

/// I5: a person sees own sessions, ends one of them, and nobody else's.
#[actix_web::test]
async fn people_see_and_end_their_sessions() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let (token, _) = login(&app, "sonia@acme.com").await;
        let (other, refresh) = login(&app, "sonia@acme.com").await;
        let (stranger, _) = login(&app, "bill.martin@acme.com").await;
        let sessions = app.bearer(&token).get("/sessions").await;
        sessions.is_ok(200);
        assert_eq!(sessions.at("/data").as_array().map(Vec::len), Some(2));
        assert_eq!(sessions.at("/data/0/attributes/scopes"), &json!(["customer"]));
        let path = format!("/sessions/{}", sessions.text_at("/data/0/id"));
        app.bearer(&stranger).send("DELETE", &path, None).await.is(404, "012");
        app.bearer(&token).send("DELETE", "/sessions/unknown", None).await.is(404, "012");
        app.bearer(&token).send("DELETE", &path, None).await.is_ok(204);
        app.bearer(&other).get("/wishlists").await.is_invalid_token();
        let body = format!(r#"{{"data":{{"type":"refresh-tokens","attributes":{{"refreshToken":"{refresh}"}}}}}}"#);
        app.anonymous().send("POST", "/refresh-tokens", Some(&body)).await.is(401, "004");
        assert_eq!(app.bearer(&token).get("/sessions").await.at("/data").as_array().map(Vec::len), Some(1));
    }
}

/// The page shows what there is and nothing that a client made up, hands no endless text through, and takes no form that another
/// site's page sent.
#[actix_web::test]
async fn the_page_is_nobody_elses() {
    let app = app().await;
    let page = app
        .anonymous()
        .get(&format!("/oauth/authorize?{}", ASK.replace("scope=customer", "scope=customer+Free_money")))
        .await;
    assert!(page.text.contains("<code>customer</code>") && !page.text.contains("<code>Free_money"), "{}", page.text);
    let long = ASK.replace("state=a%26b", &format!("state={}", "s".repeat(1_025)));
    let refused = app.anonymous().get(&format!("/oauth/authorize?{long}")).await;
    assert_eq!((parameter(&refused, "error"), parameter(&refused, "state")), ("invalid_request".into(), String::new()));
    let form = format!("{ASK}&username=sonia@acme.com&password=change123&decision=allow");
    let sent = async |headers: &[(&str, &str)]| {
        let client = headers.iter().fold(app.anonymous(), |client, (name, value)| client.header(name, value));
        client.form("/oauth/authorize", &form).await.status
    };
    for elsewhere in [
        &[("origin", "https://evil.test")][..],
        &[("origin", "null")],
        &[("origin", "http://glue.test.evil.test")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://glue.test")],
    ] {
        assert_eq!(sent(elsewhere).await, 403, "{elsewhere:?}");
    }
    for here in [
        &[][..],
        &[("origin", "http://glue.test")],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://glue.test")],
    ] {
        assert_eq!(sent(here).await, 303, "{here:?}");
    }
}
