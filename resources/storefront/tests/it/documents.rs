//! The checked-in document is the one that is served.

use glue_app::Settings;
use glue_core::profile::Profile;
use glue_core::testing::validate_examples;
use storefront::wiring::PROGRAM;

use crate::fixture::{app, profiled, settings};

fn checked_in() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/storefront.json"))
        .expect("the document")
}

#[test]
fn the_checked_in_document_is_that_of_the_table() {
    let defaults = glue_core::settings::defaults(PROGRAM.config).expect("the defaults");
    assert!(PROGRAM.document(&defaults).expect("a document") == checked_in(), "run `cargo glue openapi`");
}

#[actix_web::test]
async fn the_served_document_describes_every_route_once() {
    let app = app().await;
    let answer = app.anonymous().get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    let operations: Vec<String> = answer
        .at("/paths")
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|item| item.as_object().expect("an item").values())
        .map(|operation| operation["operationId"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(operations.len(), app.rows().len());
    for row in app.rows() {
        assert!(operations.contains(&row.operation_id.to_owned()), "{}", row.operation_id);
    }
    assert_eq!(answer.text_at("/components/securitySchemes/oauth2/flows/password/tokenUrl"), "http://glue.test/token");
}

/// Every example validates against the schema beside it, in both profiles.
#[test]
fn examples_validate() {
    for profile in [Profile::Documented, Profile::Spryker] {
        let document = PROGRAM.document(&Settings { profile, ..settings() }).expect("a document");
        let document = serde_json::from_str(&document).expect("JSON");
        let checked = validate_examples(&document).expect("examples that validate");
        assert!(checked > 400, "{checked} examples");
    }
}

/// reference/authentication.md §1.1 step 4: a bad token beside a form reads a text there, and the document says so.
#[actix_web::test]
async fn a_shop_documents_its_texts() {
    let app = profiled(Profile::Spryker).await;
    let answer = app.bearer("x").form("/token", "grant_type=password").await;
    answer.is_documented("create-token", 401);
    assert_eq!(answer.text, "Invalid access token.");
}
