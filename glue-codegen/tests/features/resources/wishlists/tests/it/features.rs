//! What the definitions of the features say.

use glue_core::testing::TestApp;
use glue_core::testing::contract::Fixture as _;

use crate::fixture::Fixture;

#[actix_web::test]
async fn versions_of_a_type_share_rows_and_differ_in_attributes() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let body = r#"{"data":{"type":"notes","attributes":{"heading":"New","dueAt":"2026-03-01T12:30:00+01:00"}}}"#;
    let made = app.bearer(&token).send("POST", "/v1.10/notes", Some(body)).await;
    made.is_documented("create-notes-v1.10", 201);
    assert_eq!(made.at("/data/attributes/dueAt"), "2026-03-01 11:30:00.000000");
    let id = made.text_at("/data/id");
    let old = app.bearer(&token).get(&format!("/v1.0/notes/{id}")).await;
    old.is_documented("get-notes-v1.0", 200);
    assert_eq!(old.at("/data/attributes/title"), "New");
    let newest = app.bearer(&token).get(&format!("/notes/{id}")).await;
    newest.is_documented("get-notes-v1.10", 200);
    app.bearer(&token).get(&format!("/v1.1/notes/{id}")).await.is_refused(404, None);
}

#[actix_web::test]
async fn rows_without_an_owner_carry_entity_tags() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let body = r#"{"data":{"type":"notes","attributes":{"title":"Shared"}}}"#;
    let made = app.bearer(&token).send("POST", "/v1.0/notes", Some(body)).await;
    let path = format!("/v1.0/notes/{}", made.text_at("/data/id"));
    let tag = made.text_of("etag");
    app.bearer(&token).send("PATCH", &path, Some(body)).await.is(428, "005");
    let other = body.replace("Shared", "Changed");
    app.bearer(&token).header("if-match", &tag).send("PATCH", &path, Some(&other)).await.is_ok(200);
    app.bearer(&token).header("if-match", &tag).send("DELETE", &path, None).await.is(412, "006");
}

#[actix_web::test]
async fn every_type_is_read_and_validated() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let send = async |attributes: &str| {
        let body = format!(r#"{{"data":{{"type":"palettes","attributes":{attributes}}}}}"#);
        app.bearer(&token).send("POST", "/v2.0/palettes", Some(&body)).await
    };
    let fine = send(r#"{"colours":{"red":"1"},"weight":"-1.50","seenAt":"2026-01-01 10:00:00.5","kind":"warm"}"#).await;
    fine.is_documented("create-palettes-v2.0", 201);
    assert_eq!(fine.at("/data/attributes/seenAt"), "2026-01-01 10:00:00.500000");
    send(r#"{"colours":[],"weight":"1","seenAt":"2026-01-01"}"#).await.is_ok(201);
    for (attributes, detail) in [
        (r#"{"colours":{"red":1},"weight":"1","seenAt":"2026-01-01"}"#, "colours => This value should be of type array."),
        (r#"{"colours":{},"weight":"1e5","seenAt":"2026-01-01"}"#, "weight => This value is not valid."),
        (r#"{"colours":{},"weight":"1","seenAt":"yesterday"}"#, "seenAt => This value is not a valid datetime."),
    ] {
        let refused = send(attributes).await;
        refused.is(422, "901");
        assert_eq!(refused.at("/errors/0/detail"), detail);
    }
}
