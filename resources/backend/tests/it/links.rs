//! Every link leads where it says, for back-office users as for customers (RFC 3986 §3.3).

use glue_core::profile::Profile;
use glue_core::testing::{AWKWARD, crawl, path_of};

use crate::fixture::{log_in, start};

/// Each customer's own link leads to that customer, and every link of every list can be followed to its end.
#[actix_web::test]
async fn every_link_can_be_followed() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let app = start(&backend::wiring::PROGRAM, profile).await;
        for (number, reference) in AWKWARD.iter().enumerate() {
            let person = 31 + number;
            let (rename, reference) = ("UPDATE spy_customer SET customer_reference", reference.replace('\'', "''"));
            app.sql(&format!("{rename} = '{reference}' WHERE customer_reference = 'DE--{person}'")).await;
        }
        let login = log_in(&app, "admin@spryker.com").await;
        let token = login.text_at("/access_token");
        let reader = || app.bearer(&token).header("accept", "application/vnd.api+json");
        let all = reader().get("/customers?page[offset]=0&page[limit]=100").await;
        all.is_ok(200);
        let customers = all.at("/data").as_array().expect("customers");
        assert_eq!(customers.len(), 60);
        for customer in customers {
            let link = customer.pointer("/links/self").and_then(serde_json::Value::as_str).expect("a link");
            let one = reader().get(&path_of(link)).await;
            assert_eq!(one.at("/data/id"), &customer["id"], "{link}");
        }
        let mut start = vec!["/customers".to_owned(), "/customers?page[offset]=0&page[limit]=7&sort=-email".to_owned()];
        for value in AWKWARD {
            let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            start.push(format!("/customers?page[offset]=0&page[limit]=30&{encoded}={encoded}"));
        }
        let followed = crawl(|_| reader(), start).await;
        assert!(followed > 100, "{profile:?}: {followed}");
    }
}
