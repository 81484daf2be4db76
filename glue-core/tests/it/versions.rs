//! Versions by path and by media type (reference/framework.md §3.1).

use glue_core::settings::ServerSettings;
use glue_core::testing::{TestApp, TestParts};

use crate::fixture::{app, parts};

#[actix_web::test]
async fn a_path_names_a_version_and_nothing_else_fits() {
    let app = app().await;
    for (path, name) in [
        ("/things", "new"),
        ("/v1.0/things", "old"),
        ("/v1/things", "old"),
        ("/v1.10/things", "new"),
        ("/v0.3/things", "new"),
    ] {
        assert_eq!(app.anonymous().get(path).await.text_at("/data/0/attributes/name"), name, "{path}");
    }
    for path in
        ["/v2.0/things", "/v1.1/things", "/v01.0/things", "/v1.0.0/things", "/v/things", "/v1.0/drafts/1", "/v1.0"]
    {
        app.anonymous().get(path).await.is_refused(404, None);
    }
}

#[actix_web::test]
async fn a_media_type_names_a_version_where_paths_do_not() {
    let server = ServerSettings { path_versions: false, ..ServerSettings::default() };
    let app = TestApp::new(TestParts { server, ..parts() }).await;
    for (media_type, name) in [
        ("application/vnd.api+json; version=1.0", "old"),
        ("application/vnd.api+json;version=1", "old"),
        ("application/vnd.api+json; version=1.10", "new"),
        ("application/vnd.api+json", "new"),
        ("application/json; version=1.0", "new"),
    ] {
        let answer = app.anonymous().header("content-type", media_type).get("/things").await;
        assert_eq!(answer.text_at("/data/0/attributes/name"), name, "{media_type}");
    }
    app.anonymous()
        .header("content-type", "application/vnd.api+json; version=3.0")
        .get("/things")
        .await
        .is_refused(404, None);
    app.anonymous().get("/v1.0/things").await.is_refused(404, None);
}
