//! What the definitions of the features say.

use glue_core::testing::{TestApp, TestParts};
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

#[actix_web::test]
async fn a_definition_says_how_long_answers_and_operations_last() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let body = r#"{"data":{"type":"products","attributes":{"sku":"K","name":"Kept","price":"1","tags":[]}}}"#;
    let made = app.bearer(&token).send("POST", "/products", Some(body)).await;
    let path = format!("/products/{}", made.text_at("/data/id"));
    let one = app.anonymous().get(&path).await;
    one.is_documented("get-products", 200);
    assert_eq!(one.text_of("cache-control"), "public, max-age=600");
    assert_eq!((one.text_of("deprecation"), one.text_of("sunset")), ("@1769817600".into(), "Tue, 29 Feb 2028 00:00:00 GMT".into()));
    assert_eq!(app.bearer(&token).get(&path).await.text_of("cache-control"), "private, max-age=600");
    let all = app.bearer(&token).get("/products").await;
    assert_eq!(all.text_of("cache-control"), "private, max-age=60");
    let document = app.anonymous().get("/openapi.json").await;
    for schema in ["Product", "CreateProduct", "UpdateProduct"] {
        let property = |name: &str| document.at(&format!("/components/schemas/{schema}/properties/{name}/deprecated"));
        assert!(*property("badge") == true && property("name").is_null(), "{schema}: {}", property("badge"));
    }
}

#[actix_web::test]
async fn what_nobody_sends_has_its_default_and_what_is_whole_stays_whole() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let send = async |method: &str, path: &str, attributes: &str| {
        let body = format!(r#"{{"data":{{"type":"products","attributes":{attributes}}}}}"#);
        app.bearer(&token).send(method, path, Some(&body)).await
    };
    let made = send("POST", "/products", r#"{"sku":"A","name":"Lamp","price":"12.50","tags":["a","ü"],"source":"me"}"#).await;
    made.is_documented("create-products", 201);
    for (pointer, value) in [
        ("rank", "5"),
        ("isActive", "true"),
        ("badge", r#""it's \\ new""#),
        ("source", r#""shop""#),
        ("price", r#""12.50""#),
        ("tags", r#"["a","ü"]"#),
        ("maker", "null"),
    ] {
        assert_eq!(made.at(&format!("/data/attributes/{pointer}")).to_string(), value, "{}", made.text);
    }
    let path = format!("/products/{}", made.text_at("/data/id"));
    let whole = r#"{"sku":"B","rank":9,"maker":{"name":"Ada","town":null},"parts":[{"partNumber":"1","count":2}],"texts":{"de":"Lampe"}}"#;
    let changed = send("PATCH", &path, whole).await;
    changed.is_documented("update-products", 200);
    assert_eq!(changed.text_at("/data/attributes/sku"), "A", "sent once");
    let shown = |name: &str| changed.at(&format!("/data/attributes/{name}")).to_string();
    assert_eq!(shown("maker"), r#"{"name":"Ada","town":null}"#);
    assert_eq!(shown("parts"), r#"[{"count":2,"partNumber":"1"}]"#);
    assert_eq!(shown("texts"), r#"{"de":"Lampe"}"#);
    send("PATCH", &path, r#"{"maker":{"town":"Bern"}}"#).await.is(422, "901");
    send("PATCH", &path, r#"{"rank":null}"#).await.is(422, "901");
    send("POST", "/products", r#"{"sku":"C","name":"Bulb","price":"1","tags":[]}"#).await.is_ok(201);
    let names = |answer: &glue_core::testing::Answer| {
        [0, 1].map(|at| answer.text_at(&format!("/data/{at}/attributes/name")))
    };
    assert_eq!(names(&app.bearer(&token).get("/products").await), ["Lamp", "Bulb"], "by rank, the greatest first");
    assert_eq!(names(&app.bearer(&token).get("/products?sort=name").await), ["Bulb", "Lamp"]);
}

#[actix_web::test]
async fn a_row_goes_from_state_to_state_and_refers_to_what_is_there() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let (owner, stranger) = (app.token(&Fixture::caller("storefront", 1)), app.token(&Fixture::caller("storefront", 2)));
    let product = r#"{"data":{"type":"products","attributes":{"sku":"A","name":"Lamp","price":"1","tags":[]}}}"#;
    let product = app.bearer(&owner).send("POST", "/products", Some(product)).await.text_at("/data/id");
    let made = r#"{"data":{"type":"purchases","attributes":{"product":"PRODUCT","status":"shipped"}}}"#;
    let made = app.bearer(&owner).send("POST", "/purchases", Some(&made.replace("PRODUCT", &product))).await;
    made.is_documented("create-purchases", 201);
    assert_eq!(made.text_at("/data/attributes/status"), "new", "nobody begins elsewhere");
    let first = made.text_at("/data/id");
    let path = format!("/purchases/{first}");
    let send = async |token: &str, method: &str, path: &str, attributes: &str| {
        let attributes = attributes.replace("PRODUCT", &product).replace("FIRST", &first);
        let body = format!(r#"{{"data":{{"type":"purchases","attributes":{attributes}}}}}"#);
        app.bearer(token).send(method, path, Some(&body)).await
    };
    // What is another's is as if it were not there.
    send(&stranger, "POST", "/purchases", r#"{"product":"PRODUCT","previous":"FIRST"}"#).await.is(422, "9025");
    send(&owner, "POST", "/purchases", r#"{"product":"PRODUCT","previous":"FIRST"}"#).await.is_ok(201);
    send(&owner, "PATCH", &path, r#"{"status":"shipped"}"#).await.is(422, "9023");
    send(&owner, "PATCH", &path, r#"{"status":"new"}"#).await.is_ok(200);
    app.bearer(&owner).send("DELETE", &path, None).await.is(422, "9022");
    app.bearer(&owner).send("DELETE", &format!("/products/{product}"), None).await.is(409, "9014");
    send(&owner, "PATCH", &path, r#"{"status":"paid"}"#).await.is_documented("update-purchases", 200);
    send(&owner, "PATCH", &path, r#"{"status":"cancelled"}"#).await.is(422, "9023");
    send(&owner, "PATCH", &path, r#"{"status":"shipped"}"#).await.is_ok(200);
    send(&owner, "PATCH", &path, r#"{"previous":null}"#).await.is(422, "9022");
    send(&stranger, "PATCH", &path, r#"{"product":"FIRST"}"#).await.is(404, "9021");
    let included = app.bearer(&owner).get(&format!("{path}?include=products")).await;
    assert_eq!(included.text_at("/included/0/id"), product);
}

#[actix_web::test]
async fn no_version_deletes_what_is_in_use() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let made = async |path: &str, body: &str| app.bearer(&token).send("POST", path, Some(body)).await.text_at("/data/id");
    let note = made("/v1.0/notes", r#"{"data":{"type":"notes","attributes":{"title":"Blue"}}}"#).await;
    let product = r#"{"data":{"type":"products","attributes":{"sku":"A","name":"Lamp","price":"1","tags":[]}}}"#;
    let product = made("/products", product).await;
    let purchase = r#"{"data":{"type":"purchases","attributes":{"product":"PRODUCT","note":"NOTE"}}}"#;
    made("/purchases", &purchase.replace("PRODUCT", &product).replace("NOTE", &note)).await;
    for version in ["v1.0", "v1.10"] {
        let path = format!("/{version}/notes/{note}");
        let tag = app.bearer(&token).get(&path).await.text_of("etag");
        app.bearer(&token).header("if-match", &tag).send("DELETE", &path, None).await.is(409, "9007");
        app.bearer(&token).get(&path).await.is_ok(200);
    }
}

#[actix_web::test]
async fn a_deleted_row_is_kept_and_found_by_nobody() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let list = r#"{"data":{"type":"wishlists","attributes":{"name":"Mine"}}}"#;
    let list = app.bearer(&token).send("POST", "/wishlists", Some(list)).await.created_path();
    let labels = format!("/v1.0{list}/wishlist-labels");
    let body = r#"{"data":{"type":"wishlist-labels","attributes":{"word":"New"}}}"#;
    let made = app.bearer(&token).send("POST", &labels, Some(body)).await;
    let path = format!("{labels}/{}", made.text_at("/data/id"));
    app.bearer(&token).send("DELETE", &path, None).await.is_ok(204);
    app.bearer(&token).get(&path).await.is(404, "9003");
    app.bearer(&token).send("PATCH", &path, Some(body)).await.is(404, "9003");
    app.bearer(&token).send("DELETE", &path, None).await.is(404, "9003");
    assert_eq!(app.bearer(&token).get(&labels).await.at("/data").to_string(), "[]");
}

#[actix_web::test]
async fn an_action_writes_into_a_row_and_answers_with_it() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let (owner, stranger) = (app.token(&Fixture::caller("storefront", 1)), app.token(&Fixture::caller("storefront", 2)));
    let made = async |path: &str, body: &str| app.bearer(&owner).send("POST", path, Some(body)).await.created_path();
    let product = made("/products", r#"{"data":{"type":"products","attributes":{"sku":"A","name":"Lamp","price":"1","tags":[]}}}"#).await;
    let purchase = r#"{"data":{"type":"purchases","attributes":{"product":"PRODUCT"}}}"#;
    let path = made("/purchases", &purchase.replace("PRODUCT", product.trim_start_matches("/products/"))).await;
    let cancel = format!("{path}/cancel");
    app.bearer(&stranger).send("POST", &cancel, None).await.is(404, "9021");
    let cancelled = app.bearer(&owner).send("POST", &format!("{cancel}?include=products"), None).await;
    cancelled.is_documented("create-purchase-cancel", 200);
    assert_eq!(cancelled.text_at("/data/type"), "purchases");
    assert_eq!(cancelled.text_at("/data/attributes/status"), "cancelled");
    assert_eq!(cancelled.at("/included/0/type"), "products");
    let link = cancelled.text_at("/data/links/self");
    let link = link.split('?').next().unwrap_or_default();
    assert!(link.ends_with(&path), "{link} leads to {path}");
    // What it is already, it may stay, and from there it goes nowhere.
    let again = app.bearer(&owner).send("POST", &format!("{cancel}?fields[purchases]=status"), None).await;
    assert_eq!(again.at("/data/attributes").to_string(), r#"{"status":"cancelled"}"#);
    let body = r#"{"data":{"type":"purchases","attributes":{"status":"paid"}}}"#;
    app.bearer(&owner).send("PATCH", &path, Some(body)).await.is(422, "9022");
    app.bearer(&owner).send("DELETE", &format!("{path}/remark"), None).await.is_ok(204);
    app.bearer(&owner).send("POST", &format!("{path}/ship"), None).await.is_refused(404, None);
}

#[actix_web::test]
async fn whoever_has_the_scope_changes_rows_of_everybody() {
    let office = TestApp::new(Fixture::parts("backend")).await;
    let clerk = office.token(&Fixture::caller("backend", 1));
    let path = format!("/purchases/{}", Fixture::existing("backend", "purchases"));
    let ship = format!("{path}/ship");
    let with = |remark: &str| format!(r#"{{"data":{{"type":"purchase-ship","attributes":{{"remark":{remark}}}}}}}"#);
    office.bearer(&clerk).send("POST", &ship, Some(&with("\"by hand\""))).await.is(422, "9022");
    let paid = r#"{"data":{"type":"purchases","attributes":{"status":"paid"}}}"#;
    office.bearer(&clerk).send("PATCH", &path, Some(paid)).await.is_documented("update-purchases", 200);
    office.bearer(&clerk).send("POST", &ship, Some(&with("7"))).await.is(422, "901");
    let shipped = office.bearer(&clerk).send("POST", &ship, Some(&with("\"by hand\""))).await;
    shipped.is_documented("create-purchase-ship", 200);
    assert_eq!(shipped.text_at("/data/attributes/remark"), "by hand");
    assert_eq!(shipped.text_at("/data/attributes/status"), "shipped");
    assert!(!shipped.at("/data/attributes/shippedAt").is_null(), "{}", shipped.text);
    office.bearer(&clerk).send("POST", "/purchases/unknown/ship", Some(&with("null"))).await.is(404, "9021");
}

#[actix_web::test]
async fn an_action_below_a_parent_takes_what_is_no_attribute() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let made = async |path: &str, body: &str| app.bearer(&token).send("POST", path, Some(body)).await.created_path();
    let list = made("/wishlists", r#"{"data":{"type":"wishlists","attributes":{"name":"Mine"}}}"#).await;
    let marks = format!("{list}/wishlist-marks");
    let body = r#"{"data":{"type":"wishlist-marks","attributes":{"word":"New"}}}"#;
    let first = app.bearer(&token).send("POST", &marks, Some(body)).await;
    let (mark, tag) = (first.created_path(), first.text_of("etag"));
    let starred = app.bearer(&token).send("POST", &format!("{mark}/star"), None).await;
    starred.is_documented("create-wishlist-mark-star", 200);
    assert!(starred.text_at("/data/links/self").ends_with(&mark), "{}", starred.text);
    let clear = |attributes: &str| format!(r#"{{"data":{{"type":"wishlist-mark-clear","attributes":{attributes}}}}}"#);
    let path = format!("{marks}/clear");
    app.bearer(&token).send("POST", &path, Some(&clear("{}"))).await.is(422, "901");
    app.bearer(&token).send("POST", &path, Some(&clear(r#"{"reason":"old"}"#))).await.is_ok(204);
    let spell = r#"{"data":{"type":"wishlist-mark-spell","attributes":{"word":"Newer"}}}"#;
    let word = format!("{mark}/word");
    app.bearer(&token).send("PATCH", &word, Some(spell)).await.is(428, "005");
    app.bearer(&token).header("if-match", "\"another\"").send("PATCH", &word, Some(spell)).await.is(412, "006");
    app.bearer(&token).header("if-match", &tag).send("PATCH", &word, Some(spell)).await.is_ok(204);
    app.bearer(&token).header("if-match", &tag).send("PATCH", &word, Some(spell)).await.is(412, "006");
    let spelt = app.bearer(&token).get(&mark).await;
    assert_eq!(spelt.at("/data/attributes/isSpelt"), true);
    assert_eq!(spelt.text_at("/data/attributes/word"), "Newer");
    let elsewhere = mark.replace(list.trim_start_matches("/wishlists/"), "00000000-0000-4000-8000-000000000000");
    let nowhere = format!("{elsewhere}/word");
    app.bearer(&token).header("if-match", "*").send("PATCH", &nowhere, Some(spell)).await.is(412, "006");
}

#[actix_web::test]
async fn what_is_sent_is_judged_together_and_by_the_day() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let send = async |method: &str, path: &str, attributes: &str| {
        let body = format!(r#"{{"data":{{"type":"bookings","attributes":{attributes}}}}}"#);
        app.bearer(&token).send(method, path, Some(&body)).await
    };
    let detail = |answer: &glue_core::testing::Answer| answer.text_at("/errors/0/detail");
    let fine = r#"{"from":"2027-01-01","until":"2027-01-02","kind":"private","guests":["Ada","Eve"]}"#;
    for (wrong, told) in [
        (fine.replace("2027-01-01", "2026-01-31"), "from => This value should be greater than or equal to 2026-02-01."),
        (fine.replace("2027-01-02", "2100-01-01"), "until => This value should be less than or equal to 2099-12-31."),
        (fine.replace("2027-01-02", "2027-01-01"), "A booking ends after it begins."),
        (fine.replace("private", "company"), "company => This field is missing."),
        (fine.replace(r#""private""#, r#""company","company":"""#), "company => This value should not be blank."),
        (fine.replace(r#""kind""#, r#""guestsMax":2,"kind""#), "guestsMax => Too few."),
        (fine.replace(r#","Eve""#, ""), "guests => This collection should contain 2 elements or more."),
        (fine.replace(r#""Eve""#, r#""Eve","Mel","Kim""#), "guests => This collection should contain 3 elements or less."),
    ] {
        let refused = send("POST", "/bookings", &wrong).await;
        assert_eq!((refused.status, detail(&refused).as_str()), (422, told), "{wrong}");
    }
    let made = send("POST", "/bookings", fine).await;
    made.is_documented("create-bookings", 201);
    let path = format!("/bookings/{}", made.text_at("/data/id"));
    // What a change does not carry is not looked at.
    send("PATCH", &path, r#"{"until":"2026-02-02"}"#).await.is_ok(200);
    let refused = send("PATCH", &path, r#"{"kind":"company"}"#).await;
    assert_eq!(detail(&refused), "company => This field is missing.");
    send("PATCH", &path, r#"{"kind":"company","company":"Acme"}"#).await.is_ok(200);
}

#[actix_web::test]
async fn rows_are_filled_followed_and_summed_up() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let booking = |company: &str| {
        let dates = r#""from":"2027-01-01","until":"2027-01-02","kind":"company","guests":["Ada","Eve"],"number":"mine""#;
        format!(r#"{{"data":{{"type":"bookings","attributes":{{{dates},"company":"{company}"}}}}}}"#)
    };
    let made = app.bearer(&token).send("POST", "/bookings", Some(&booking("Acme"))).await;
    made.is_documented("create-bookings", 201);
    assert_eq!(made.text_at("/data/attributes/number"), "B-000001", "nobody sends it");
    // What follows a write fails with it: nothing is left.
    let failed = app.bearer(&token).send("POST", "/bookings", Some(&booking("Broken"))).await;
    assert!(failed.status >= 400, "{}", failed.text);
    assert_eq!(app.bearer(&token).get("/bookings").await.at("/data").as_array().map(Vec::len), Some(1));
    let path = made.created_path();
    for (amount, at) in [(1, "2026-01-01 10:00:00"), (2, "2026-01-03 10:00:00"), (-4, "2026-01-02 10:00:00")] {
        let attributes = format!(r#"{{"amount":{amount},"chargedAt":"{at}"}}"#);
        let body = format!(r#"{{"data":{{"type":"booking-charges","attributes":{attributes}}}}}"#);
        let charges = format!("{path}/booking-charges");
        app.bearer(&token).send("POST", &charges, Some(&body)).await.is_documented("create-booking-charges", 201);
    }
    let summed = app.bearer(&token).get(&path).await;
    summed.is_documented("get-bookings", 200);
    let shown = |name: &str| summed.at(&format!("/data/attributes/{name}")).to_string();
    // 100 with the booking itself, then 1, 2 and -4.
    let values = ["total", "mean", "least", "last"].map(shown);
    assert_eq!(values, ["99", "\"24.75\"", "-4", "\"2026-01-03 10:00:00.000000\""]);
    app.bearer(&token).send("DELETE", &path, None).await.is_ok(204);
}

#[actix_web::test]
async fn children_come_with_their_parent_or_not_at_all() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let product = r#"{"data":{"type":"products","attributes":{"sku":"A","name":"Lamp","price":"1","tags":[]}}}"#;
    let product = app.bearer(&token).send("POST", "/products", Some(product)).await.text_at("/data/id");
    let buy = async |lines: &str| {
        let body = r#"{"data":{"type":"purchases","attributes":{"product":"PRODUCT","lines":LINES}}}"#;
        let body = body.replace("LINES", lines).replace("PRODUCT", &product);
        app.bearer(&token).send("POST", "/purchases?include=purchase-lines", Some(&body)).await
    };
    let line = r#"{"product":"PRODUCT","quantity":2,"engraving":"For you","dueOn":"2027-01-01"}"#;
    let made = buy(&format!("[{line},{line}]")).await;
    made.is_documented("create-purchases", 201);
    assert!(made.at("/data/attributes/lines").is_null(), "sent, and shown as what they became");
    assert_eq!(made.at("/included").as_array().map(Vec::len), Some(2), "two lines: {}", made.text);
    let path = format!("/purchases/{}/purchase-lines", made.text_at("/data/id"));
    let lines = app.bearer(&token).get(&path).await;
    lines.is_documented("get-collection-of-purchase-lines", 200);
    assert_eq!(lines.at("/data/1/attributes/quantity"), 2);
    for (wrong, status, code) in [
        (line.replace("\"quantity\":2", "\"quantity\":0"), 422, "901"),
        (line.replace("PRODUCT", "0198f3c2-7d1e-7a52-9f0b-3d0c5a1e6b59"), 422, "9043"),
        (line.replace("For you", "4 you"), 422, "9044"),
    ] {
        buy(&format!("[{line},{wrong}]")).await.is(status, code);
    }
    buy(&format!("[{line},{line},{line},{line}]")).await.is(422, "901");
    let all = app.bearer(&token).get("/purchases").await;
    assert_eq!(all.at("/data").as_array().map(Vec::len), Some(1), "nothing is left of the others: {}", all.text);
    buy("[]").await.is_ok(201);
}

#[actix_web::test]
async fn mine_is_the_row_of_the_caller() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let (owner, stranger) = (app.token(&Fixture::caller("storefront", 1)), app.token(&Fixture::caller("storefront", 2)));
    let send = async |token: &str, method: &str, path: &str, attributes: &str| {
        let body = format!(r#"{{"data":{{"type":"preferences","attributes":{attributes}}}}}"#);
        app.bearer(token).send(method, path, Some(&body)).await
    };
    app.bearer(&owner).get("/preferences/mine").await.is(404, "9051");
    let made = send(&owner, "POST", "/preferences", r#"{"mails":true}"#).await;
    made.is_documented("create-preferences", 201);
    send(&owner, "POST", "/preferences", r#"{"mails":true}"#).await.is(409, "9052");
    let changed = send(&owner, "PATCH", "/preferences/mine", r#"{"theme":"dark"}"#).await;
    changed.is_documented("update-preferences", 200);
    // The link leads to the row whoever follows it, and so to nothing for others.
    let link = made.created_path();
    assert_eq!(changed.at("/data/links/self"), made.at("/data/links/self"));
    app.bearer(&owner).get(&link).await.is_documented("get-preferences", 200);
    app.bearer(&stranger).get(&link).await.is(404, "9051");
    app.bearer(&stranger).get("/preferences/mine").await.is(404, "9051");
    app.bearer(&stranger).send("DELETE", "/preferences/mine", None).await.is(404, "9051");
    let other = send(&stranger, "POST", "/preferences", r#"{"mails":false}"#).await;
    let reset = app.bearer(&owner).send("POST", "/preferences/mine/reset", None).await;
    reset.is_documented("create-preference-reset", 200);
    assert_eq!(reset.at("/data/attributes/theme"), "light");
    let hint = r#"{"data":{"type":"preference-hints","attributes":{"text":"Tea"}}}"#;
    app.bearer(&owner).send("POST", "/preferences/mine/preference-hints", Some(hint)).await.is_ok(201);
    let hints = async |token: &str| app.bearer(token).get("/preferences/mine/preference-hints").await;
    assert_eq!(hints(&owner).await.at("/data/0/attributes/text"), "Tea");
    assert!(hints(&stranger).await.at("/data/0").is_null(), "each has hints of their own");
    app.bearer(&owner).send("DELETE", "/preferences/mine", None).await.is_ok(204);
    app.bearer(&owner).get("/preferences/mine").await.is(404, "9051");
    assert_eq!(app.bearer(&stranger).get("/preferences/mine").await.at("/data/id"), other.at("/data/id"));
}

#[actix_web::test]
async fn mine_is_nobodys_where_rows_are_everybodys() {
    let app = TestApp::new(Fixture::parts("backend")).await;
    let token = app.token(&Fixture::caller("backend", 1));
    app.bearer(&token).get("/preferences").await.is_documented("get-collection-of-preferences", 200);
    let document = app.anonymous().get("/openapi.json").await;
    let parameter = |document: &glue_core::testing::Answer| document.text_at("/paths/~1preferences~1{preferenceId}/get/parameters/0/description");
    assert_eq!(parameter(&document), "Id of preference.");
    let storefront = TestApp::new(Fixture::parts("storefront")).await.anonymous().get("/openapi.json").await;
    assert_eq!(parameter(&storefront), "Id of preference, or `mine` for the caller's own.");
}

#[actix_web::test]
async fn an_application_has_no_more_of_a_resource_than_it_may() {
    let shop = TestApp::new(Fixture::parts("storefront")).await;
    let office = TestApp::new(TestParts { database: shop.database.clone(), ..Fixture::parts("backend") }).await;
    let (customer, user) = (shop.token(&Fixture::caller("storefront", 1)), office.token(&Fixture::caller("backend", 1)));
    let product = r#"{"data":{"type":"products","attributes":{"sku":"A","name":"Lamp","price":"1","tags":[]}}}"#;
    let product = shop.bearer(&customer).send("POST", "/products", Some(product)).await.text_at("/data/id");
    let body = r#"{"data":{"type":"purchases","attributes":{"product":"PRODUCT","margin":1,"kept":{"shelf":"A"},"lines":[{"product":"PRODUCT","quantity":1,"cost":7}]}}}"#;
    let made = shop.bearer(&customer).send("POST", "/purchases?include=purchase-lines", Some(&body.replace("PRODUCT", &product))).await;
    made.is_documented("create-purchases", 201);
    assert!(!made.text.contains("margin") && !made.text.contains("shelf") && !made.text.contains("cost"), "{}", made.text);
    let path = format!("/purchases/{}", made.text_at("/data/id"));
    let known = office.bearer(&user).get(&path).await;
    known.is_documented("get-purchases", 200);
    assert!(known.at("/data/attributes/margin").is_null() && known.text.contains("margin"), "sent in vain: {}", known.text);
    let change = r#"{"data":{"type":"purchases","attributes":{"margin":9,"kept":{"shelf":"B"}}}}"#;
    let changed = office.bearer(&user).send("PATCH", &path, Some(change)).await;
    changed.is_documented("update-purchases", 200);
    assert_eq!((changed.at("/data/attributes/margin"), changed.text_at("/data/attributes/kept/shelf")), (&9.into(), "B".into()));
    shop.bearer(&customer).send("PATCH", &path, Some(&change.replace('9', "3"))).await.is_ok(200);
    let cancelled = shop.bearer(&customer).send("POST", &format!("{path}/cancel"), None).await;
    cancelled.is_documented("create-purchase-cancel", 200);
    assert!(!cancelled.text.contains("margin"), "{}", cancelled.text);
    // Whoever does not see it can neither find it out nor order by it.
    let count = async |app: &TestApp, token: &str, query: &str| {
        let listed = app.bearer(token).get(&format!("/purchases?{query}")).await;
        listed.is_ok(200);
        listed.at("/data").as_array().map_or(0, Vec::len)
    };
    assert_eq!(count(&office, &user, "filter[purchases.margin]=8").await, 0);
    assert_eq!(count(&office, &user, "filter[purchases.margin]=9").await, 1, "the customer changed nothing");
    assert_eq!(count(&shop, &customer, "filter[purchases.margin]=8").await, 1);
    assert_eq!(count(&shop, &customer, "filter[purchases.margin]=x&sort=margin").await, 1);
    let document = async |app: &TestApp| app.anonymous().get("/openapi.json").await;
    for schema in ["Purchase", "UpdatePurchase"] {
        let path = format!("/components/schemas/{schema}/properties/margin");
        assert!(document(&shop).await.at(&path).is_null() && document(&office).await.at(&path).is_object(), "{schema}");
    }
    let created = document(&shop).await;
    assert!(created.at("/components/schemas/CreatePurchase").is_object() && !created.text.contains("\"margin\""));
    assert!(created.at("/components/schemas/CreatePurchaseLine/properties/quantity").is_object() && !created.text.contains("\"cost\""));
}

#[actix_web::test]
async fn rows_are_filtered_by_what_they_are_related_to() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let (owner, stranger) = (app.token(&Fixture::caller("storefront", 1)), app.token(&Fixture::caller("storefront", 2)));
    let mut products = Vec::new();
    for name in ["Lamp", "Öllampe"] {
        let body = format!(r#"{{"data":{{"type":"products","attributes":{{"sku":"{name}","name":"{name}","price":"1","tags":[]}}}}}}"#);
        products.push(app.bearer(&owner).send("POST", "/products", Some(&body)).await.text_at("/data/id"));
    }
    for (token, product, quantity) in [(&owner, &products[0], 1), (&owner, &products[1], 5), (&stranger, &products[1], 5)] {
        let line = format!(r#"{{"product":"{product}","quantity":{quantity},"dueOn":"2099-01-31"}}"#);
        let body = format!(r#"{{"data":{{"type":"purchases","attributes":{{"product":"{product}","lines":[{line}]}}}}}}"#);
        app.bearer(token).send("POST", "/purchases", Some(&body)).await.is_ok(201);
    }
    let found = async |query: &str| {
        let listed = app.bearer(&owner).get(&format!("/purchases?{query}")).await;
        listed.is_documented("get-collection-of-purchases", 200);
        listed.at("/data").as_array().map_or(0, Vec::len)
    };
    assert_eq!(found("filter[products.name]=%C3%96llampe").await, 1, "the caller's own alone");
    assert_eq!(found("filter[products.name]=Chair").await, 0);
    assert_eq!(found(&format!("filter[products.id]={}", products[0])).await, 1);
    assert_eq!(found("filter[purchase-lines.quantity]=%7B%22gte%22:1%7D").await, 2);
    assert_eq!(found("filter[purchase-lines.quantity]=%7B%22gt%22:1%7D&filter[products.name]=Lamp").await, 0);
    assert_eq!(found("filter[purchase-lines.dueOn]=2099-01-31").await, 2);
    assert_eq!(found("filter[purchase-lines.cost]=3").await, 2, "what is no filter is ignored");
    app.bearer(&owner).get("/purchases?filter[purchase-lines.quantity]=many").await.is(400, "011");
    let paged = app.bearer(&owner).get("/purchases?page[offset]=0&page[limit]=1&filter[purchase-lines.quantity]=5").await;
    assert!(paged.at("/links/next").is_null(), "counted as filtered: {}", paged.text);
}

#[actix_web::test]
async fn many_are_tied_to_many() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let owner = app.token(&Fixture::caller("storefront", 1));
    let send = async |path: &str, kind: &str, attributes: &str| {
        let body = format!(r#"{{"data":{{"type":"{kind}","attributes":{attributes}}}}}"#);
        app.bearer(&owner).send("POST", path, Some(&body)).await
    };
    let (sea, hills) = (
        send("/topics", "topics", r#"{"title":"Sea"}"#).await.text_at("/data/id"),
        send("/topics", "topics", r#"{"title":"Hills"}"#).await.text_at("/data/id"),
    );
    let booking = r#"{"from":"2099-12-01","until":"2099-12-31","kind":"private","guests":["Ada","Eve"]}"#;
    let mut ties = Vec::new();
    for topics in [vec![&sea, &hills, &sea], vec![&sea]] {
        let booked = send("/bookings", "bookings", booking).await.created_path();
        for topic in topics {
            let tie = format!(r#"{{"topic":"{topic}"}}"#);
            ties.push(send(&format!("{booked}/booking-topics"), "booking-topics", &tie).await.created_path());
        }
    }
    let listed = app.bearer(&owner).get("/bookings?include=topics").await;
    listed.is_documented("get-collection-of-bookings", 200);
    let count = |pointer: &str| listed.at(pointer).as_array().map_or(0, Vec::len);
    assert_eq!(count("/data/0/relationships/topics/data"), 2, "tied twice is tied: {}", listed.text);
    assert_eq!(count("/data/1/relationships/topics/data"), 1);
    assert_eq!(count("/included"), 2, "each once");
    let link = listed.text_at("/included/0/links/self");
    app.bearer(&owner).get(&glue_core::testing::path_of(&link)).await.is_documented("get-topics", 200);
    app.bearer(&owner).send("DELETE", &ties[1], None).await.is_ok(204);
    let fewer = app.bearer(&owner).get("/bookings?include=topics").await;
    assert_eq!(fewer.at("/data/0/relationships/topics/data").as_array().map_or(0, Vec::len), 1, "{}", fewer.text);
}

#[actix_web::test]
async fn a_tag_tells_nothing_of_what_its_application_does_not_have() {
    let shop = TestApp::new(Fixture::parts("storefront")).await;
    let office = TestApp::new(TestParts { database: shop.database.clone(), ..Fixture::parts("backend") }).await;
    let (customer, user) = (shop.token(&Fixture::caller("storefront", 1)), office.token(&Fixture::caller("backend", 1)));
    let body = |attributes: &str| format!(r#"{{"data":{{"type":"preferences","attributes":{attributes}}}}}"#);
    let made = shop.bearer(&customer).send("POST", "/preferences", Some(&body(r#"{"mails":true}"#))).await;
    let (path, seen) = (made.created_path(), made.text_of("etag"));
    let known = office.bearer(&user).get(&path).await.text_of("etag");
    let change = body(r#"{"segment":"early"}"#);
    let changed = office.bearer(&user).header("if-match", &known).send("PATCH", &path, Some(&change)).await;
    changed.is_documented("update-preferences", 200);
    assert_ne!(changed.text_of("etag"), known);
    office.bearer(&user).header("if-match", &known).send("PATCH", &path, Some(&change)).await.is(412, "006");
    // The clock of tests stands still: but for the segment, nothing is another.
    assert_eq!(shop.bearer(&customer).get("/preferences/mine").await.text_of("etag"), seen);
    let own = body(r#"{"theme":"dark"}"#);
    shop.bearer(&customer).header("if-match", &seen).send("PATCH", "/preferences/mine", Some(&own)).await.is_ok(200);
}

#[actix_web::test]
async fn mine_is_what_the_version_that_serves_has() {
    let app = TestApp::new(Fixture::parts("storefront")).await;
    let token = app.token(&Fixture::caller("storefront", 1));
    let body = r#"{"data":{"type":"cards","attributes":{"text":"Hello"}}}"#;
    app.bearer(&token).send("POST", "/v1.0/cards", Some(body)).await.is_ok(201);
    app.bearer(&token).send("POST", "/v1.0/cards", Some(body)).await.is(409, "9071");
    assert!(app.bearer(&token).get("/v1.0/cards/mine").await.at("/data").is_array(), "the collection");
    for path in ["/v2.0/cards/mine", "/cards/mine"] {
        app.bearer(&token).get(path).await.is_documented("get-cards-v2.0", 200);
    }
    app.bearer(&token).send("DELETE", "/v2.0/cards/mine", None).await.is_ok(204);
    app.bearer(&token).get("/v2.0/cards/mine").await.is(404, "9072");
}

#[actix_web::test]
async fn a_name_that_an_application_does_not_know_is_like_any_other() {
    let shop = TestApp::new(Fixture::parts("storefront")).await;
    let office = TestApp::new(TestParts { database: shop.database.clone(), ..Fixture::parts("backend") }).await;
    let (customer, user) = (shop.token(&Fixture::caller("storefront", 1)), office.token(&Fixture::caller("backend", 1)));
    let twice = r#"{"data":{"type":"preferences","attributes":{"mails":true,"segment":"a","segment":"b","odd":1,"odd":2}}}"#;
    let path = shop.bearer(&customer).send("POST", "/preferences", Some(twice)).await.created_path();
    office.bearer(&user).send("PATCH", &path, Some(twice)).await.is_refused(400, None);
    let fact = r#"{"name":"F","source":"S"}"#;
    office.bearer(&user).send("POST", "/facts", Some(fact)).await.is_ok(201);
    assert!(office.bearer(&user).get("/facts").await.text.contains("\"source\":\"S\""));
    let shown = shop.bearer(&customer).get("/facts").await;
    shown.is_ok(200);
    assert!(shown.text.contains("\"F\"") && !shown.text.contains("source"), "{}", shown.text);
}
