//! What editors know of definitions is what the reader knows.

use std::collections::BTreeSet;
use std::fs;

use glue_codegen::diagnostic::Problems;
use glue_codegen::json_schema;
use glue_codegen::source::Source;
use glue_codegen::yaml::{self, Node, Value as Yaml};
use serde_json::Value;

use crate::project::repository;

fn schema() -> Value {
    serde_json::from_str(json_schema::RESOURCE).expect("JSON")
}

/// What a part of the schema stands for.
fn resolved<'a>(root: &'a Value, part: &'a Value) -> &'a Value {
    let path = part.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
    path.map_or(part, |path| resolved(root, root.pointer(path).unwrap_or_else(|| panic!("no {path}"))))
}

/// Refuses keys and words that the schema does not have.
fn fits(root: &Value, part: &Value, node: &Node, at: &str) {
    let part = resolved(root, part);
    if ["properties", "additionalProperties", "oneOf", "enum", "items"].iter().all(|key| part.get(*key).is_none()) {
        // Anything: an example.
        return;
    }
    if let Some(several) = part.get("oneOf").and_then(Value::as_array) {
        let is_map = matches!(node.value, Yaml::Map(_));
        let object =
            several.iter().find(|one| ["properties", "additionalProperties"].iter().any(|key| one.get(key).is_some()));
        return if let Some(object) = object.filter(|_| is_map) {
            fits(root, object, node, at)
        };
    }
    match &node.value {
        Yaml::Map(entries) => {
            for entry in entries {
                let known = part.get("properties").and_then(|properties| properties.get(&entry.key));
                let any = part.get("additionalProperties").filter(|any| any.is_object());
                let inside = known.or(any).unwrap_or_else(|| panic!("{at}.{} is not in the schema", entry.key));
                fits(root, inside, &entry.value, &format!("{at}.{}", entry.key));
            }
        }
        Yaml::List(items) => {
            let of = part.get("items").cloned().unwrap_or_default();
            items.iter().for_each(|item| fits(root, &of, item, at));
        }
        Yaml::Text(word) => {
            let words = part.get("enum").and_then(Value::as_array);
            let known = words.is_none_or(|words| words.iter().any(|known| known.as_str() == Some(word)));
            assert!(known, "{at}: `{word}` is not in the schema");
        }
        Yaml::Null | Yaml::Bool(_) | Yaml::Int(_) => {}
    }
}

#[test]
fn every_definition_fits_the_schema() {
    let schema = schema();
    let mut files = Vec::new();
    for folder in [
        "glue-auth/auth-rest-api",
        "glue-auth/multi-factor-auth",
        "resources/customers",
        "resources/stores",
        "resources/wishlists",
        "glue-codegen/tests/features/resources/wishlists",
    ] {
        for entry in fs::read_dir(repository().join(folder).join("definitions")).expect("definitions") {
            let path = entry.expect("an entry").path();
            files.push((path.display().to_string(), fs::read_to_string(&path).expect("a definition")));
        }
    }
    assert!(files.len() > 30, "{}", files.len());
    for (path, text) in files {
        let source = Source::new(path.clone(), text);
        let tree = yaml::parse(&source, &mut Problems::default()).expect("a tree");
        fits(&schema, &schema, &tree, &path);
    }
}

/// Every key of the schema, wherever it stands.
fn keys(part: &Value, found: &mut BTreeSet<String>) {
    for (key, value) in part.as_object().into_iter().flatten() {
        if key == "properties" {
            found.extend(value.as_object().into_iter().flatten().map(|(key, _)| key.clone()));
        }
        keys(value, found);
    }
    part.as_array().into_iter().flatten().for_each(|item| keys(item, found));
}

#[test]
fn the_schema_has_the_keys_that_the_reader_asks_for() {
    let mut said = BTreeSet::new();
    keys(&schema(), &mut said);
    let asks = regex::Regex::new(
        r#"\.(?:get|text|needed|flag|int|words)\("([a-zA-Z]+)"|(?:path|profiles|known_words|asks|together|states)\(&?fields, "([a-zA-Z]+)""#,
    );
    let asks = asks.expect("a pattern");
    let mut asked = BTreeSet::from(["handler", "profiles", "sum", "average"].map(str::to_owned));
    for entry in fs::read_dir(repository().join("glue-codegen/src/definition/read")).expect("sources") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a source");
        asked.extend(
            asks.captures_iter(&text).filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str().to_owned())),
        );
    }
    let missing: Vec<&String> = asked.iter().filter(|key| !said.contains(*key)).collect();
    assert!(missing.is_empty() && asked.len() > 80, "{missing:?} of {}", asked.len());
    let more = ["override", "remove", "because", "delete", "get", "patch", "post"];
    let unread: Vec<&String> =
        said.iter().filter(|key| !asked.contains(*key) && !more.contains(&key.as_str())).collect();
    assert!(unread.is_empty(), "{unread:?} are in the schema and nobody reads them");
}
