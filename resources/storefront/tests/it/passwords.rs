//! Customers change their passwords (reference/authentication.md §1.9; reference/resources.md §1.3).

use glue_app::Settings;
use glue_core::profile::Profile;
use glue_core::testing::{Answer, TestApp};
use time::Duration;

use crate::fixture::{credentials, login, over, profiled, settings};
use crate::mailbox::Mailbox;

const OLD: &str = glue_app::DEMO_PASSWORD;
const NEW: &str = "Change123!ok";
const PATH: &str = "/customer-password/DE--21";

async fn change(app: &TestApp, token: &str, path: &str, attributes: [&str; 3]) -> Answer {
    let [password, new, confirm] = attributes.map(|text| serde_json::Value::from(text).to_string());
    let attributes = format!(r#"{{"password":{password},"newPassword":{new},"confirmPassword":{confirm}}}"#);
    let body = format!(r#"{{"data":{{"type":"customer-password","attributes":{attributes}}}}}"#);
    app.bearer(token).header("accept", "*/*").send("PATCH", path, Some(&body)).await
}

fn details(answer: &Answer) -> Vec<String> {
    let errors = answer.at("/errors").as_array().cloned().unwrap_or_default();
    errors.iter().filter_map(|error| Some(error.get("detail")?.as_str()?.to_owned())).collect()
}

/// Every row of the table, in the order in which they win.
#[actix_web::test]
async fn every_refusal_is_the_contracts() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let token = shop_login(&app).await;
        let body = r#"{"data":{"type":"customer-password","attributes":{}}}"#;
        let bare = app.anonymous().header("accept", "*/*");
        assert_eq!(
            bare.send("PATCH", "/customer-password", Some(body)).await.text_at("/errors/0/detail"),
            "Resource id is not specified."
        );
        let missing = app.anonymous().header("accept", "*/*").send("PATCH", PATH, Some(body)).await;
        assert_eq!(missing.status, if profile == Profile::Spryker { 403 } else { 401 });
        assert_eq!(missing.text_at("/errors/0/code"), "002");
        let none = app.bearer(&token).header("accept", "*/*").send("PATCH", PATH, Some(body)).await;
        assert_eq!((none.status, none.text_at("/errors/0/code").as_str()), (422, "901"));
        let absent =
            ["password", "newPassword", "confirmPassword"].map(|field| format!("{field} => This field is missing."));
        assert_eq!(details(&none), absent);
        let empty = change(&app, &token, PATH, ["", "", ""]).await;
        let short = "This value is too short. It should have 12 characters or more.";
        let blank = "This value should not be blank.";
        let expected = [
            format!("password => {blank}"),
            format!("newPassword => {blank}"),
            format!("newPassword => {short}"),
            format!("confirmPassword => {blank}"),
            format!("confirmPassword => {short}"),
        ];
        assert_eq!(details(&empty), expected);
        let long = "Aa1!".repeat(33);
        let too_long = change(&app, &token, PATH, [OLD, &long, &long]).await;
        assert!(
            details(&too_long)
                .contains(&"newPassword => This value is too long. It should have 128 characters or less.".to_owned())
        );
        assert_eq!(change(&app, &token, PATH, [OLD, "change123change", "change123change"]).await.status, 422);
        // The attributes win over the id, the id over the rest.
        assert_eq!(change(&app, &token, "/customer-password/DE--22", ["", "", ""]).await.status, 422);
        let foreign = change(&app, &token, "/customer-password/DE--22", [OLD, NEW, "Another123!ok"]).await;
        foreign.is(403, "411");
        let unequal = change(&app, &token, PATH, ["wrong", NEW, "Another123!ok"]).await;
        unequal.is(422, "406");
        assert_eq!(
            details(&unequal),
            ["Value in field newPassword should be identical to value in the confirmPassword field."]
        );
        let wrong = change(&app, &token, PATH, ["wrong", NEW, NEW]).await;
        wrong.is(400, "408");
        assert_eq!(details(&wrong), ["Invalid password"]);
        app.sql("UPDATE spy_customer SET customer_reference = 'DE--x' WHERE customer_reference = 'DE--21'").await;
        change(&app, &token, PATH, [OLD, NEW, NEW]).await.is(404, "402");
    }
}

async fn shop_login(app: &TestApp) -> String {
    let body = credentials("sonia@acme.com", OLD);
    let answer = app.anonymous().header("accept", "*/*").send("POST", "/access-tokens", Some(&body)).await;
    answer.text_at("/data/attributes/accessToken")
}

/// R13, G14: what was begun with the old password ends with it; a shop ends access tokens.
#[actix_web::test]
async fn a_new_password_ends_sessions() {
    let app = profiled(Profile::Documented).await;
    let ((one, refresh), (two, _)) = (login(&app, "sonia@acme.com").await, login(&app, "sonia@acme.com").await);
    let (bill, _) = login(&app, "bill.martin@acme.com").await;
    change(&app, &one, PATH, [OLD, NEW, NEW]).await.is_documented("update-customer-password", 204);
    app.bearer(&one).get("/wishlists").await.is_invalid_token();
    app.bearer(&two).get("/wishlists").await.is_invalid_token();
    app.bearer(&bill).get("/wishlists").await.is_ok(200);
    let refreshed = app.anonymous().form("/token", &format!("grant_type=refresh_token&refresh_token={refresh}")).await;
    assert_eq!(refreshed.text_at("/error"), "invalid_grant");
    let old = app.anonymous().send("POST", "/access-tokens", Some(&credentials("sonia@acme.com", OLD))).await;
    old.is(401, "003");
    app.anonymous().send("POST", "/access-tokens", Some(&credentials("sonia@acme.com", NEW))).await.is_ok(201);

    let shop = profiled(Profile::Spryker).await;
    let body = credentials("sonia@acme.com", OLD);
    let begun = shop.anonymous().header("accept", "*/*").send("POST", "/access-tokens", Some(&body)).await;
    let [token, refresh] =
        ["accessToken", "refreshToken"].map(|name| begun.text_at(&format!("/data/attributes/{name}")));
    assert_eq!(change(&shop, &token, PATH, [OLD, NEW, NEW]).await.status, 204);
    // Both logins still send the old token along (reference/authentication.md §1.9).
    let again = async |password: &str| {
        let body = credentials("sonia@acme.com", password);
        shop.bearer(&token).header("accept", "*/*").send("POST", "/access-tokens", Some(&body)).await
    };
    again(OLD).await.is(401, "003");
    again(NEW).await.is_ok(201);
    // Where a token is needed, the old one is none; what it came with is refreshed all the same (§1.9, §2.4).
    shop.bearer(&token).header("accept", "*/*").get("/wishlists").await.is_invalid_token();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    let pair = shop.anonymous().header("accept", "*/*").form("/token", &form).await;
    let fresh = shop.bearer(&pair.text_at("/access_token")).header("accept", "*/*").get("/wishlists").await;
    fresh.is_ok(200);
}

/// reference/resources.md §1.1: a shop takes no three equal characters in a row; nobody else asks for that (P14).
#[actix_web::test]
async fn a_shop_refuses_repeated_characters() {
    const REPEATED: &str = "Aaaa1!bbbbbb";
    let (shop, mail) = mailing(Profile::Spryker).await;
    let token = shop_login(&shop).await;
    change(&shop, &token, PATH, ["wrong", REPEATED, REPEATED]).await.is(400, "408");
    change(&shop, &token, PATH, [OLD, REPEATED, REPEATED]).await.is(400, "421");
    forget(&shop, "sonia@acme.com").await.is_ok(204);
    let key = keys(&mail).pop().expect("a mail");
    restore_to(&shop, &key, [REPEATED; 2]).await.is(400, "421");
    assert_eq!(restore(&shop, &key, NEW).await.status, 204, "the key is as good as before");
    let app = profiled(Profile::Documented).await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    assert_eq!(change(&app, &token, PATH, [OLD, REPEATED, REPEATED]).await.status, 204);
}

/// R13: a new password and the end of what was begun with the old one happen together or not at all, also when the storage
/// fails in between.
#[actix_web::test]
async fn a_change_is_whole_or_none() {
    let (app, mail) = mailing(Profile::Documented).await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    forget(&app, "sonia@acme.com").await.is_ok(204);
    let key = keys(&mail).pop().expect("a mail");
    app.sql("CREATE TRIGGER no_end BEFORE UPDATE ON spy_oauth_session BEGIN SELECT RAISE(ABORT, 'not now'); END").await;
    assert_eq!(change(&app, &token, PATH, [OLD, NEW, NEW]).await.status, 503);
    assert_eq!(restore(&app, &key, NEW).await.status, 503);
    app.sql("DROP TRIGGER no_end").await;
    app.bearer(&token).get("/wishlists").await.is_ok(200);
    app.anonymous().send("POST", "/access-tokens", Some(&credentials("sonia@acme.com", OLD))).await.is_ok(201);
    assert_eq!(restore(&app, &key, NEW).await.status, 204, "the key is as good as before");
    app.bearer(&token).get("/wishlists").await.is_invalid_token();
}

/// P8: a stolen session guesses the password as slowly as a stranger does.
#[actix_web::test]
async fn guesses_count_here_too() {
    let app = profiled(Profile::Documented).await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    for _ in 0..10 {
        change(&app, &token, PATH, ["wrong", NEW, NEW]).await.is(400, "408");
    }
    let blocked = change(&app, &token, PATH, ["wrong", NEW, NEW]).await;
    blocked.is(429, "4401");
    assert!(blocked.headers.contains_key("retry-after"));
    change(&app, &token, PATH, [OLD, NEW, NEW]).await.is(429, "4401");
}

/// A storefront whose mail lands in a folder.
async fn mailing(profile: Profile) -> (TestApp, Mailbox) {
    let mail = Mailbox::new();
    (over(mail.settings(Settings { profile, ..settings() })).await, mail)
}

/// The keys in the mails, the youngest last.
fn keys(mail: &Mailbox) -> Vec<String> {
    mail.words_after("password is ")
}

async fn forget(app: &TestApp, email: &str) -> Answer {
    let kind = "customer-forgotten-password";
    let body = format!(r#"{{"data":{{"type":"{kind}","attributes":{{"email":"{email}"}}}}}}"#);
    app.anonymous().send("POST", &format!("/{kind}"), Some(&body)).await
}

async fn restore(app: &TestApp, key: &str, password: &str) -> Answer {
    restore_to(app, key, [password, NEW]).await
}

async fn restore_to(app: &TestApp, key: &str, [password, confirm]: [&str; 2]) -> Answer {
    let kind = "customer-restore-password";
    let attributes =
        format!(r#"{{"restorePasswordKey":"{key}","password":"{password}","confirmPassword":"{confirm}"}}"#);
    let body = format!(r#"{{"data":{{"type":"{kind}","attributes":{attributes}}}}}"#);
    app.anonymous().send("PATCH", &format!("/{kind}/any"), Some(&body)).await
}

/// A letter is read in the language of whoever asked for it, whatever its letters.
#[actix_web::test]
async fn a_letter_is_written_in_both_languages() {
    let (app, mail) = mailing(Profile::Documented).await;
    forget(&app, "sonia@acme.com").await.is_ok(204);
    let kind = "customer-forgotten-password";
    let body = format!(r#"{{"data":{{"type":"{kind}","attributes":{{"email":"Lilu@ottom.de"}}}}}}"#);
    let german = app.anonymous().header("accept-language", "de");
    german.send("POST", &format!("/{kind}"), Some(&body)).await.is_ok(204);
    let [english, german] = &*mail.mails() else { panic!("two mails") };
    assert_eq!((english.to.as_str(), english.subject.as_str()), ("sonia@acme.com", "A new password"));
    assert!(english.text.starts_with("The key for a new password is "), "{}", english.text);
    assert_eq!((german.to.as_str(), german.subject.as_str()), ("lilu@ottom.de", "Neues Passwort"));
    assert!(german.text.starts_with("Der Schlüssel für ein neues Passwort ist "), "{}", german.text);
}

/// P13, R13: a key is sent to its owner alone, is worth something for two hours and once, and not beside a younger one;
/// what it is used for ends every session.
#[actix_web::test]
async fn a_forgotten_password_is_replaced_by_a_key() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let (app, mail) = mailing(profile).await;
        let token = shop_login(&app).await;
        for email in ["sonia@acme.com", "Sonia@ACME.com", "nobody@acme.com", "sonia@acme.com"] {
            let answer = forget(&app, email).await;
            assert_eq!((answer.status, answer.text.as_str()), (204, ""), "nobody learns who is a customer");
        }
        let [first, second, third] = &*keys(&mail) else { panic!("three mails") };
        assert!(first.len() == 32 && first != second);
        restore(&app, first, NEW).await.is(422, "415");
        restore(&app, "", NEW).await.is(422, "901");
        restore(&app, "garbage", NEW).await.is(422, "415");
        restore(&app, third, "Another123!ok").await.is(422, "406");
        assert_eq!(restore(&app, third, NEW).await.status, 204);
        restore(&app, third, NEW).await.is(422, "415");
        let status = |password: &str| {
            let body = credentials("sonia@acme.com", password);
            let app = &app;
            async move { app.anonymous().send("POST", "/access-tokens", Some(&body)).await.status }
        };
        assert_eq!((status(OLD).await, status(NEW).await), (401, 201));
        assert_eq!(app.bearer(&token).get("/wishlists").await.status, 401);
        forget(&app, "sonia@acme.com").await.is_ok(204);
        let late = keys(&mail).pop().expect("a mail");
        app.clock.advance(Duration::hours(2));
        restore(&app, &late, NEW).await.is(400, "407");
    }
}

/// P13: keys are stored as hashes, few are sent, and few are tried.
#[actix_web::test]
async fn keys_are_few_and_hashed() {
    let (app, mail) = mailing(Profile::Documented).await;
    for _ in 0..15 {
        forget(&app, "sonia@acme.com").await.is_ok(204);
    }
    let sent = keys(&mail);
    assert_eq!(sent.len(), 10);
    let hash =
        app.text("SELECT restore_password_key AS text FROM spy_customer WHERE customer_reference = 'DE--21'").await;
    assert!(hash.len() == 64 && !sent.contains(&hash));
    for _ in 0..10 {
        restore(&app, "garbage", NEW).await.is(422, "415");
    }
    let blocked = restore(&app, &sent[9], NEW).await;
    blocked.is(429, "4401");
    assert!(blocked.headers.contains_key("retry-after"));
}
