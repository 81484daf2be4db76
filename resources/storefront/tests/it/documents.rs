//! The checked-in document is the one that is served.

use storefront::wiring::PROGRAM;

use crate::fixture::app;

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

/// Every example in the document validates against the schema beside it.
#[test]
fn examples_validate() {
    let document: serde_json::Value = serde_json::from_str(&checked_in()).expect("JSON");
    let mut checked = 0;
    visit(&document, &document, &mut checked);
    assert!(checked > 40, "{checked} examples");
}

fn visit(node: &serde_json::Value, document: &serde_json::Value, checked: &mut usize) {
    if let (Some(schema), true) = (node.get("schema"), node.get("example").is_some() || node.get("examples").is_some())
    {
        let named = node.get("examples").and_then(|examples| examples.as_object());
        let values = named.into_iter().flat_map(|named| named.values().filter_map(|example| example.get("value")));
        for example in node.get("example").into_iter().chain(values) {
            let mut schema = schema.clone();
            schema["components"] = document["components"].clone();
            if let Err(why) = glue_core::testing::validate_schema(&schema, example) {
                panic!("{example} does not validate: {why}");
            }
            *checked += 1;
        }
    }
    for item in node.as_array().into_iter().flatten() {
        visit(item, document, checked);
    }
    for member in node.as_object().into_iter().flat_map(|members| members.values()) {
        visit(member, document, checked);
    }
}
