//! Store, locale, currency and price mode (reference/framework.md §1.1.2, §4.1 O16, O17).

use glue_core::request::shop::Shop;
use glue_core::testing::{Client, TestApp, TestParts};

use crate::fixture::{app, parts};

async fn market(client: Client<'_>, query: &str) -> String {
    client.get(&format!("/things{query}")).await.text_at("/data/0/attributes/market")
}

async fn dynamic() -> TestApp {
    TestApp::new(TestParts { shop: Shop { dynamic: true, ..Shop::default() }, ..parts() }).await
}

#[actix_web::test]
async fn the_language_is_negotiated_and_named() {
    let app = app().await;
    for (sent, locale) in [
        ("de", "de_DE"),
        ("de-DE", "de_DE"),
        ("de_DE", "de_DE"),
        ("DE-de", "de_DE"),
        ("fr, de;q=0.5, en;q=0.4", "de_DE"),
        ("de;q=0.1, en;q=0.9", "en_US"),
        ("de;q=0", "en_US"),
        ("fr", "en_US"),
        ("de-AT", "en_US"),
        ("", "en_US"),
        ("*", "en_US"),
        (";;,q=,de;q=x", "en_US"),
    ] {
        let answer = app.anonymous().header("accept-language", sent).get("/things").await;
        assert_eq!(answer.text_at("/data/0/attributes/market"), format!("DE {locale} EUR Gross"), "{sent}");
        assert_eq!(answer.headers.get("content-language").map(|value| value.as_bytes()), Some(locale.as_bytes()));
    }
}

#[actix_web::test]
async fn currency_and_price_mode_come_from_the_query() {
    let app = app().await;
    assert_eq!(market(app.anonymous(), "?currency=CHF&priceMode=NET_MODE").await, "DE en_US CHF Net");
    assert_eq!(market(app.anonymous(), "?currency=&priceMode=").await, "DE en_US EUR Gross");
    app.anonymous().get("/things?currency=XXX").await.is(400, "313");
    app.anonymous().get("/things?priceMode=gross").await.is(400, "314");
}

#[actix_web::test]
async fn a_store_is_chosen_only_where_stores_are_dynamic() {
    let fixed = app().await;
    assert_eq!(market(fixed.anonymous().header("store", "AT"), "?_store=AT").await, "DE en_US EUR Gross");
    let app = dynamic().await;
    assert_eq!(market(app.anonymous(), "?_store=AT").await, "AT en_US EUR Gross");
    assert_eq!(market(app.anonymous().header("store", "AT"), "").await, "AT en_US EUR Gross");
    assert_eq!(market(app.anonymous().header("store", "DE"), "?_store=AT").await, "AT en_US EUR Gross");
    app.anonymous().get("/things?_store=XX").await.is(404, "601");
    app.anonymous().header("store", "XX").get("/things").await.is(404, "601");
}
