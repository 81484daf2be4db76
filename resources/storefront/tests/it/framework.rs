//! reference/framework.md §2.1 to §2.4, §2.7, §4.1, §4.2 and §7.3, row by row: as a running shop answers, and, where that differs, as the
//! documentation promises.

use glue_app::DEMO_PASSWORD;
use glue_core::profile::Profile;
use glue_core::testing::TestApp;
use serde_json::{Value, json};

use crate::fixture::{credentials, login, profiled};
use crate::rows::{BOTH, Row};

const NOT_FOUND: (u16, &str, &str) = (404, "", "Not Found");
const INVALID_BODY: (u16, &str, &str) = (400, "", "Post data is invalid.");
const NO_ID: (u16, &str, &str) = (400, "", "Resource id is not specified.");
const NO_PAGE: (u16, &str, &str) = (400, "", "Pagination parameters are invalid.");
const NOT_ALLOWED: (u16, &str, &str) = (403, "", "Not allowed.");
const BAD_TOKEN: (u16, &str, &str) = (401, "001", "Invalid access token.");

/// A list of Sonia's, and her token.
async fn list(app: &TestApp) -> (String, String) {
    let (token, _) = login(app, "sonia@acme.com").await;
    let created = app.bearer(&token).send("POST", "/wishlists", Some(&wishlist("Kitchen"))).await;
    (token, created.text_at("/data/id"))
}

fn wishlist(name: &str) -> String {
    json!({ "data": { "type": "wishlists", "attributes": { "name": name } } }).to_string()
}

fn preflight(
    what: &'static str,
    path: &str,
    method: &str,
    headers: &str,
    shop: (u16, &'static str, &'static str),
) -> Row {
    Row::new(what, "OPTIONS", path, shop)
        .header("origin", "https://shop.test")
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers)
}

/// Every error of the framework, by its number in §4.1.
#[actix_web::test]
async fn every_error_of_the_framework() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, id) = list(&app).await;
        let item = format!("/wishlists/{id}");
        let get = |what, path: &str, shop| Row::new(what, "GET", path, shop);
        let write =
            |what, method, path: &str, body: &str, shop| Row::new(what, method, path, shop).bearer(&token).body(body);
        let named = wishlist("Office");
        for row in [
            get("O1", "/stores", (501, "", "One or more of the required headers"))
                .method("OPTIONS")
                .documented((200, "", "")),
            get("O2, no number", "/stores?page[offset]=x&page[limit]=1", NO_PAGE),
            get("O2, no limit", "/stores?page[offset]=0&page[limit]=0", NO_PAGE),
            get("O2, below none", "/stores?page[offset]=0&page[limit]=-1", NO_PAGE),
            preflight("O3, method", "/stores", "PUT", "accept", NOT_ALLOWED),
            preflight("O3, header", "/stores", "GET", "x-unknown", NOT_ALLOWED),
            get("O4", "/stores", (406, "", "Not acceptable.")).header("accept", "").documented((200, "", "")),
            get("O5", "/stores", (415, "", "Unsupported media type.")).header("content-type", ""),
            get("O6", "/stores", (415, "", "Unsupported Media Type")).header("accept", "application/vnd.api+xml"),
            get("O7, type", "/nothing", NOT_FOUND),
            get("O7, verb", "/stores", NOT_FOUND).method("PUT"),
            get("O7, no such verb of the type", "/stores/DE", NOT_FOUND).method("DELETE"),
            get("O7, parent", "/stores/DE/wishlists", NOT_FOUND),
            get("O7, version", "/v9.0/stores", NOT_FOUND),
            write("O7, POST with an id", "POST", &item, &named, NOT_FOUND),
            get("O7, nothing at all", "/", NOT_FOUND),
            write(
                "O8",
                "POST",
                "/wishlists",
                r#"{"data":{"type":"lists","attributes":{"name":"x"}}}"#,
                (400, "", "Invalid type."),
            ),
            write("O9, no body", "POST", "/wishlists", "", INVALID_BODY),
            write("O9, half a body", "POST", "/wishlists", r#"{"data""#, INVALID_BODY),
            write("O9, no data", "POST", "/wishlists", "{}", INVALID_BODY),
            write("O9, no type", "POST", "/wishlists", r#"{"data":{"attributes":{}}}"#, INVALID_BODY),
            write("O9, no attributes", "POST", "/wishlists", r#"{"data":{"type":"wishlists"}}"#, INVALID_BODY),
            write("O10, PATCH", "PATCH", "/wishlists", &named, NO_ID),
            write("O10, DELETE", "DELETE", "/wishlists/", "", NO_ID),
            write("O10, of a parent", "DELETE", "/wishlists//wishlist-items/x", "", NO_ID),
            get("O12", "/stores", (400, "005", "A user can't act as logged and not logged user at the same time."))
                .bearer(&token)
                .header("x-anonymous-customer-unique-id", "guest"),
            write(
                "O13, missing",
                "POST",
                "/wishlists",
                r#"{"data":{"type":"wishlists","attributes":{}}}"#,
                (422, "901", "name => This field is missing."),
            ),
            write("O15", "PATCH", &item, &named, (412, "006", "If-Match header value is invalid."))
                .header("if-match", "another"),
            get("O16", "/stores?currency=XXX", (400, "313", "Currency is invalid.")),
            get("O17", "/stores?priceMode=FREE", (400, "314", "Price mode is invalid.")),
            get("O20", "/wishlists", (403, "002", "Missing access token.")).documented((
                401,
                "002",
                "Missing access token.",
            )),
            get("O21, a public verb", "/stores", BAD_TOKEN).bearer("x"),
            get("O21, a protected one", "/wishlists", BAD_TOKEN).bearer("x"),
            get("O24", "/stores/XX", (404, "601", "Store not found.")),
        ] {
            row.check(&app, profile).await;
        }
    }
}

/// Which error wins, pair by pair, in the order of §4.2.
#[actix_web::test]
async fn which_error_wins() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, id) = list(&app).await;
        let row = |what, method, path: &str, shop| Row::new(what, method, path, shop);
        let nameless = r#"{"data":{"type":"wishlists","attributes":{}}}"#;
        let mistyped = r#"{"data":{"type":"x","attributes":{}}}"#;
        for row in [
            row("O1 before O2", "OPTIONS", "/stores?page[limit]=x", (501, "", "One or more")).documented(NO_PAGE),
            preflight("O2 before O3", "/stores?page[limit]=x", "PUT", "accept", NO_PAGE),
            row("O3 before O4", "GET", "/stores", NOT_ALLOWED)
                .header("access-control-request-method", "PUT")
                .header("accept", ""),
            row("O4 before O5", "GET", "/stores", (406, "", ""))
                .header("accept", "")
                .header("content-type", "")
                .documented((415, "", "")),
            row("O5 before O7", "GET", "/nothing", (415, "", "Unsupported media type.")).header("content-type", ""),
            row("O7 before O8", "POST", "/nothing", NOT_FOUND).body(mistyped),
            row("O8 before O10", "PATCH", "/wishlists", (400, "", "Invalid type.")).body(mistyped),
            row("O9 before O10", "PATCH", "/wishlists", INVALID_BODY).body("{}"),
            row("O10 before O12", "PATCH", "/wishlists", NO_ID)
                .body(nameless)
                .bearer("x")
                .header("x-anonymous-customer-unique-id", "guest"),
            row("O12 before O21", "GET", "/wishlists", (400, "005", ""))
                .bearer("x")
                .header("x-anonymous-customer-unique-id", "guest"),
            row("O21 before O13", "POST", "/wishlists", BAD_TOKEN).body(nameless).bearer("x"),
            row("O20 before O13", "POST", "/wishlists", (403, "002", "")).body(nameless).documented((401, "002", "")),
            row("O13 before O16", "POST", "/wishlists?currency=XXX", (422, "901", "")).body(nameless).bearer(&token),
            row("O16 before O17", "GET", "/wishlists?currency=XXX&priceMode=FREE", (400, "313", "")).bearer(&token),
            row("O17 before O15", "PATCH", &format!("/wishlists/{id}?priceMode=FREE"), (400, "314", ""))
                .body(&wishlist("Office"))
                .bearer(&token)
                .header("if-match", "another"),
        ] {
            row.check(&app, profile).await;
        }
    }
}

/// §2.7: which windows a window of five lists links to.
#[actix_web::test]
async fn windows_link_to_each_other() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, _) = login(&app, "sonia@acme.com").await;
        let client = app.bearer(&token).header("accept", "*/*");
        for name in ["A", "B", "C", "D", "E"] {
            client.send("POST", "/wishlists", Some(&wishlist(name))).await.is_ok(201);
        }
        for (offset, limit, [last, first, prev, next]) in [
            (0, 2, [Some(4), Some(0), None, Some(2)]),
            (1, 2, [Some(4), Some(0), Some(0), Some(3)]),
            (2, 2, [Some(4), Some(0), Some(0), Some(4)]),
            (4, 2, [Some(4), Some(0), Some(2), None]),
            (0, 5, [Some(0), Some(0), None, None]),
            (0, 9, [Some(0), Some(0), None, None]),
            (9, 2, [None; 4]),
        ] {
            let answer = client.get(&format!("/wishlists?sort=name&page[offset]={offset}&page[limit]={limit}")).await;
            answer.is_documented("get-collection-of-wishlists", 200);
            for (name, to) in [("last", last), ("first", first), ("prev", prev), ("next", next)] {
                let link =
                    to.map(|to| format!("http://glue.test/wishlists?sort=name&page[offset]={to}&page[limit]={limit}"));
                let there = answer.at(&format!("/links/{name}"));
                assert_eq!(there.as_str(), link.as_deref(), "{name} of {offset}, {limit}");
            }
        }
        // A window needs both members.
        let alone = client.get("/wishlists?page[limit]=2").await;
        assert_eq!((alone.at("/data").as_array().map(Vec::len), alone.at("/links/next")), (Some(5), &Value::Null));
    }
}

/// §7.3: what every answer carries, whatever it is.
#[actix_web::test]
async fn every_answer_carries_the_headers() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, id) = list(&app).await;
        let client = app.bearer(&token).header("accept", "*/*");
        let item = format!("/wishlists/{id}");
        for (method, path, body, status) in [
            ("GET", item.as_str(), None, 200),
            ("GET", "/nothing", None, 404),
            ("POST", "/wishlists", Some("{}"), 400),
            ("POST", "/wishlists", Some(r#"{"data":{"type":"wishlists","attributes":{}}}"#), 422),
            ("DELETE", item.as_str(), None, 204),
            ("TRACE", "/stores", None, 405),
        ] {
            let answer = client.send(method, path, body).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
            for (name, value) in [
                ("x-frame-options", "SAMEORIGIN"),
                ("content-security-policy", "frame-ancestors 'self'"),
                ("x-content-type-options", "nosniff"),
                ("x-xss-protection", "1; mode=block"),
                ("referrer-policy", "same-origin"),
                ("permissions-policy", ""),
                ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
            ] {
                assert_eq!(answer.text_of(name), value, "{method} {path}");
            }
        }
    }
}

/// A change of which nothing can be written changes nothing, and only one profile says so.
#[actix_web::test]
async fn a_change_of_what_is_only_read_is_refused_where_the_documentation_counts() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, _) = login(&app, "sonia@acme.com").await;
        let client = app.bearer(&token).header("accept", "*/*");
        let address = json!({
            "salutation": "Ms", "firstName": "Sonia", "lastName": "Wagner", "address1": "Kirncher Str.", "address2": "7",
            "zipCode": "10247", "city": "Berlin", "iso2Code": "DE", "isDefaultShipping": false, "isDefaultBilling": false,
        });
        let send = async |method: &str, path: &str, attributes: Value| {
            let body = json!({ "data": { "type": "addresses", "attributes": attributes } }).to_string();
            client.send(method, path, Some(&body)).await
        };
        let path = send("POST", "/customers/DE--21/addresses", address).await.created_path();
        let refused = send("PATCH", &path, json!({ "country": "Atlantis" })).await;
        match profile {
            Profile::Documented => {
                refused.is(422, "901");
                assert_eq!(refused.text_at("/errors/0/detail"), "country => This field was not expected.");
            }
            Profile::Spryker => assert_eq!(refused.is_ok(200).text_at("/data/attributes/country"), "Germany"),
        }
        // Beside what can be written, and beside what nobody knows, it is left alone in both.
        let both = send("PATCH", &path, json!({ "country": "Atlantis", "city": "Hamburg" })).await;
        assert_eq!(both.is_ok(200).text_at("/data/attributes/city"), "Hamburg");
        send("PATCH", &path, json!({ "planet": "Mars" })).await.is_ok(200);
    }
}

/// §2.1 to §2.4: documents, whole.
#[actix_web::test]
async fn documents_are_the_contracts() {
    for profile in BOTH {
        let app = profiled(profile).await;
        let (token, _) = login(&app, "sonia@acme.com").await;
        let client = app.bearer(&token).header("accept", "*/*");
        let base = "http://glue.test";
        for (path, body) in [
            ("/wishlists", json!({ "data": [], "links": { "self": format!("{base}/wishlists") } })),
            ("/wishlists/mine", json!({ "data": [], "links": { "self": format!("{base}/wishlists/mine") } })),
            ("/wishlists?a=%2F&b=1", json!({ "data": [], "links": { "self": format!("{base}/wishlists?a=/&b=1") } })),
            (
                "/customers/DE--21/addresses?x",
                json!({ "data": [], "links": { "self": format!("{base}/customers/DE--21/addresses?x=") } }),
            ),
        ] {
            assert_eq!(client.get(path).await.json, body, "{path}");
        }

        let created = client.send("POST", "/wishlists", Some(&wishlist("Kitchen"))).await;
        let id = created.text_at("/data/id");
        let resource = |query: &str| {
            let [created_at, updated_at] =
                ["createdAt", "updatedAt"].map(|name| created.at(&format!("/data/attributes/{name}")));
            json!({
                "type": "wishlists",
                "id": id,
                "attributes": { "name": "Kitchen", "numberOfItems": 0, "createdAt": created_at, "updatedAt": updated_at },
                "links": { "self": format!("{base}/wishlists/{id}{query}") },
            })
        };
        let sparse = |fields: Value| {
            let mut resource = resource("?fields[wishlists]=X");
            let asked = fields.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>().join(","));
            resource["attributes"] = fields;
            resource["links"]["self"] =
                format!("{base}/wishlists/{id}?fields[wishlists]={}", asked.unwrap_or_default()).into();
            resource
        };
        assert_eq!(created.json, json!({ "data": resource("") }));
        for (path, body) in [
            (format!("/wishlists/{id}"), json!({ "data": resource("") })),
            (format!("/wishlists/{id}?x=1"), json!({ "data": resource("?x=1") })),
            (
                "/wishlists".to_owned(),
                json!({ "data": [resource("")], "links": { "self": format!("{base}/wishlists") } }),
            ),
            (
                "/wishlists/mine".to_owned(),
                json!({ "data": [resource("")], "links": { "self": format!("{base}/wishlists/mine") } }),
            ),
            (
                "/wishlists?x=1".to_owned(),
                json!({ "data": [resource("?x=1")], "links": { "self": format!("{base}/wishlists?x=1") } }),
            ),
            (
                format!("/wishlists/{id}?fields[wishlists]=name"),
                json!({ "data": sparse(json!({ "name": "Kitchen" })) }),
            ),
            (format!("/wishlists/{id}?fields[wishlists]="), json!({ "data": sparse(json!({})) })),
        ] {
            assert_eq!(client.get(&path).await.json, body, "{path}");
        }

        // Without an id there is one all the same, and its link ends with the type.
        let door = client.send("POST", "/access-tokens", Some(&credentials("sonia@acme.com", DEMO_PASSWORD))).await;
        assert_eq!(door.at("/data/id"), &Value::Null);
        assert_eq!(
            door.json.pointer("/data").and_then(Value::as_object).map(|data| data.contains_key("id")),
            Some(true)
        );
        assert_eq!(door.text_at("/data/links/self"), format!("{base}/access-tokens"));
        let several = client.send("POST", "/access-tokens", Some(&credentials("", ""))).await;
        let blank = |name: &str| json!({ "status": 422, "code": "901", "detail": format!("{name} => This value should not be blank.") });
        assert_eq!(several.json, json!({ "errors": [blank("username"), blank("password")] }));
        assert_eq!(client.get("/nothing").await.json, json!({ "errors": [{ "status": 404, "detail": "Not Found" }] }));
    }
}
