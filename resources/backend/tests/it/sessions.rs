//! Sessions of back-office users and of warehouses, and what ends them: by the ids of the findings, in both profiles.

use auth_rest_api::SharedEngine;
use backend::wiring::PROGRAM;
use glue_core::profile::Profile;
use glue_core::testing::{Answer, TestApp};
use oauth::jwt::ENDED;
use oauth::{Caller, GrantError, RefreshRequest, TokenPair};

use crate::fixture::{engaged, instance, log_in, noon};

const BOTH: [Profile; 2] = [Profile::Documented, Profile::Spryker];

/// A user in the office, one in a warehouse.
const OFFICE: &str = "admin_de@spryker.com";
const WAREHOUSE: &str = "warehouse@spryker.com";

struct World {
    app: TestApp,
    engine: SharedEngine,
    /// Another instance on the same database.
    elsewhere: SharedEngine,
}

impl World {
    async fn new(profile: Profile) -> Self {
        let (app, engine) = engaged(&PROGRAM, profile).await;
        let elsewhere = instance(&PROGRAM, profile, &app.database.db).await;
        Self { app, engine, elsewhere }
    }

    /// What every instance does each second.
    async fn a_second(&self) {
        for engine in [&self.engine, &self.elsewhere] {
            engine.reconsider_changed(noon()).await.expect("storage");
            engine.learn_endings(noon()).await.expect("storage");
        }
    }

    /// The access and the refresh token of a login.
    async fn user(&self, name: &str) -> (String, String) {
        let answer = log_in(&self.app, name).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        (answer.text_at("/access_token"), answer.text_at("/refresh_token"))
    }

    async fn warehouse_tokens(&self, access: &str) -> Answer {
        let client = self.app.bearer(access).header("accept", "*/*");
        client.raw("POST", "/warehouse-tokens", Some(("application/json", ""))).await
    }

    /// The access and the refresh token of the warehouse that a user works in.
    async fn warehouse(&self, access: &str) -> (String, String) {
        let answer = self.warehouse_tokens(access).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        (answer.text_at("/0/accessToken"), answer.text_at("/0/refreshToken"))
    }

    /// A decoupled application has no refresh grant, and the engine behind it refreshes all the same.
    async fn refreshed(&self, token: &str) -> Result<TokenPair, GrantError> {
        let request = RefreshRequest { caller: Caller::default(), token: token.to_owned().into(), scopes: Vec::new() };
        self.engine.refresh(request, noon()).await
    }

    async fn is_over(&self, (access, refresh): &(String, String)) {
        for engine in [&self.engine, &self.elsewhere] {
            assert_eq!(engine.verify(access, noon()).err(), Some(ENDED));
        }
        assert!(matches!(self.refreshed(refresh).await, Err(GrantError::DeadRefreshToken(_))));
    }

    fn lives(&self, (access, _): &(String, String)) {
        for engine in [&self.engine, &self.elsewhere] {
            assert_eq!(engine.verify(access, noon()).err(), None);
        }
    }
}

/// H1: a user who becomes one of a warehouse, or the reverse, has no session of the other kind any more; a new login has the
/// new scopes, and no warehouse user is ever left with `user` alone.
#[actix_web::test]
async fn h1_another_kind_of_user_begins_again() {
    for profile in BOTH {
        for (name, becomes, scopes) in [
            (
                OFFICE,
                "UPDATE spy_user SET is_warehouse_user = TRUE WHERE username = 'admin_de@spryker.com'",
                "warehouse-user",
            ),
            (
                WAREHOUSE,
                "UPDATE spy_user SET is_warehouse_user = FALSE WHERE username = 'warehouse@spryker.com'",
                "back-office-user",
            ),
        ] {
            // Found at the exchange, or within a second.
            for looked_at in [false, true] {
                let world = World::new(profile).await;
                let before = world.user(name).await;
                world.app.sql(becomes).await;
                if looked_at {
                    world.a_second().await;
                } else {
                    assert!(world.refreshed(&before.1).await.is_err());
                    world.elsewhere.learn_endings(noon()).await.expect("storage");
                }
                world.is_over(&before).await;
                let after = world.user(name).await;
                let judged = world.engine.verify(&after.0, noon()).unwrap_or_else(|why| panic!("{why:?}"));
                assert_eq!(judged.verified.scopes, ["user", scopes]);
            }
        }
    }
}

/// H1b: asking for `user` alone does not make a warehouse user one of the office.
#[actix_web::test]
async fn h1_a_warehouse_user_is_marked_whatever_is_asked_for() {
    for profile in BOTH {
        let world = World::new(profile).await;
        let narrow = "grant_type=password&username=warehouse@spryker.com&password=change123&scope=user";
        let answer = world.app.anonymous().form("/token", narrow).await;
        let judged = world.engine.verify(&answer.text_at("/access_token"), noon());
        let judged = judged.unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!(judged.verified.scopes, ["user", "warehouse-user"]);
        let next = world.refreshed(&answer.text_at("/refresh_token")).await.expect("a pair");
        assert_eq!(next.scopes, ["user", "warehouse-user"]);
    }
}

/// M3: a warehouse's session ends with the assignment, the warehouse, and the user who answers for it, and with nobody
/// else's.
#[actix_web::test]
async fn m3_a_warehouse_ends_with_what_it_came_from() {
    for how in [
        "UPDATE spy_warehouse_user_assignment SET is_active = FALSE",
        "DELETE FROM spy_warehouse_user_assignment",
        "UPDATE spy_stock SET is_active = FALSE",
        "UPDATE spy_user SET status = 'blocked' WHERE username = 'warehouse@spryker.com'",
        "DELETE FROM spy_user WHERE username = 'warehouse@spryker.com'",
    ] {
        for profile in BOTH {
            let world = World::new(profile).await;
            let user = world.user(WAREHOUSE).await;
            let office = world.user(OFFICE).await;
            let warehouse = world.warehouse(&user.0).await;
            assert_eq!(world.refreshed(&warehouse.1).await.expect("a pair").scopes, ["warehouse"]);
            let warehouse = world.warehouse(&user.0).await;
            world.app.sql(how).await;
            world.a_second().await;
            world.is_over(&warehouse).await;
            world.lives(&office);
            assert!(world.warehouse_tokens(&user.0).await.status >= 400, "{how}");
        }
    }
}

/// M3: two colleagues of one warehouse have a session each, see their own, and end their own.
#[actix_web::test]
async fn m3_colleagues_do_not_end_each_others_sessions() {
    let world = World::new(Profile::Documented).await;
    world
        .app
        .sql(
            "INSERT INTO spy_warehouse_user_assignment (uuid, fk_warehouse, user_uuid, is_active)
             SELECT 'd8b0b1a3-6f5e-5a0c-9d57-3a1c0b2e4f99', 1, uuid, TRUE FROM spy_user WHERE username = 'admin_de@spryker.com'",
        )
        .await;
    let (one, two) = (world.user(WAREHOUSE).await, world.user(OFFICE).await);
    let (at_one, at_two) = (world.warehouse(&one.0).await, world.warehouse(&two.0).await);
    let list =
        async |token: &str| world.app.bearer(token).header("accept", "application/vnd.api+json").get("/sessions").await;
    let delete = async |token: &str, id: &str| {
        let client = world.app.bearer(token).header("accept", "application/vnd.api+json");
        client.send("DELETE", &format!("/sessions/{id}"), None).await.status
    };
    let mine = list(&at_one.0).await;
    assert_eq!(mine.text_at("/data/0/attributes/kind"), "warehouse");
    assert_eq!(mine.at("/data/1"), &serde_json::Value::Null, "only the one that the token is of");
    let both = list(&one.0).await;
    assert_eq!(both.text_at("/data/1/id"), mine.text_at("/data/0/id"));
    assert_eq!(delete(&at_two.0, &mine.text_at("/data/0/id")).await, 404);
    assert_eq!(delete(&two.0, &mine.text_at("/data/0/id")).await, 404);
    world.lives(&at_one);
    assert_eq!(delete(&one.0, &mine.text_at("/data/0/id")).await, 204);
    world.a_second().await;
    world.is_over(&at_one).await;
    world.lives(&at_two);
}
