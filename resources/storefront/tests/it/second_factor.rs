//! Second factors (reference/authentication.md §1.11), from the first code to the last.

use glue_app::Settings;
use glue_core::profile::Profile;
use glue_core::testing::{Answer, TestApp};
use time::Duration;

use crate::fixture::{login, over, settings};
use crate::mailbox::Mailbox;

struct Shop {
    app: TestApp,
    mail: Mailbox,
    token: String,
}

impl Shop {
    async fn open(profile: Profile) -> Self {
        let mail = Mailbox::new();
        let app = over(mail.settings(Settings { profile, ..settings() })).await;
        let body = crate::fixture::credentials("sonia@acme.com", glue_app::DEMO_PASSWORD);
        let token = app.anonymous().header("accept", "*/*").send("POST", "/access-tokens", Some(&body)).await;
        let token = token.text_at("/data/attributes/accessToken");
        Self { app, mail, token }
    }

    async fn send(&self, method: &str, path: &str, body: Option<&str>, code: Option<&str>) -> Answer {
        let caller = self.app.bearer(&self.token).header("accept", "*/*");
        let caller = match code {
            Some(code) => caller.header("x-mfa-code", code),
            None => caller,
        };
        caller.send(method, path, body).await
    }

    async fn ask(&self, door: &str, code: Option<&str>) -> Answer {
        let kind = format!("multi-factor-auth-{door}");
        let body = format!(r#"{{"data":{{"type":"{kind}","attributes":{{"type":"email"}}}}}}"#);
        self.send("POST", &format!("/{kind}"), Some(&body), code).await
    }

    /// Something that a second factor guards.
    async fn guarded(&self, code: Option<&str>) -> Answer {
        let body = r#"{"data":{"type":"addresses","attributes":{"salutation":"Ms","firstName":"A","lastName":"B","address1":"C","address2":"1","zipCode":"12345","city":"Bonn","iso2Code":"DE","isDefaultShipping":false,"isDefaultBilling":false}}}"#;
        self.send("POST", "/customers/DE--21/addresses", Some(body), code).await
    }

    /// The code in the youngest mail.
    fn code(&self) -> String {
        assert_eq!(self.mail.mails().pop().expect("a mail").to, "sonia@acme.com");
        self.mail.words_after("code is ").pop().expect("a code")
    }

    async fn status(&self) -> i64 {
        let types = self.send("GET", "/multi-factor-auth-types", None, None).await;
        assert_eq!(types.at("/data/0/attributes/type"), "email");
        types.at("/data/0/attributes/status").as_i64().expect("a number")
    }

    async fn activated(profile: Profile) -> Self {
        let shop = Self::open(profile).await;
        assert_eq!(shop.ask("type-activate", None).await.status, 204);
        assert_eq!(shop.ask("type-verify", Some(&shop.code())).await.status, 204);
        shop
    }
}

/// Another code than this one.
fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[actix_web::test]
async fn a_type_is_activated_asked_for_and_ended() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let shop = Shop::open(profile).await;
        assert_eq!(shop.status().await, 0);
        assert_eq!(shop.guarded(None).await.status, 201, "nobody is asked for what they have not");
        assert_eq!(shop.ask("type-activate", None).await.status, 204);
        assert_eq!(shop.status().await, 1);
        assert_eq!(shop.guarded(None).await.status, 201, "a pending type guards nothing");
        shop.ask("type-verify", None).await.is(403, "5900");
        shop.ask("type-verify", Some(wrong(&shop.code()))).await.is(403, "5901");
        assert_eq!(shop.ask("type-verify", Some(&shop.code())).await.status, 204);
        assert_eq!(shop.status().await, 2);
        shop.ask("type-activate", None).await.is(400, "5904");

        let refused = shop.guarded(None).await;
        refused.is(403, "5900");
        assert_eq!(refused.text_at("/errors/0/detail"), "X-MFA-Code header is missing.");
        let used = shop.code();
        shop.guarded(Some(&used)).await.is(403, "5901");
        assert_eq!(shop.ask("trigger", None).await.status, 204);
        let code = shop.code();
        assert_ne!(used, code, "a code is used once");
        assert_eq!(shop.guarded(Some(&code)).await.status, 201);
        shop.guarded(Some(&code)).await.is(403, "5901");
        assert_eq!(shop.send("GET", "/customers/DE--21/addresses", None, None).await.status, 200, "reading is free");

        shop.ask("type-deactivate", None).await.is(403, "5900");
        assert_eq!(shop.ask("trigger", None).await.status, 204);
        assert_eq!(shop.ask("type-deactivate", Some(&shop.code())).await.status, 204);
        assert_eq!(shop.status().await, 0);
        shop.ask("type-deactivate", Some("123456")).await.is(400, "5903");
        shop.ask("trigger", None).await.is(400, "5906");
        assert_eq!(shop.guarded(None).await.status, 201);
    }
}

#[actix_web::test]
async fn what_is_not_there_is_refused() {
    let shop = Shop::open(Profile::Documented).await;
    for door in ["trigger", "type-activate", "type-verify", "type-deactivate"] {
        let path = format!("/multi-factor-auth-{door}");
        for (attributes, code) in
            [("{}", "5902"), (r#"{"type":null}"#, "5902"), (r#"{"type":""}"#, "5902"), (r#"{"type":"pigeon"}"#, "5906")]
        {
            let body = format!(r#"{{"data":{{"type":"multi-factor-auth-{door}","attributes":{attributes}}}}}"#);
            shop.send("POST", &path, Some(&body), Some("123456")).await.is(400, code);
        }
        shop.app.anonymous().send("POST", &path, Some("{}")).await.is_refused(400, None);
    }
    shop.ask("trigger", None).await.is(400, "5906");
    shop.ask("type-verify", Some("123456")).await.is(403, "5901");
    let agent = r#"{"data":{"type":"agent-access-tokens","attributes":{"username":"agent@spryker.com","password":"change123"}}}"#;
    let agent = shop.app.anonymous().send("POST", "/agent-access-tokens", Some(agent)).await;
    let agent = shop.app.bearer(&agent.text_at("/data/attributes/accessToken"));
    agent.get("/multi-factor-auth-types").await.is(400, "5905");
}

/// Three attempts at a code, counted before it is compared; then only another one helps, and there are few of them.
#[actix_web::test]
async fn a_code_takes_three_attempts() {
    let shop = Shop::activated(Profile::Documented).await;
    assert_eq!(shop.ask("trigger", None).await.status, 204);
    let code = shop.code();
    for _ in 0..3 {
        shop.guarded(Some(wrong(&code))).await.is(403, "5901");
    }
    shop.guarded(Some(&code)).await.is(403, "5901");
    for _ in 0..4 {
        assert_eq!(shop.ask("trigger", None).await.status, 204);
    }
    let blocked = shop.ask("trigger", None).await;
    blocked.is(429, "5911");
    assert_eq!(blocked.text_of("retry-after"), "1800");
    // Many at once are no more than three.
    let code = shop.code();
    let guesses = futures_util::future::join_all((0..8).map(|_| shop.guarded(Some(wrong(&code))))).await;
    assert!(guesses.iter().all(|answer| answer.status == 403));
    shop.guarded(Some(&code)).await.is(403, "5901");
}

#[actix_web::test]
async fn a_code_lives_for_half_an_hour_and_for_its_owner() {
    let shop = Shop::activated(Profile::Documented).await;
    assert_eq!(shop.ask("trigger", None).await.status, 204);
    let code = shop.code();
    let (bill, _) = login(&shop.app, "bill.martin@acme.com").await;
    let body = r#"{"data":{"type":"multi-factor-auth-type-verify","attributes":{"type":"email"}}}"#;
    let stranger = shop.app.bearer(&bill).header("x-mfa-code", &code);
    stranger.send("POST", "/multi-factor-auth-type-verify", Some(body)).await.is(403, "5901");
    shop.app.clock.advance(Duration::minutes(30));
    shop.guarded(Some(&code)).await.is(403, "5901");
}

/// Codes are stored as hashes under a key that the database does not have.
#[actix_web::test]
async fn no_code_is_stored() {
    let shop = Shop::activated(Profile::Documented).await;
    let code = shop.code();
    let stored = shop.app.database.db.run(|conn| {
        use diesel::prelude::*;
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            code: String,
        }
        let rows = diesel::sql_query("SELECT code FROM spy_customer_multi_factor_auth_codes");
        Ok(glue_core::on_dialect!(conn, c => rows.load::<Row>(c))?.into_iter().map(|row| row.code).collect::<Vec<_>>())
    });
    let stored = stored.await.expect("a storage");
    assert!(!stored.is_empty() && stored.iter().all(|hash| hash.len() == 64 && !hash.contains(&code)));
}

/// The mail speaks the reader's language, and a way that is closed is said.
#[actix_web::test]
async fn a_mail_is_written_or_said_to_be_missing() {
    let shop = Shop::open(Profile::Documented).await;
    let body = r#"{"data":{"type":"multi-factor-auth-type-activate","attributes":{"type":"email"}}}"#;
    let german = shop.app.bearer(&shop.token).header("accept-language", "de");
    german.send("POST", "/multi-factor-auth-type-activate", Some(body)).await.is_ok(204);
    let mail = shop.mail.mails().pop().expect("a mail");
    assert_eq!(mail.subject, "Ihr Code");
    assert!(mail.text.starts_with("Ihr Code ist ") && mail.text.contains("Bitte ändern Sie es."), "{}", mail.text);
    shop.mail.close();
    // What nobody got does not count.
    for _ in 0..7 {
        shop.ask("type-activate", None).await.is(400, "5910");
    }
    shop.app
        .sql("DELETE FROM spy_customer_multi_factor_auth; DELETE FROM spy_customer WHERE customer_reference = 'DE--21'")
        .await;
    shop.ask("type-activate", None).await.is(400, "5907");
}

/// What is proven is its owner's and does not count either: a customer writes as often as codes come.
#[actix_web::test]
async fn proven_codes_do_not_run_out() {
    let shop = Shop::activated(Profile::Documented).await;
    for _ in 0..8 {
        assert_eq!(shop.ask("trigger", None).await.status, 204);
        assert_eq!(shop.guarded(Some(&shop.code())).await.status, 201);
    }
}

/// Many beginnings at once are one type.
#[actix_web::test]
async fn many_first_steps_at_once_are_one() {
    let shop = Shop::open(Profile::Documented).await;
    let first = futures_util::future::join_all((0..8).map(|_| shop.ask("type-activate", None))).await;
    assert!(
        first.iter().all(|answer| matches!(answer.status, 204 | 429)),
        "{:?}",
        first.iter().map(|a| a.status).collect::<Vec<_>>()
    );
    assert_eq!(shop.status().await, 1);
}

/// A right code that several requests send at once lets one pass, however many there are.
#[actix_web::test]
async fn one_of_many_right_codes_passes() {
    let shop = Shop::activated(Profile::Documented).await;
    shop.ask("trigger", None).await.is_ok(204);
    let code = shop.code();
    let all = futures_util::future::join_all((0..8).map(|_| shop.guarded(Some(&code)))).await;
    let passed = all.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(passed, 1, "{:?}", all.iter().map(|answer| answer.status).collect::<Vec<_>>());
}
