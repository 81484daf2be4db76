//! Every link leads where it says (RFC 3986 §3.3): a crawl of an application whose ids and values hold what delimits.

use std::collections::BTreeSet;

use glue_app::Settings;
use glue_core::profile::{Dialect, Profile};
use glue_core::testing::{AWKWARD, Answer, TestApp, crawl, path_of};
use serde_json::{Value, json};

use crate::fixture::{login, over, profiled, settings};

/// A wishlist with an item of each awkward SKU, where a SKU is the id of an item.
async fn filled(app: &TestApp, token: &str) -> String {
    let list = json!({ "data": { "type": "wishlists", "attributes": { "name": "Links" } } }).to_string();
    let list = app.bearer(token).send("POST", "/wishlists", Some(&list)).await;
    list.is_ok(201);
    let list = list.text_at("/data/id");
    for sku in AWKWARD {
        let insert = format!(
            "INSERT INTO spy_wishlist_item (fk_wishlist, sku, created_at, updated_at)
             SELECT id_wishlist, '{}', created_at, updated_at FROM spy_wishlist WHERE uuid = '{list}'",
            sku.replace('\'', "''")
        );
        app.sql(&insert).await;
    }
    list
}

/// Each resource's own link leads to that resource, and to no other: deleting by link deletes the one whose link it was.
#[actix_web::test]
async fn the_link_of_a_resource_is_its_own() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = profiled(profile).await;
        let (token, _) = login(&app, "sonia@acme.com").await;
        let list = filled(&app, &token).await;
        let read = async || app.bearer(&token).get(&format!("/wishlists/{list}?include=wishlist-items")).await;
        let before = read().await;
        let items = |answer: &Answer| -> Vec<(String, String)> {
            let included = answer.at("/included").as_array().cloned().unwrap_or_default();
            let item =
                |item: Value| Some((item["id"].as_str()?.to_owned(), item["links"]["self"].as_str()?.to_owned()));
            included.into_iter().filter_map(item).collect()
        };
        let all = items(&before);
        let ids: BTreeSet<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, AWKWARD.into_iter().collect(), "every one is there");
        for (id, link) in &all {
            let gone = app.bearer(&token).send("DELETE", &path_of(link), None).await;
            assert_eq!(gone.status, 204, "{id}: {link}");
            let left = items(&read().await);
            assert!(!left.iter().any(|(other, _)| other == id), "{id}: {link} deleted another one");
        }
        assert!(items(&read().await).is_empty());
    }
}

/// Every link of every answer is followed until there is no new one: none is refused, none comes back as another address, and
/// pages end.
#[actix_web::test]
async fn every_link_can_be_followed() {
    for (profile, dialect) in [
        (Profile::Documented, Dialect::Rest),
        (Profile::Spryker, Dialect::Rest),
        (Profile::Spryker, Dialect::Decoupled),
    ] {
        let app = over(Settings { profile, dialect, ..settings() }).await;
        let (token, agent) = match dialect {
            Dialect::Rest => (login(&app, "sonia@acme.com").await.0, agent(&app).await),
            // No door of this dialect begins a session that reads wishlists; what is public is crawled.
            Dialect::Decoupled => (String::new(), String::new()),
        };
        let mut unseen: Vec<String> = vec!["/stores".into(), "/stores?x=A%26B&y=%2523&z=%2B".into()];
        if dialect == Dialect::Rest {
            let list = filled(&app, &token).await;
            for value in AWKWARD {
                let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                unseen.push(format!("/wishlists?page[offset]=0&page[limit]=1&q={encoded}"));
                unseen.push(format!("/agent-customer-search?page[limit]=50&{encoded}={encoded}"));
            }
            unseen.extend([
                format!("/wishlists/{list}?include=wishlist-items"),
                "/customers?include=addresses,wishlists,wishlist-items".to_owned(),
                "/sessions".to_owned(),
                "/wishlists?filter[wishlists.createdAt]=%7B%22gte%22:%222020-01-01T00:00:00%2B00:00%22%7D&page[offset]=0&page[limit]=1"
                    .to_owned(),
            ]);
        }
        let reader = |path: &str| match (path.starts_with("/agent-"), dialect) {
            (_, Dialect::Decoupled) => app.anonymous().header("accept", "application/vnd.api+json"),
            (true, _) => app.bearer(&agent),
            (false, _) => app.bearer(&token),
        };
        let followed = crawl(reader, unseen).await;
        assert!(followed >= if dialect == Dialect::Rest { 100 } else { 3 }, "{followed}");
    }
}

async fn agent(app: &TestApp) -> String {
    let person = json!({ "username": "agent@spryker.com", "password": glue_app::DEMO_PASSWORD });
    let body = json!({ "data": { "type": "agent-access-tokens", "attributes": person } }).to_string();
    let answer = app.anonymous().send("POST", "/agent-access-tokens", Some(&body)).await;
    answer.is_ok(201);
    answer.text_at("/data/attributes/accessToken")
}

/// The base of links follows from where the server listens: its own name on loopback and everywhere, brackets around IPv6.
#[test]
fn the_base_of_links_is_an_address() {
    for (host, base) in [
        ("127.0.0.1", "http://localhost:8080"),
        ("0.0.0.0", "http://localhost:8080"),
        ("::1", "http://localhost:8080"),
        ("[::1]", "http://localhost:8080"),
        ("::", "http://localhost:8080"),
        ("2001:db8::1", "http://[2001:db8::1]:8080"),
        ("[2001:db8::1]", "http://[2001:db8::1]:8080"),
        ("192.0.2.1", "http://192.0.2.1:8080"),
        ("shop.internal", "http://shop.internal:8080"),
    ] {
        let mut settings = settings().server;
        (settings.public_url, settings.host) = (String::new(), host.into());
        assert_eq!(settings.base_url(), base);
    }
}
