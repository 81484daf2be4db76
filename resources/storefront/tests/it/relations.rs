//! Includes, sparse fieldsets, filters and children over real rows (reference/framework.md §2.4–§2.8, §3.1).

use glue_core::testing::{Answer, TestApp};
use serde_json::{Value, json};

use crate::fixture::{app, login};

/// A customer with two lists: one with two items, one with three.
const BRUNO: &str = "bruno.brandt31@example.com";

fn of<'a>(answer: &'a Answer, pointer: &str, key: &str) -> Vec<&'a str> {
    let items = answer.at(pointer).as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item.get(key)?.as_str()).collect()
}

async fn bruno(app: &TestApp) -> String {
    login(app, BRUNO).await.0
}

#[actix_web::test]
async fn an_include_brings_related_resources_once_and_depth_first() {
    let app = app().await;
    let token = bruno(&app).await;
    let answer = app.bearer(&token).get("/wishlists?include=wishlist-items").await;
    answer.is_documented("get-collection-of-wishlists", 200);
    assert_eq!(of(&answer, "/included", "type"), ["wishlist-items"; 5]);
    let related = answer.at("/data/0/relationships/wishlist-items/data").as_array().map(Vec::len);
    assert_eq!(related, Some(2));
    let item = answer.text_at("/included/0/links/self");
    let list = answer.text_at("/data/0/id");
    assert!(item.starts_with(&format!("http://glue.test/wishlists/{list}/wishlist-items/")), "{item}");
    // Two levels from the customer: the items of a list stand in front of it.
    let answer = app.bearer(&token).get("/customers?include=wishlists,wishlist-items").await;
    answer.is_documented("get-collection-of-customers", 200);
    let kinds = of(&answer, "/included", "type");
    assert_eq!(kinds.first(), Some(&"wishlist-items"));
    assert_eq!(kinds.iter().filter(|kind| **kind == "wishlists").count(), 2);
    assert_eq!(kinds.get(2), Some(&"wishlists"));
}

#[actix_web::test]
async fn nothing_is_included_unless_it_is_asked_for() {
    let app = app().await;
    let token = bruno(&app).await;
    for query in ["", "?include=", "?include=unknown", "?include=wishlist-item", "?include=customers"] {
        let answer = app.bearer(&token).get(&format!("/wishlists{query}")).await;
        assert_eq!(answer.json.get("included"), None, "{query}");
        assert_eq!(answer.json.pointer("/data/0/relationships"), None, "{query}");
    }
    // The deeper type alone leads nowhere: the way to it was not asked for.
    let answer = app.bearer(&token).get("/customers?include=wishlist-items").await;
    assert_eq!(answer.json.get("included"), None);
}

/// A5, A6: what belongs to others is not included either.
#[actix_web::test]
async fn an_include_reaches_the_callers_rows_only() {
    let app = app().await;
    let (sonia, _) = login(&app, "sonia@acme.com").await;
    let answer = app.bearer(&sonia).get("/customers?include=wishlists,wishlist-items,addresses").await;
    assert_eq!(answer.json.get("included"), None, "sonia owns nothing");
}

#[actix_web::test]
async fn sparse_fieldsets_leave_attributes_out_everywhere() {
    let app = app().await;
    let token = bruno(&app).await;
    let query = "include=wishlist-items&fields[wishlists]=name,unknown&fields[wishlist-items]=&fields[none]=x&fields=y";
    let answer = app.bearer(&token).get(&format!("/wishlists?{query}")).await;
    answer.is_ok(200);
    let keys = |pointer: &str| answer.at(pointer).as_object().map(|object| object.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys("/data/0/attributes"), Some(vec!["name".to_owned()]));
    assert_eq!(keys("/included/0/attributes"), Some(vec![]));
    assert_eq!(answer.text_at("/data/0/type"), "wishlists");
}

/// The kit refuses an answer that leaves out what the document names, unless the client asked for less.
#[actix_web::test]
#[should_panic(expected = "is documented and missing")]
async fn an_answer_without_all_attributes_is_not_the_documented_one() {
    let app = app().await;
    let token = bruno(&app).await;
    let answer = app.bearer(&token).get("/wishlists?fields[wishlists]=name").await;
    answer.is_documented("get-collection-of-wishlists", 200);
}

#[actix_web::test]
async fn filters_compare_values_of_the_attributes_type() {
    let app = app().await;
    let token = bruno(&app).await;
    let names = |answer: Answer| -> Vec<String> {
        let data = answer.at("/data").as_array().cloned().unwrap_or_default();
        data.iter().filter_map(|item| item.pointer("/attributes/name")?.as_str().map(str::to_owned)).collect()
    };
    let list = |filter: &str| {
        let (app, token, path) = (&app, &token, format!("/wishlists?{filter}&sort=name"));
        async move { app.bearer(token).get(&path).await }
    };
    assert_eq!(names(list("").await), ["Kitchen", "Office"]);
    assert_eq!(names(list("filter[wishlists.name]=Office").await), ["Office"]);
    assert_eq!(names(list("filter[wishlists.name]=%7B%22in%22:[%22Office%22,%22x%22]%7D").await), ["Office"]);
    assert_eq!(names(list("filter[wishlists.name]=%7B%22ne%22:%22Office%22%7D").await), ["Kitchen"]);
    assert_eq!(names(list("filter[wishlists.name]=%7B%22gt%22:%22L%22%7D").await), ["Office"]);
    assert_eq!(names(list("filter[wishlists.createdAt]=%7B%22lt%22:%222026-01-01%22%7D").await), [""; 0]);
    assert_eq!(names(list("filter[wishlists.createdAt]=%7B%22gte%22:%222026-02-01T00:00:00Z%22%7D").await).len(), 2);
    // What is not filtered by is ignored; what cannot be a filter is refused.
    assert_eq!(names(list("filter[wishlists.unknown]=x&filter[other.name]=y").await).len(), 2);
    for refused in [
        "filter[name]=x",
        "filter=x",
        "filter[wishlists.createdAt]=yesterday",
        "filter[wishlists.name]=%7B%22like%22:%22x%22%7D",
        "filter[wishlists.name]=%7B%22gt%22:[%22a%22,%22b%22]%7D",
    ] {
        list(refused).await.is(400, "011");
    }
    // The total follows the filter.
    let page = list("filter[wishlists.name]=Office&page[offset]=0&page[limit]=1").await;
    assert_eq!(page.json.pointer("/links/next"), None);
    assert!(page.text_at("/links/last").contains("filter[wishlists.name]=Office"), "{}", page.text);
}

/// A collection that is cut says how it goes on, also when no window was asked for.
#[actix_web::test]
async fn a_cut_collection_links_to_the_rest() {
    let app = app().await;
    let (token, _) = login(&app, "sonia@acme.com").await;
    assert_eq!(app.bearer(&token).get("/wishlists").await.at("/links/next"), &Value::Null);
    app.sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
        INSERT INTO spy_wishlist (uuid, name, fk_customer, created_at, updated_at)
        SELECT printf('0198f3c2-7d1e-7a52-9f0b-1%011d', i), 'List ' || i, id_customer, '2026-02-01 12:00:00.000000',
            '2026-02-01 12:00:00.000000' FROM n, spy_customer WHERE customer_reference = 'DE--21'",
    )
    .await;
    let (mut seen, mut path) = (0, "/wishlists".to_owned());
    loop {
        let page = app.bearer(&token).get(&path).await;
        page.is_documented("get-collection-of-wishlists", 200);
        seen += page.at("/data").as_array().map_or(0, Vec::len);
        match page.at("/links/next").as_str() {
            Some(next) => path = next.replace("http://glue.test", ""),
            None => break,
        }
    }
    let all: usize = app
        .text("SELECT CAST(count(*) AS TEXT) AS text FROM spy_wishlist JOIN spy_customer ON id_customer = fk_customer WHERE customer_reference = 'DE--21'")
        .await
        .parse()
        .expect("a number");
    assert!(all >= 600);
    assert_eq!(seen, all);
}

fn address(more: &Value) -> String {
    let mut attributes = json!({
        "salutation": "Ms", "firstName": "Sonia", "lastName": "Wagner", "address1": "Kirncher Str.", "address2": "7",
        "zipCode": "10247", "city": "Berlin", "iso2Code": "DE", "isDefaultShipping": false, "isDefaultBilling": false,
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        attributes[key] = value.clone();
    }
    json!({ "data": { "type": "addresses", "attributes": attributes } }).to_string()
}

/// reference/resources.md §1.2.
#[actix_web::test]
async fn a_customer_has_one_default_address_of_each_kind() {
    let app = app().await;
    let (sonia, _) = login(&app, "sonia@acme.com").await;
    let path = "/customers/DE--21/addresses";
    let first = app.bearer(&sonia).send("POST", path, Some(&address(&json!({})))).await;
    first.is_documented("create-addresses", 201);
    assert_eq!(first.text_at("/data/attributes/country"), "Germany");
    assert_eq!(first.at("/data/attributes/isDefaultShipping"), true, "the first one becomes the default");
    assert_eq!(first.at("/data/attributes/company"), &Value::Null);
    let second = app.bearer(&sonia).send("POST", path, Some(&address(&json!({ "isDefaultBilling": true })))).await;
    assert_eq!(second.at("/data/attributes/isDefaultShipping"), false);
    let listed = app.bearer(&sonia).get(path).await;
    listed.is_documented("get-collection-of-addresses", 200);
    let flags = |key: &str| -> Vec<bool> {
        let data = listed.at("/data").as_array().cloned().unwrap_or_default();
        data.iter().filter_map(|item| item.pointer(&format!("/attributes/{key}"))?.as_bool()).collect()
    };
    assert_eq!((flags("isDefaultShipping"), flags("isDefaultBilling")), (vec![true, false], vec![false, true]));
    let included = app.bearer(&sonia).get("/customers/DE--21?include=addresses").await;
    included.is_documented("get-customers", 200);
    assert_eq!(of(&included, "/included", "type"), ["addresses"; 2]);
    let one = second.created_path();
    let change = |attributes: Value| json!({ "data": { "type": "addresses", "attributes": attributes } }).to_string();
    let changed =
        app.bearer(&sonia).send("PATCH", &one, Some(&change(json!({ "phone": "1", "isDefaultShipping": true })))).await;
    changed.is_documented("update-addresses", 200);
    let reset = app
        .bearer(&sonia)
        .send("PATCH", &one, Some(&change(json!({ "phone": null, "isDefaultShipping": false }))))
        .await;
    assert_eq!(reset.at("/data/attributes/phone"), &Value::Null, "null sets back what may be null");
    assert_eq!(reset.at("/data/attributes/isDefaultShipping"), true, "a default never goes away");
    for (wrong, detail) in [
        (json!({ "iso2Code": "XX" }), "iso2Code => The value you selected is not a valid choice."),
        (json!({ "salutation": "Sir" }), "salutation => The value you selected is not a valid choice."),
        (json!({ "city": "B" }), "city => This value is too short. It should have 3 characters or more."),
        (json!({ "isDefaultBilling": "yes" }), "isDefaultBilling => This value should be of type bool."),
    ] {
        let answer = app.bearer(&sonia).send("PATCH", &one, Some(&change(wrong))).await;
        answer.is(422, "901");
        assert_eq!(answer.text_at("/errors/0/detail"), detail);
    }
    app.bearer(&sonia).send("DELETE", &one, None).await.is_ok(204);
    app.bearer(&sonia).get(&one).await.is(404, "404");
}

/// The first id of the path is the caller's own, whatever is behind it.
#[actix_web::test]
async fn addresses_of_somebody_else_are_refused_whether_they_exist_or_not() {
    let app = app().await;
    let (sonia, _) = login(&app, "sonia@acme.com").await;
    for path in ["/customers/DE--4/addresses", "/customers/nobody/addresses", "/customers//addresses"] {
        app.bearer(&sonia).get(path).await.is(403, "411");
        app.bearer(&sonia).send("POST", path, Some(&address(&json!({})))).await.is(403, "411");
    }
    app.bearer(&sonia).get("/customers/DE--4/addresses/x").await.is(403, "411");
    app.bearer(&sonia).send("PATCH", "/customers//addresses/x", Some(&address(&json!({})))).await.is_refused(400, None);
    // What is wrong with the body is said first.
    app.bearer(&sonia)
        .send("POST", "/customers/DE--4/addresses", Some(&address(&json!({ "city": "" }))))
        .await
        .is(422, "901");
    app.anonymous().get("/addresses").await.is_refused(404, None);
}

/// The tag is that of the resource: what is included changes on its own.
#[actix_web::test]
async fn a_known_state_is_sent_again_when_something_is_included() {
    let app = app().await;
    let token = bruno(&app).await;
    let path = "/wishlists/0198f3c2-7d1e-7a52-9f0b-000000000003";
    let first = app.bearer(&token).get(path).await;
    let tag = first.headers.get("etag").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(app.bearer(&token).header("if-none-match", &tag).get(path).await.status, 304);
    let with = format!("{path}?include=wishlist-items");
    app.bearer(&token).header("if-none-match", &tag).get(&with).await.is_ok(200);
}

#[actix_web::test]
async fn queries_are_repeated_as_they_were_sent_and_odd_members_refused() {
    let app = app().await;
    let token = bruno(&app).await;
    for query in ["?include=", "?sort=&currency=EUR", "?page[offset]=0&page[limit]=2&include="] {
        let answer = app.bearer(&token).get(&format!("/wishlists{query}")).await;
        assert_eq!(answer.text_at("/links/self"), format!("http://glue.test/wishlists{query}"));
    }
    let names =
        |answer: &Answer| [answer.text_at("/data/0/attributes/name"), answer.text_at("/data/1/attributes/name")];
    let sorted = app.bearer(&token).get("/wishlists?sort=-wishlists.name").await;
    assert_eq!(names(&sorted), ["Office", "Kitchen"], "a field may name its resource");
    for refused in ["page[offset][]=1&page[limit]=1", "page[limit][]=1", "filter[wishlists.name][]=Office"] {
        assert_eq!(app.bearer(&token).get(&format!("/wishlists?{refused}")).await.status, 400, "{refused}");
    }
}
