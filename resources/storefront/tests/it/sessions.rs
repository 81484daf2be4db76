//! Sessions and rights that end: whatever hand takes them, an access token is dead within two looks at the database, on every
//! instance, and the next exchange gives what the present gives. By the ids of the findings; in both profiles.

use auth_rest_api::SharedEngine;
use glue_app::Settings;
use glue_core::profile::Profile;
use glue_core::testing::{Answer, TestApp};
use oauth::jwt::{ENDED, NOT_READY};
use serde_json::{Value, json};

use crate::fixture::{engaged, instance, noon, settings};

const BOTH: [Profile; 2] = [Profile::Documented, Profile::Spryker];

/// Anne is the member of one company, Trever of several; John is whom an agent acts for.
const ANNE: &str = "anne.boleyn@acme.com";
const TREVER: &str = "Trever.m@acme.com";
const MEMBER: &str = "4c677a6b-2f65-5645-9bf8-0ef3532bead1";

struct World {
    app: TestApp,
    engine: SharedEngine,
    /// Another instance on the same database.
    elsewhere: SharedEngine,
}

/// The tokens of a session.
#[derive(Clone)]
struct Pair {
    access: String,
    refresh: String,
}

impl World {
    async fn new(profile: Profile) -> Self {
        let settings = Settings { profile, ..settings() };
        let (app, engine) = engaged(settings.clone()).await;
        let elsewhere = instance(&settings, &app.database.db).await;
        Self { app, engine, elsewhere }
    }

    /// What every instance does each second.
    async fn a_second(&self) {
        for engine in [&self.engine, &self.elsewhere] {
            engine.reconsider_changed(noon()).await.expect("storage");
            engine.learn_endings(noon()).await.expect("storage");
        }
    }

    async fn post(&self, door: &str, attributes: Value, bearer: Option<&str>) -> Answer {
        let body = json!({ "data": { "type": door, "attributes": attributes } }).to_string();
        let client = bearer.map_or_else(|| self.app.anonymous(), |token| self.app.bearer(token));
        client.send("POST", &format!("/{door}"), Some(&body)).await
    }

    async fn pair(&self, door: &str, attributes: Value, bearer: Option<&str>) -> Pair {
        let answer = self.post(door, attributes, bearer).await;
        answer.is_ok(201);
        let text = |name: &str| answer.text_at(&format!("/data/attributes/{name}"));
        Pair { access: text("accessToken"), refresh: text("refreshToken") }
    }

    async fn customer(&self, name: &str) -> Pair {
        self.pair("access-tokens", person(name), None).await
    }

    async fn agent(&self) -> Pair {
        self.pair("agent-access-tokens", person("agent@spryker.com"), None).await
    }

    async fn impersonated(&self, agent: &Pair, reference: &str) -> Pair {
        let door = "agent-customer-impersonation-access-tokens";
        self.pair(door, json!({ "customerReference": reference }), Some(&agent.access)).await
    }

    async fn member(&self, of: &Pair, member: &str) -> Pair {
        self.pair("company-user-access-tokens", json!({ "idCompanyUser": member }), Some(&of.access)).await
    }

    async fn refreshed(&self, pair: &Pair) -> Answer {
        self.post("refresh-tokens", json!({ "refreshToken": pair.refresh }), None).await
    }

    /// The scopes of the token that a refresh yields.
    async fn scopes_after_refresh(&self, pair: &Pair) -> Vec<String> {
        let answer = self.refreshed(pair).await;
        answer.is_ok(201);
        let token = answer.text_at("/data/attributes/accessToken");
        let judged = self.engine.verify(&token, noon()).unwrap_or_else(|why| panic!("{why:?}"));
        judged.verified.scopes.clone()
    }

    /// No instance takes the access token any more.
    fn is_dead(&self, pair: &Pair) {
        for engine in [&self.engine, &self.elsewhere] {
            assert_eq!(engine.verify(&pair.access, noon()).err(), Some(ENDED));
        }
    }

    fn lives(&self, pair: &Pair) {
        for engine in [&self.engine, &self.elsewhere] {
            assert_eq!(engine.verify(&pair.access, noon()).err(), None);
        }
    }

    async fn cannot_be_refreshed(&self, pair: &Pair) {
        self.refreshed(pair).await.is(401, "004");
    }
}

fn person(name: &str) -> Value {
    json!({ "username": name, "password": glue_app::DEMO_PASSWORD })
}

/// H2: whoever leaves a company, or whose company ends, by whatever hand, has no token with that right; the session goes on
/// as a customer's, and a member's own ends.
#[actix_web::test]
async fn h2_a_membership_that_ended_ends_in_tokens() {
    for how in [
        "UPDATE spy_company_user SET is_active = FALSE WHERE fk_customer = 18",
        "DELETE FROM spy_company_user WHERE fk_customer = 18",
        "UPDATE spy_company SET is_active = FALSE",
        "UPDATE spy_company SET status = 'denied'",
    ] {
        for profile in BOTH {
            let world = World::new(profile).await;
            let anne = world.customer(ANNE).await;
            let of = world.engine.verify(&anne.access, noon()).unwrap_or_else(|why| panic!("{why:?}"));
            let member = of.verified.user.text("id_company_user").expect("a member").to_owned();
            let as_member = world.member(&anne, &member).await;
            world.app.sql(how).await;
            world.a_second().await;
            world.is_dead(&anne);
            world.is_dead(&as_member);
            world.cannot_be_refreshed(&as_member).await;
            let answer = world.refreshed(&anne).await;
            answer.is_ok(201);
            let token = answer.text_at("/data/attributes/accessToken");
            let judged = world.engine.verify(&token, noon()).unwrap_or_else(|why| panic!("{why:?}"));
            assert_eq!(judged.verified.scopes, ["customer"], "{how}");
            assert_eq!(judged.verified.user.text("id_company_user"), None);
            world
                .post("company-user-access-tokens", json!({ "idCompanyUser": member }), Some(&token))
                .await
                .is(401, "003");
        }
    }
}

/// H3: an agent who may act for nobody any more searches nobody, impersonates nobody, and what they began for others ends.
#[actix_web::test]
async fn h3_an_agent_without_the_right_acts_for_nobody() {
    for how in [
        "UPDATE spy_user SET is_agent = FALSE WHERE username = 'agent@spryker.com'",
        "UPDATE spy_user SET status = 'blocked' WHERE username = 'agent@spryker.com'",
        "DELETE FROM spy_user WHERE username = 'agent@spryker.com'",
    ] {
        for profile in BOTH {
            let world = World::new(profile).await;
            let agent = world.agent().await;
            let customer = world.impersonated(&agent, "DE--7").await;
            world.lives(&customer);
            world.app.sql(how).await;
            world.a_second().await;
            world
                .app
                .bearer(&agent.access)
                .get("/agent-customer-search")
                .await
                .is(401, if profile == Profile::Spryker { "4103" } else { "001" });
            for pair in [&agent, &customer] {
                world.is_dead(pair);
                world.cannot_be_refreshed(pair).await;
            }
        }
    }
}

/// H4: what was derived from an impersonation ends with the agent too.
#[actix_web::test]
async fn h4_a_blocked_agent_has_no_company_user_either() {
    for profile in BOTH {
        let world = World::new(profile).await;
        let agent = world.agent().await;
        let customer = world.impersonated(&agent, "DE--7").await;
        let member = world.member(&customer, MEMBER).await;
        let trever = world.customer(TREVER).await;
        world.app.sql("UPDATE spy_user SET status = 'blocked' WHERE username = 'agent@spryker.com'").await;
        world.a_second().await;
        for pair in [&agent, &customer, &member] {
            world.is_dead(pair);
            world.cannot_be_refreshed(pair).await;
        }
        world.lives(&trever);
        assert_eq!(world.refreshed(&trever).await.status, 201);
    }
}

/// R9, G14, J31: a customer who is anonymised, also dated back, whose registration is taken back, or whose row is deleted,
/// has no live token two seconds later.
#[actix_web::test]
async fn a_customer_who_is_gone_has_no_token() {
    for how in [
        "UPDATE spy_customer SET anonymized_at = '2001-01-01 00:00:00' WHERE customer_reference = 'DE--21'",
        "UPDATE spy_customer SET registered = NULL WHERE customer_reference = 'DE--21'",
        "DELETE FROM spy_customer WHERE customer_reference = 'DE--21'",
    ] {
        let world = World::new(Profile::Documented).await;
        let (sonia, bill) = (world.customer("sonia@acme.com").await, world.customer("bill.martin@acme.com").await);
        let agent = world.agent().await;
        let impersonated = world.impersonated(&agent, "DE--21").await;
        world.app.sql("DELETE FROM spy_wishlist_item").await;
        world.app.sql("DELETE FROM spy_wishlist").await;
        world.app.sql("DELETE FROM spy_customer_address").await;
        world.app.sql(how).await;
        world.a_second().await;
        for pair in [&sonia, &impersonated] {
            world.is_dead(pair);
            world.cannot_be_refreshed(pair).await;
        }
        for pair in [&agent, &bill] {
            world.lives(pair);
        }
    }
}

/// H5: a login with the old password that looked at it before the change does not outlive the change, whatever the clocks of
/// two instances say.
#[actix_web::test]
async fn h5_an_old_password_under_way_is_nothing() {
    let world = World::new(Profile::Documented).await;
    let bill = world.customer("bill.martin@acme.com").await;
    let change = json!({ "password": "change123", "newPassword": "qweRTY_123456", "confirmPassword": "qweRTY_123456" });
    let body = json!({ "data": { "type": "customer-password", "attributes": change } }).to_string();
    // A writer that holds the lock makes both wait: the login looked first, the change is written first.
    let logins = futures_util::future::join_all((0..8).map(|ahead| {
        let request = oauth::PasswordRequest {
            caller: oauth::Caller::default(),
            grant: "password",
            username: "bill.martin@acme.com".into(),
            password: "change123".to_owned().into(),
            scopes: Vec::new(),
        };
        world.elsewhere.password(request, noon() + time::Duration::hours(ahead))
    }));
    let changed = async { world.app.bearer(&bill.access).send("PATCH", "/customer-password/DE--4", Some(&body)).await };
    let (logins, changed) = futures_util::future::join(logins, changed).await;
    assert_eq!(changed.status, 204);
    world.a_second().await;
    for pair in logins.into_iter().flatten() {
        assert!(world.engine.verify(&pair.access_token, noon()).is_err());
        let pair = Pair { access: pair.access_token, refresh: pair.refresh_token.expect("a refresh token") };
        world.cannot_be_refreshed(&pair).await;
    }
    world.post("access-tokens", person("bill.martin@acme.com"), None).await.is(401, "003");
}

/// M1: what a customer derives ends with the session that it was derived from, and deriving again makes no longer one.
#[actix_web::test]
async fn m1_a_session_begets_none_that_outlives_it() {
    for profile in BOTH {
        let world = World::new(profile).await;
        let trever = world.customer(TREVER).await;
        let child = world.member(&trever, MEMBER).await;
        let grandchild = world.member(&child, MEMBER).await;
        let own = format!("/refresh-tokens/{}", trever.refresh);
        assert_eq!(world.app.bearer(&trever.access).send("DELETE", &own, None).await.status, 204);
        for pair in [&trever, &child, &grandchild] {
            world.cannot_be_refreshed(pair).await;
        }
    }
}

/// M2: a token that is about a customer whom an agent acts for says so after every refresh, and so does a member's.
#[actix_web::test]
async fn m2_a_mark_stays() {
    for (profile, member_scopes) in
        [(Profile::Documented, &["customer", "company_user"][..]), (Profile::Spryker, &["company_user"])]
    {
        let world = World::new(profile).await;
        let agent = world.agent().await;
        let customer = world.impersonated(&agent, "DE--4").await;
        let member = world.member(&world.customer(TREVER).await, MEMBER).await;
        assert_eq!(world.scopes_after_refresh(&agent).await, ["agent"]);
        assert_eq!(world.scopes_after_refresh(&customer).await, ["customer_impersonation", "customer"]);
        assert_eq!(world.scopes_after_refresh(&member).await, member_scopes);
    }
}

/// Item 5: an agent's `mine` ends the agent's sessions and theirs; a customer's the customer's, also those that an agent
/// began; a token of an impersonation ends that one in the profile `documented`.
#[actix_web::test]
async fn mine_is_what_the_caller_answers_for() {
    let mine = async |world: &World, pair: &Pair| {
        let ended = world.app.bearer(&pair.access).send("DELETE", "/refresh-tokens/mine", None).await;
        assert_eq!(ended.status, 204);
    };
    for profile in BOTH {
        let world = World::new(profile).await;
        let (agent, bill) = (world.agent().await, world.customer("bill.martin@acme.com").await);
        let (one, two) = (world.impersonated(&agent, "DE--4").await, world.impersonated(&agent, "DE--21").await);
        if profile == Profile::Documented {
            mine(&world, &one).await;
            world.cannot_be_refreshed(&one).await;
            assert_eq!(world.refreshed(&bill).await.status, 201, "the customer's own goes on");
        }
        let bill = world.customer("bill.martin@acme.com").await;
        let again = world.impersonated(&agent, "DE--4").await;
        mine(&world, &bill).await;
        for pair in [&bill, &again] {
            world.cannot_be_refreshed(pair).await;
        }
        mine(&world, &agent).await;
        for pair in [&agent, &two] {
            world.cannot_be_refreshed(pair).await;
        }
    }
}

/// I5, item 5: what was derived stands below what it was derived from, and ends alone or with it.
#[actix_web::test]
async fn a_derived_session_is_listed_below_its_parent() {
    let world = World::new(Profile::Documented).await;
    let (trever, other) = (world.customer(TREVER).await, world.customer("sonia@acme.com").await);
    let child = world.member(&trever, MEMBER).await;
    for pair in [&trever, &child] {
        let list = world.app.bearer(&pair.access).get("/sessions").await;
        list.is_documented("get-collection-of-sessions", 200);
        assert_eq!(list.text_at("/data/0/attributes/kind"), "customer");
        assert_eq!(list.at("/data/0/attributes/parent"), &Value::Null);
        assert_eq!(list.text_at("/data/1/attributes/kind"), "company_user");
        assert_eq!(list.text_at("/data/1/attributes/parent"), list.text_at("/data/0/id"));
        assert_eq!(list.at("/data/2"), &Value::Null);
    }
    let list = world.app.bearer(&trever.access).get("/sessions").await;
    let derived = format!("/sessions/{}", list.text_at("/data/1/id"));
    world.app.bearer(&other.access).send("DELETE", &derived, None).await.is(404, "012");
    assert_eq!(world.app.bearer(&trever.access).send("DELETE", &derived, None).await.status, 204);
    world.a_second().await;
    world.is_dead(&child);
    world.lives(&trever);
}

/// Item 7: a retry yields the same pair, in both profiles, access token included.
#[actix_web::test]
async fn a_retry_yields_the_same_pair() {
    for profile in BOTH {
        let world = World::new(profile).await;
        let sonia = world.customer("sonia@acme.com").await;
        let first = world.refreshed(&sonia).await;
        first.is_ok(201);
        for _ in 0..3 {
            let again = world.refreshed(&sonia).await;
            assert_eq!(again.json, first.json);
        }
    }
}

/// H6, K2: an instance that starts after an ending judges no token before it has read what ended, and knows it then.
#[actix_web::test]
async fn h6_what_ended_is_known_after_a_start() {
    for profile in BOTH {
        let world = World::new(profile).await;
        let agent = world.agent().await;
        let customer = world.impersonated(&agent, "DE--4").await;
        world.app.sql("UPDATE spy_user SET status = 'blocked' WHERE username = 'agent@spryker.com'").await;
        world.a_second().await;
        let settings = Settings { profile, ..settings() };
        let started = storefront::wiring::PROGRAM.engine(&settings, &world.app.database.db).expect("an engine");
        for pair in [&agent, &customer] {
            assert_eq!(started.verify(&pair.access, noon()).err(), Some(NOT_READY));
        }
        started.learn_endings(noon()).await.expect("storage");
        for pair in [&agent, &customer] {
            assert_eq!(started.verify(&pair.access, noon()).err(), Some(ENDED));
        }
    }
}

/// H7: a session of many tokens is logged out of, ended by a new password and revoked like any other.
#[actix_web::test]
async fn h7_a_session_of_many_tokens_can_be_ended() {
    let world = World::new(Profile::Documented).await;
    let sonia = world.customer("sonia@acme.com").await;
    for _ in 0..14 {
        world
            .app
            .sql(
                "INSERT INTO spy_oauth_access_token (identifier, scopes, user_identifier, fk_oauth_client, expirity_date,
                     created_at, updated_at, family)
                 SELECT CONCAT(identifier, '.', (SELECT COUNT(*) FROM spy_oauth_access_token)), scopes, user_identifier,
                     fk_oauth_client, expirity_date, created_at, updated_at, family
                 FROM spy_oauth_access_token",
            )
            .await;
    }
    let mine = world.app.bearer(&sonia.access).send("DELETE", "/refresh-tokens/mine", None).await;
    assert_eq!(mine.status, 204);
    world.a_second().await;
    world.is_dead(&sonia);
    world.cannot_be_refreshed(&sonia).await;
}
