//! Agents, members of companies and what strangers see (reference/authentication.md §1.6–§1.8, §6).

use glue_core::profile::Profile;
use glue_core::testing::{Answer, TestApp};
use serde_json::{Value, json};

use crate::fixture::{app, login, profiled};

fn body(kind: &str, attributes: &Value) -> String {
    json!({ "data": { "type": kind, "attributes": attributes } }).to_string()
}

async fn agent_login(app: &TestApp, attributes: &Value) -> Answer {
    app.anonymous().send("POST", "/agent-access-tokens", Some(&body("agent-access-tokens", attributes))).await
}

async fn agent(app: &TestApp) -> String {
    let answer = agent_login(app, &json!({ "username": "agent@spryker.com", "password": "change123" })).await;
    answer.is_documented("create-agent-access-tokens", 201);
    answer.text_at("/data/attributes/accessToken")
}

const ACT: &str = "/agent-customer-impersonation-access-tokens";

fn act(reference: &Value) -> String {
    body(&ACT[1..], &json!({ "customerReference": reference }))
}

#[actix_web::test]
async fn whoever_is_no_agent_is_answered_alike() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        for attributes in [
            json!({}),
            json!({ "username": "", "password": "" }),
            json!({ "username": null, "password": null }),
            json!({ "username": "agent@spryker.com" }),
            json!({ "username": "agent@spryker.com", "password": "wrong" }),
            json!({ "username": "admin@spryker.com", "password": "change123" }),
            json!({ "username": "sonia@acme.com", "password": "change123" }),
            json!({ "username": "nobody@spryker.com", "password": "change123" }),
        ] {
            let answer = agent_login(&app, &attributes).await;
            answer.is(401, "4101");
            assert_eq!(answer.text_at("/errors/0/detail"), "Failed to authenticate an agent.");
        }
        app.anonymous()
            .send("POST", "/agent-access-tokens", Some(&body("agents", &json!({}))))
            .await
            .is_refused(400, None);
    }
}

/// P8: an agent's guesses are counted too, with the text of the contract.
#[actix_web::test]
async fn an_agents_guesses_are_counted() {
    let app = app().await;
    for _ in 0..10 {
        agent_login(&app, &json!({ "username": "agent@spryker.com", "password": "wrong" })).await.is(401, "4101");
    }
    agent_login(&app, &json!({ "username": "agent@spryker.com", "password": "change123" })).await.is(429, "4401");
}

#[actix_web::test]
async fn an_agent_acts_for_a_customer() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let token = agent(&app).await;
        let both = [
            app.bearer(&token).send("POST", ACT, Some(&act(&json!("DE--21")))).await,
            app.anonymous()
                .header("x-agent-authorization", &format!("Bearer {token}"))
                .send("POST", ACT, Some(&act(&json!("DE--21"))))
                .await,
        ];
        let answered =
            "SELECT CONCAT(above.subject, ' ', (SELECT id_user FROM spy_user WHERE username = 'agent@spryker.com')) AS text
            FROM spy_oauth_session INNER JOIN spy_oauth_session above ON spy_oauth_session.parent = above.identifier";
        let answered = app.text(answered).await;
        let (by, user) = answered.split_once(' ').expect("two words");
        assert_eq!(by, oauth::digest(&format!("agent:{user}")), "R9: it ends with the agent");
        for answer in both {
            answer.is_ok(201);
            assert_eq!(answer.at("/data/id"), &Value::Null);
            let token = answer.text_at("/data/attributes/accessToken");
            let customer = app.bearer(&token).get("/customers/DE--21").await;
            customer.is_ok(200);
            assert_eq!(customer.text_at("/data/attributes/email"), "sonia@acme.com");
        }
        for reference in [json!("DE--999"), json!(""), Value::Null] {
            let answer = app.bearer(&token).send("POST", ACT, Some(&act(&reference))).await;
            answer.is(401, "4104");
            assert_eq!(answer.text_at("/errors/0/detail"), "Failed to impersonate a customer.");
        }
        // An agent owns nothing, and is no customer.
        assert_eq!(app.bearer(&token).get("/wishlists").await.at("/data"), &json!([]));
    }
}

#[actix_web::test]
async fn only_an_agent_acts_and_searches() {
    let app = app().await;
    let (customer, _) = login(&app, "sonia@acme.com").await;
    let token = agent(&app).await;
    let search = "/agent-customer-search";
    for (method, path, sent) in [("POST", ACT, Some(act(&json!("DE--21")))), ("GET", search, None)] {
        let sent = sent.as_deref();
        app.anonymous().send(method, path, sent).await.is(401, "4103");
        app.bearer(&customer).send(method, path, sent).await.is(401, "4103");
        app.bearer("garbage").send(method, path, sent).await.is_invalid_token();
        for bad in ["garbage", "Bearer garbage", "Bearer", "", &format!("Bearer {customer}"), &format!("Basic {token}")]
        {
            app.anonymous().header("x-agent-authorization", bad).send(method, path, sent).await.is(401, "4102");
        }
    }
    // The agent's header is no token of a customer.
    let header = format!("Bearer {token}");
    app.anonymous().header("x-agent-authorization", &header).get("/wishlists").await.is_missing_token();
    app.bearer(&customer).header("x-agent-authorization", &header).get("/wishlists").await.is_ok(200);
    app.bearer(&customer).header("x-agent-authorization", "x").get("/wishlists").await.is(401, "4102");
}

#[actix_web::test]
async fn an_agent_finds_customers_by_their_beginnings() {
    let app = app().await;
    let token = agent(&app).await;
    let found = async |query: &str| {
        let answer = app.bearer(&token).get(&format!("/agent-customer-search{query}")).await;
        answer.is_documented("get-collection-of-agent-customer-search", 200);
        assert_eq!(answer.at("/data/0/id"), &Value::Null);
        answer
    };
    let names = |answer: &Answer| -> Vec<String> {
        let list = answer.at("/data/0/attributes/customers").as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|customer| Some(customer.get("customerReference")?.as_str()?.to_owned())).collect()
    };
    let one = found("?q=SONIA@").await;
    assert_eq!(
        one.at("/data/0/attributes/customers"),
        &json!([{ "customerReference": "DE--21", "email": "sonia@acme.com", "firstName": "Sonia", "lastName": "Wagner" }])
    );
    assert_eq!(names(&found("?q=wagn").await), ["DE--21"]);
    assert_eq!(names(&found("?q=DE--21").await), ["DE--21"]);
    assert_eq!(names(&found("").await).len(), 10);
    for nobody in ["?q=agner", "?q=DE--2100", "?q=%25", "?q=_onia", "?q=%27", "?q=!"] {
        assert_eq!(names(&found(nobody).await), [""; 0], "{nobody}");
    }
    let last = found("?page[offset]=50&page[limit]=10").await;
    assert_eq!(names(&last).len(), 10);
    assert_eq!((last.at("/links/next"), last.at("/links/prev").is_string()), (&Value::Null, true));
}

/// Letters beyond ASCII have cases too, on every database, and a name that another program changes is found at once.
#[actix_web::test]
async fn an_agent_searches_without_case_in_every_script() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let token = agent(&app).await;
        let finds = async |q: &str| {
            let found = app.bearer(&token).get(&format!("/agent-customer-search?q={}", escaped(q))).await;
            found.is_ok(200);
            found.at("/data/0/attributes/customers/0/customerReference") == "DE--21"
        };
        let rename = async |first: &str, last: &str| {
            let names = format!("first_name = '{first}', last_name = '{last}'");
            app.sql(&format!("UPDATE spy_customer SET {names} WHERE customer_reference = 'DE--21'")).await;
        };
        rename("ΟΔΟΣ", "Österreich").await;
        for found in ["öst", "ÖST", "Österreich", "O\u{308}sterr", "Οδος", "οδοσ", "ΟΔ"] {
            assert!(finds(found).await, "{found}");
        }
        for other in ["ost", "Osterreich", "sterr", "Wagner"] {
            assert!(!finds(other).await, "{other}");
        }
        rename("Ольга", "österreich").await;
        assert!(finds("ОЛЬ").await && finds("ÖST").await && !finds("ΟΔ").await);
        rename("Ольга", "Straßer").await;
        assert!(finds("STRASSE").await && finds("straß").await && !finds("ÖST").await);
        rename("Ольга", "Ostrava").await;
        assert!(finds("OST").await && !finds("ÖST").await);
        app.sql("UPDATE spy_customer SET last_name = NULL WHERE customer_reference = 'DE--21'").await;
        assert!(finds("ольга").await && !finds("OST").await);
    }
}

/// Every byte percent-encoded.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Trever is two members, one of them by default; Anne is one; Sonia is none.
#[actix_web::test]
async fn a_customer_becomes_a_member_of_a_company() {
    const MEMBER: &str = "4c677a6b-2f65-5645-9bf8-0ef3532bead1";
    let path = "/company-user-access-tokens";
    let select = |id: &str| body(&path[1..], &json!({ "idCompanyUser": id }));
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let (token, _) = login(&app, "Trever.m@acme.com").await;
        let answer = app.bearer(&token).send("POST", path, Some(&select(MEMBER))).await;
        answer.is_ok(201);
        let member = answer.text_at("/data/attributes/accessToken");
        app.bearer(&member).get("/wishlists").await.is_ok(200);
        let refresh =
            body("refresh-tokens", &json!({ "refreshToken": answer.text_at("/data/attributes/refreshToken") }));
        app.anonymous().send("POST", "/refresh-tokens", Some(&refresh)).await.is_ok(201);
        let answer = app.bearer(&token).send("POST", path, Some(&select(""))).await;
        assert_eq!(answer.text_at("/errors/0/detail"), "idCompanyUser => This value should not be blank.");
        let answer = app.bearer(&token).send("POST", path, Some(&select("35235"))).await;
        assert_eq!(answer.text_at("/errors/0/detail"), "idCompanyUser => This is not a valid UUID.");
        for foreign in [
            "2816dcbd-855e-567e-b26f-4d57f3310bb8",
            "4d16e8d9-aee3-5a1d-bd85-2b5d4c0a7a02",
            "00000000-0000-4000-8000-000000000000",
        ] {
            app.bearer(&token).send("POST", path, Some(&select(foreign))).await.is(401, "003");
        }
        let (inactive, _) = login(&app, "Solomon@acme.com").await;
        let own = select("4d16e8d9-aee3-5a1d-bd85-2b5d4c0a7a01");
        app.bearer(&inactive).send("POST", path, Some(&own)).await.is(401, "003");
        app.anonymous().send("POST", path, Some(&select(MEMBER))).await.is_missing_token();
        app.bearer("garbage").send("POST", path, Some(&select(MEMBER))).await.is_invalid_token();
        // A wrong type comes before the token.
        app.anonymous().send("POST", path, Some(&body("other", &json!({})))).await.is_refused(400, None);
    }
}

/// M12: the default or only member stands in a customer's own login; the scope is added in one profile only.
#[actix_web::test]
async fn a_login_names_the_member_that_a_customer_is() {
    for (user, member) in [
        ("Trever.m@acme.com", json!("e1019900-88c4-5582-af83-2c1ea8775ac5")),
        ("anne.boleyn@acme.com", json!("2816dcbd-855e-567e-b26f-4d57f3310bb8")),
        ("sonia@acme.com", Value::Null),
        ("Solomon@acme.com", Value::Null),
        ("Lilu@ottom.de", Value::Null),
    ] {
        for profile in [Profile::Documented, Profile::Spryker] {
            let app = profiled(profile).await;
            let login = body("access-tokens", &json!({ "username": user, "password": "change123" }));
            let answer = app.anonymous().send("POST", "/access-tokens", Some(&login)).await;
            assert_eq!(answer.at("/data/attributes/idCompanyUser"), &member, "{user}");
            let form = format!(
                "grant_type=password&username={user}&password=change123&client_id=service&client_secret=change123"
            );
            let tokens = app.anonymous().form("/token", &form).await;
            if profile == Profile::Documented {
                let scopes = if member.is_null() { "customer" } else { "customer company_user" };
                assert_eq!(tokens.text_at("/scope"), scopes, "{user}");
            }
        }
    }
}

#[actix_web::test]
async fn what_strangers_cannot_see_is_what_the_table_says() {
    let app = app().await;
    let answer = app.anonymous().get("/customer-access").await;
    answer.is_documented("get-collection-of-customer-access", 200);
    assert_eq!(answer.at("/data/0/attributes/resourceTypes"), &json!(["wishlists", "wishlist-items"]));
    assert_eq!(
        (answer.at("/data/0/id"), answer.text_at("/links/self")),
        (&Value::Null, "http://glue.test/customer-access".into())
    );
    app.anonymous().send("DELETE", "/customer-access", None).await.is_refused(404, None);
}
