//! A workspace of a team's own, by the command line alone. That it compiles, serves and passes its tests is shown by
//! `tests/team/run`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::project::repository;

fn glue(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_glue")).current_dir(root).args(arguments).output().expect("glue")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeeds(root: &Path, arguments: &[&str]) -> String {
    let output = glue(root, arguments);
    assert!(output.status.success(), "glue {}: {}", arguments.join(" "), said(&output));
    said(&output)
}

fn fails(root: &Path, arguments: &[&str]) -> String {
    let output = glue(root, arguments);
    assert_eq!(output.status.code(), Some(1), "glue {}: {}", arguments.join(" "), said(&output));
    said(&output)
}

fn replace(root: &Path, file: &str, old: &str, new: &str) {
    let text = fs::read_to_string(root.join(file)).expect(file);
    assert!(text.contains(old), "{file} has no {old}");
    fs::write(root.join(file), text.replace(old, new)).expect(file);
}

/// A workspace as `glue new` begins it, in a folder that goes with it.
fn shop() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let framework = format!("path:{}", repository().display());
    succeeds(folder.path(), &["new", "shop", "--framework", &framework]);
    let shop = folder.path().join("shop");
    (folder, shop)
}

/// The files below a folder, with their texts, without what cargo writes.
fn files(root: &Path) -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, found);
            } else if !path.ends_with("Cargo.lock") {
                let name = path.strip_prefix(root).expect("inside").display().to_string();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    let mut found = Vec::new();
    walk(root, root, &mut found);
    found.sort();
    found
}

const REVIEWS: [&str; 9] =
    ["scaffold", "reviews", "rating:int!", "title:string!", "body:text", "--owner", "customer", "--public", "list,get"];

#[test]
fn a_team_begins_changes_and_is_told_what_is_missing() {
    let (_folder, shop) = shop();
    let shop = shop.as_path();
    succeeds(shop, &REVIEWS);
    let definition = "resources/reviews/definitions/reviews.resource.yml";
    assert!(fs::read_to_string(shop.join(definition)).expect("a definition").lines().count() <= 30);
    succeeds(shop, &["scaffold", "review-answers", "text:text!", "state:enum(new,shown)!", "--parent", "reviews"]);
    assert!(succeeds(shop, &["check"]).contains("no problem, no drift"));

    // Nothing is overwritten, and nothing is half done.
    let before = files(shop);
    let again = said(&glue(shop, &REVIEWS));
    assert!(again.contains("there is a resource `reviews` already"), "{again}");
    assert!(files(shop) == before, "a refused scaffold changed something");

    // A new attribute is drift until there is a migration for it.
    replace(shop, definition, "    createdAt:", "    pros:      { type: text, nullable: true }\n    createdAt:");
    let drift = fails(shop, &["check"]);
    assert!(drift.contains("error[G0613]: migrations do not make it: add column review.pros"), "{drift}");
    succeeds(shop, &["migrate"]);
    succeeds(shop, &["generate"]);
    succeeds(shop, &["check"]);
    let up = fs::read_to_string(shop.join("migrations/sqlite/1004_review_pros/up.sql")).expect("a migration");
    assert_eq!(up, "ALTER TABLE review ADD COLUMN pros TEXT;\n");

    // What rows do not survive, and what loses them, is refused.
    replace(shop, definition, "pros:      { type: text, nullable: true }", "pros:      { type: text, required: true }");
    let refused = fails(shop, &["migrate"]);
    assert!(refused.contains("error[G0611]: review.pros") && refused.contains("next release"), "{refused}");
    replace(shop, definition, "    pros:      { type: text, required: true }\n", "");
    let refused = fails(shop, &["migrate"]);
    assert!(refused.contains("error[G0612]: drop column review.pros"), "{refused}");
    succeeds(shop, &["migrate", "--allow-destructive"]);

    // Another name on the wire asks for no migration; hand-written behaviour begins with its default.
    succeeds(shop, &["generate"]);
    succeeds(shop, &["rename", "reviews.title", "heading"]);
    let text = fs::read_to_string(shop.join(definition)).expect("the definition");
    assert!(
        text.contains("heading:") && text.contains("column: title") && text.contains("sort: [rating, heading"),
        "{text}"
    );
    succeeds(shop, &["check"]);
    // Reviews are shown to everybody, so that no test of behaviour by hand tells whose a new one is: people say so.
    let asked = fails(shop, &["scaffold", "--impl", "reviews.update"]);
    assert!(asked.contains("[G0211]") && asked.contains("`post: { owner: unchecked, because: … }`"), "{asked}");
    let because = "post: { owner: unchecked, because: everybody sees reviews }";
    replace(shop, definition, "    post:\n", &format!("    {because}\n"));
    succeeds(shop, &["generate"]);
    succeeds(shop, &["check"]);
    let again = said(&glue(shop, &["scaffold", "--impl", "reviews.delete"]));
    assert!(again.contains("resources/reviews/src/reviews.rs is there already"), "{again}");

    // An import that cannot be leaves everything as it was, also a crate whose name begins alike.
    let foreign = shop.join("foreign");
    fs::create_dir(&foreign).expect("a folder");
    let note = "resource:\n  name: Notes\n  shortName: note\n  operations: [{ type: Get }]\n";
    fs::write(foreign.join("note.resource.yml"), note).expect("a file");
    let before = files(shop);
    let refused = said(&glue(shop, &["import", "spryker", "foreign", "--crate", "note"]));
    assert!(refused.contains("nothing of it could be kept"), "{refused}");
    assert!(files(shop) == before, "{refused}");
    fs::remove_dir_all(&foreign).expect("the folder");

    // Who is referred to stays; what people wrote of the other is moved, and its table stays until somebody says so.
    let kept = said(&glue(shop, &["remove", "reviews"]));
    assert!(kept.contains("`review-answers` leads to `reviews`"), "{kept}");
    succeeds(shop, &["remove", "review-answers"]);
    let gone = succeeds(shop, &["remove", "reviews"]);
    assert!(gone.contains("to removed/resources/reviews/src\n") && gone.contains("drop table review,"), "{gone}");
    assert!(shop.join("removed/resources/reviews/src/reviews.rs").exists(), "{gone}");
    assert!(shop.join("removed/resources/reviews/definitions/review-answers.resource.yml").exists(), "{gone}");
    assert!(!fs::read_to_string(shop.join("Cargo.toml")).expect("a manifest").contains("reviews"), "{gone}");
    succeeds(shop, &["migrate", "--allow-destructive"]);
    succeeds(shop, &["check"]);
}

/// A layer over a module: the resource, and what the layer says of it.
fn layer(root: &Path, kind: &str, says: &str) {
    let path = root.join("resources/notes/definitions").join(format!("{kind}.resource.yml"));
    fs::write(path, format!("override:\n  type: {kind}\n{says}")).expect("a layer");
}

/// What stands in a row is a team's to change, also of a module whose code it does not own: the application mounts it so.
#[test]
fn a_layer_changes_the_rows_of_a_module() {
    let (_folder, shop) = shop();
    let shop = shop.as_path();
    let wishlists = "  summary: Lists of things to buy.
  remove: [verbs.delete]
  verbs: { list: { scopes: [customer, company_user] } }
  errors:
    notFound: { status: 410, code: \"2001\", detail: This list is gone. }
    duplicate: { status: 409, german: Den gibt es schon. }
    nameInvalid: { statusOn: { patch: 400 } }
";
    layer(shop, "wishlists", wishlists);
    let stores = "  verbs:
    get: { protected: true, cache: { seconds: 60 } }
    list: { deprecated: { since: 2026-01-31, until: 2026-12-31, instead: the other one } }
";
    layer(shop, "stores", stores);
    layer(shop, "customers", "  remove: [apps.backend]\n");
    succeeds(shop, &["generate"]);
    let routes = succeeds(shop, &["routes", "--format", "tsv"]);
    assert!(routes.contains("storefront\tGET\t/stores/{storeId}\tprotected\t"), "{routes}");
    assert!(routes.contains("storefront\tGET\t/wishlists\tprotected\tcustomer company_user\t"), "{routes}");
    assert!(!routes.contains("DELETE\t/wishlists/{wishlistId}\t"), "{routes}");
    assert!(!routes.contains("backend\tGET\t/customers\t"), "{routes}");
    let read = |path: &str| fs::read_to_string(shop.join(path)).expect(path);
    insta::assert_snapshot!("layered_storefront", read("resources/storefront/src/generated.rs"));
    assert!(!read("resources/backend/src/generated.rs").contains("customers::generated"));
    assert!(succeeds(shop, &["check"]).contains("no problem, no drift"));

    // Without the layers everything is as the modules have it.
    for kind in ["wishlists", "stores", "customers"] {
        fs::remove_file(shop.join(format!("resources/notes/definitions/{kind}.resource.yml"))).expect("a layer");
    }
    succeeds(shop, &["generate"]);
    assert!(!read("resources/storefront/src/generated.rs").contains("RouteDef"));
}

/// What a module's code would have to follow is refused: the code stays as it is.
#[test]
fn a_layer_changes_no_code_of_a_module() {
    let (_folder, shop) = shop();
    let shop = shop.as_path();
    let layer_of = |says: &str| format!("  {says}\n");
    let looser = |says: &str| format!("  because: everybody does\n{says}");
    let asked = [
        ("wishlists", "  attributes: { name: { max: 80 } }\n".to_owned(), "other code: attributes.rs"),
        ("wishlists", "  attributes: { name: { description: Its name. } }\n".to_owned(), "other code: attributes.rs"),
        ("wishlists", "  attributes: { colour: { type: string, nullable: true } }\n".to_owned(), "other code: "),
        (
            "wishlists",
            looser("  verbs: { list: { protected: false, owner: none } }\n"),
            "a handler of `list` that expects other callers",
        ),
        ("wishlists", looser("  verbs: { get: { owner: none } }\n"), "another owner of `get`"),
        ("wishlists", "  list: { page: { default: 10 } }\n".to_owned(), "another query of `list`"),
        ("stores", "  apps: { backend: {} }\n".to_owned(), "further operations in the backend"),
        (
            "stores",
            layer_of("errors: { closed: { status: 410, code: \"9999\", detail: Closed., on: [get] } }"),
            "other errors",
        ),
        ("stores", layer_of("errors: { notFound: { on: [list] } }"), "other errors of `list`"),
        ("customer-restore-password", layer_of("remove: [errors.busy]"), "other errors than"),
        ("wishlists", layer_of("errors: { notFound: { detail: Not %this%., samples: { this: it } } }"), "texts that"),
        (
            "wishlists",
            layer_of("verbs: { delete: { factorCode: required } }"),
            "a handler of `delete` that looks at the code",
        ),
        (
            "customer-password",
            looser("  verbs: { patch: { factorCode: required } }\n"),
            "a handler of `patch` that looks at",
        ),
        ("wishlists", looser("  verbs: { get: { guest: true } }\n"), "a handler of `get` that knows of agents"),
        (
            "stores",
            layer_of("remove: [verbs.get.protected]\n  verbs: { get: { client: required } }"),
            "a handler of `get` that expects",
        ),
        ("addresses", layer_of("remove: [verbs.get, verbs.list]"), "rows that answers of others include"),
    ];
    for (kind, says, told) in asked {
        layer(shop, kind, &says);
        let refused = fails(shop, &["check"]);
        let expected = format!("error[G0305]: `{kind}` is a module's, and this layer asks for {told}");
        assert!(refused.contains(&expected), "{says}{refused}");
        fs::remove_file(shop.join(format!("resources/notes/definitions/{kind}.resource.yml"))).expect("a layer");
    }
}

/// What is said of an application that the workspace has not is told, and a tightening never lost in silence; nor is the
/// second factor taken out of the guard without a reason.
#[test]
fn a_layer_over_a_module_is_read_to_its_end() {
    let (_folder, shop) = shop();
    let shop = shop.as_path();
    layer(shop, "stores", "  apps: { storefrnt: { scopes: [nonsense] } }\n");
    let refused = fails(shop, &["check"]);
    assert!(refused.contains("error[G0206]: unknown application `storefrnt`"), "{refused}");
    fs::remove_file(shop.join("resources/notes/definitions/stores.resource.yml")).expect("a layer");
    layer(shop, "customer-password", "  verbs: { patch: { factorCode: required } }\n");
    let refused = fails(shop, &["check"]);
    assert!(
        refused.contains("error[G0304]") && refused.contains("leaves the second factor to its behaviour"),
        "{refused}"
    );
}

/// The crates of a workspace below `resources/`.
fn crates(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root.join("resources")).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What a team cannot say of a module it says of its own copy: one crate of a name is left in the graph, its tables are
/// known to be there, and what was refused changes nothing.
#[test]
fn a_module_becomes_a_teams_own() {
    let (_folder, shop) = shop();
    let shop = shop.as_path();
    let before = files(shop);
    let unknown = said(&glue(shop, &["adopt", "orders"]));
    assert!(unknown.contains("no module is called `orders`"), "{unknown}");
    let kit = said(&glue(shop, &["adopt", "auth-rest-api"]));
    assert!(kit.contains("the application kit is compiled against `auth-rest-api`"), "{kit}");
    assert!(files(shop) == before, "a refused adoption changed something");

    let told = succeeds(shop, &["adopt", "customers"]);
    assert!(told.contains("resources/customers is yours from now on"), "{told}");
    assert!(told.contains("resources/reference-storefront too: it is compiled against `customers`"), "{told}");
    let owned =
        ["oauth-company-user-connector", "oauth-customer-connector", "reference-backend", "reference-storefront"];
    let owned = [&["backend", "customers", "demo", "notes"], &owned[..], &["schema", "storefront"]].concat();
    assert_eq!(crates(shop), owned);
    let settings = fs::read_to_string(shop.join("glue.toml")).expect("glue.toml");
    assert!(
        settings.contains(r#"modules = ["auth-rest-api", "multi-factor-auth", "stores", "wishlists"]"#),
        "{settings}"
    );
    succeeds(shop, &["check"]);

    // What depends on an adopted crate is the workspace's own by now.
    let told = succeeds(shop, &["adopt", "wishlists"]);
    assert!(told.contains("resources/wishlists is yours from now on") && !told.contains("too:"), "{told}");
    let again = said(&glue(shop, &["adopt", "wishlists"]));
    assert!(again.contains("no module is called `wishlists`"), "{again}");

    // From then on it is a definition like any other.
    let definition = "resources/customers/definitions/customers.resource.yml";
    let nickname = "    nickname: { type: string, nullable: true, max: 50 }\n    createdAt:";
    replace(shop, definition, "    createdAt:", nickname);
    let told = succeeds(shop, &["migrate"]);
    assert!(told.contains("add column spy_customer.nickname"), "{told}");
    succeeds(shop, &["generate"]);
}

/// A column of the team's refers to a module's rows without a foreign key: there is no telling when that could be made.
#[test]
fn what_is_referred_to_or_in_the_way_stays_a_module() {
    let (_folder, shop) = shop();
    let (shop, definition) = (shop.as_path(), "resources/notes/definitions/notes.resource.yml");
    replace(
        shop,
        definition,
        "    body:",
        "    wishlist: { type: uuid, nullable: true, references: wishlists }\n    body:",
    );
    let row = "  errors:\n    unknownReference: { status: 422, code: \"10009\", detail: No such wishlist. }\n";
    replace(shop, definition, "  errors:\n", row);
    let pending = said(&glue(shop, &["adopt", "wishlists"]));
    assert!(
        pending.contains("first `cargo glue migrate`: the migrations do not add column note.wishlist"),
        "{pending}"
    );
    succeeds(shop, &["migrate"]);
    let refused = said(&glue(shop, &["adopt", "wishlists"]));
    assert!(refused.contains("`notes` refers to it"), "{refused}");
    assert!(!shop.join("resources/wishlists").exists(), "{refused}");

    // Nothing is overwritten, and no second crate of a name can be.
    let twin = said(&glue(shop, &["scaffold", "demos", "name:string!", "--crate", "demo"]));
    assert!(twin.contains("a crate called `demo` is compiled in already"), "{twin}");
    fs::create_dir_all(shop.join("resources/demo/src")).expect("a folder");
    fs::write(shop.join("resources/demo/src/lib.rs"), "").expect("a file");
    fs::write(shop.join("resources/demo/Cargo.toml"), "[package]\nname = \"shop-demo\"\n").expect("a file");
    let before = files(shop);
    let taken = said(&glue(shop, &["adopt", "stores"]));
    assert!(taken.contains("resources/demo is there already"), "{taken}");
    assert!(files(shop) == before, "{taken}");
}

#[test]
fn two_folders_begin_with_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let framework = format!("path:{}", repository().display());
    let made = ["one", "two"].map(|name| {
        let place = folder.path().join(name);
        fs::create_dir(&place).expect("a folder");
        succeeds(&place, &["new", "shop", "--framework", &framework]);
        succeeds(&place.join("shop"), &REVIEWS);
        files(&place.join("shop"))
    });
    assert!(made[0] == made[1], "the folder shows in what is written");
}
