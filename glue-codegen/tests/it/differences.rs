//! What became of a contract, one edit at a time.

use std::fs;

use glue_codegen::differences::{self, Effect};
use serde_json::{Value, json};

use crate::project::repository;

fn document() -> Value {
    let text = fs::read_to_string(repository().join("openapi/storefront.json")).expect("the document");
    serde_json::from_str(&text).expect("JSON")
}

/// The differences after an edit, as lines without the application.
fn after(edit: impl FnOnce(&mut Value)) -> Vec<String> {
    let (old, mut new) = (document(), document());
    edit(&mut new);
    differences::between(&old, &new)
        .iter()
        .map(|of| format!("{} {}: {}", of.effect.as_str(), of.operation, of.what))
        .collect()
}

fn set(pointer: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |document| *document.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value
}

fn add(pointer: &'static str, key: &'static str, value: Value) -> impl FnOnce(&mut Value) {
    move |document| {
        let object = document.pointer_mut(pointer).and_then(Value::as_object_mut);
        object.unwrap_or_else(|| panic!("no object at {pointer}")).insert(key.into(), value);
    }
}

fn remove(pointer: &'static str, key: &'static str) -> impl FnOnce(&mut Value) {
    move |document| {
        let object = document.pointer_mut(pointer).and_then(Value::as_object_mut);
        object.and_then(|object| object.remove(key)).unwrap_or_else(|| panic!("no {key} at {pointer}"));
    }
}

const CREATE: &str = "/components/schemas/CreateWishlist";
const SHOWN: &str = "/components/schemas/Wishlist";

#[test]
fn a_document_is_the_same_as_itself() {
    assert_eq!(after(|_| {}), [""; 0]);
}

#[test]
fn operations_come_and_go() {
    assert_eq!(after(remove("/paths/~1wishlists", "post")), ["breaking POST /wishlists: the operation is gone"]);
    let (old, mut new) = (document(), document());
    remove("/paths/~1wishlists", "post")(&mut new);
    assert_eq!(differences::between(&new, &old)[0].effect, Effect::Additive);
}

#[test]
fn the_name_of_a_path_parameter_is_no_part_of_the_contract() {
    let renamed = after(|document| {
        let paths = document["paths"].as_object_mut().expect("paths");
        let item = paths.remove("/wishlists/{wishlistId}").expect("the path");
        paths.insert("/wishlists/{id}".into(), item);
    });
    assert_eq!(renamed, [""; 0]);
}

#[test]
fn protection_is_tightened_and_loosened() {
    let tightened = after(set("/paths/~1stores/get/security", json!([{ "customer": [] }])));
    assert_eq!(tightened, ["breaking GET /stores: protection is tightened: a token is needed"]);
    let loosened = after(set("/paths/~1wishlists/post/security", json!([])));
    assert_eq!(loosened, ["additive POST /wishlists: protection is loosened: nobody needs a token any more"]);
}

#[test]
fn parameters_break_when_they_are_demanded_or_gone() {
    let demanded = after(set("/paths/~1wishlists/post/parameters/1/required", json!(true)));
    assert_eq!(demanded, ["breaking POST /wishlists: the query parameter `include` is required"]);
    let gone = after(set("/paths/~1wishlists/post/parameters", json!([])));
    assert_eq!(gone.iter().filter(|line| line.starts_with("breaking")).count(), 4, "{gone:#?}");
}

#[test]
fn what_is_sent_may_only_become_wider() {
    let path = "breaking POST /wishlists: `data.attributes";
    let of = |edit: Vec<String>| edit.into_iter().filter(|line| !line.starts_with("docs")).collect::<Vec<_>>();
    let narrower = after(set("/components/schemas/CreateWishlist/properties/name/maxLength", json!(80)));
    assert_eq!(of(narrower), [format!("{path}.name`: maxLength is 80")]);
    let wider = after(set("/components/schemas/CreateWishlist/properties/name/maxLength", json!(800)));
    assert_eq!(of(wider), ["additive POST /wishlists: `data.attributes.name`: maxLength is 800"]);
    let typed = after(set("/components/schemas/CreateWishlist/properties/name/type", json!("integer")));
    assert_eq!(of(typed), [format!("{path}.name` is of type integer, and was string")]);
    let demanded = after(|document| {
        add("/components/schemas/CreateWishlist/properties", "colour", json!({ "type": "string" }))(document);
        set("/components/schemas/CreateWishlist/required", json!(["name", "colour"]))(document);
    });
    assert_eq!(of(demanded), [format!("{path}.colour` is required")]);
    let offered = after(add("/components/schemas/CreateWishlist/properties", "colour", json!({ "type": "string" })));
    assert_eq!(of(offered), ["additive POST /wishlists: `data.attributes.colour` is new"]);
    assert!(document().pointer(CREATE).is_some());
}

#[test]
fn what_is_answered_may_only_become_more() {
    let gone = after(remove("/components/schemas/Wishlist/properties", "name"));
    assert!(gone.iter().all(|line| line.starts_with("breaking")) && gone.len() >= 3, "{gone:#?}");
    let more = after(add("/components/schemas/Wishlist/properties", "colour", json!({ "type": "string" })));
    assert!(more.iter().all(|line| line.starts_with("additive") && line.ends_with(".colour` is new")), "{more:#?}");
    let null = after(set("/components/schemas/Wishlist/properties/name/type", json!(["string", "null"])));
    assert!(null.iter().all(|line| line.starts_with("breaking") && line.ends_with("name` can be null")), "{null:#?}");
    assert!(document().pointer(SHOWN).is_some());
}

#[test]
fn codes_and_statuses_are_counted_on() {
    let gone =
        after(remove("/paths/~1wishlists/post/responses/400/content/application~1vnd.api+json/examples", "duplicate"));
    assert_eq!(gone, ["breaking POST /wishlists: the code 202 of status 400 is gone"]);
    let status = after(remove("/paths/~1wishlists/post/responses", "422"));
    assert_eq!(status, ["breaking POST /wishlists: the status 422 is gone"]);
    let new = after(add("/paths/~1wishlists/post/responses", "409", json!({})));
    assert_eq!(new, ["additive POST /wishlists: the status 409 is new"]);
}

#[test]
fn words_are_words() {
    let words = after(set("/paths/~1wishlists/post/summary", json!("Another.")));
    assert_eq!(words, ["docs-only POST /wishlists: another summary"]);
    let (old, mut new) = (document(), document());
    set("/paths/~1wishlists/post/summary", json!("Another."))(&mut new);
    let note = differences::markdown("storefront", &differences::between(&old, &new));
    assert_eq!(note, "\n### storefront: docs-only\n\n- `POST /wishlists`: another summary\n");
}
