//! The house rules of this repository.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use glue_codegen::definition::At;
use glue_codegen::workspace::Workspace;

use crate::project::repository;

/// The crates of ARCHITECTURE.md's table, each with those that it may depend on.
fn direction(architecture: &str) -> BTreeMap<String, BTreeSet<String>> {
    let table = architecture.split("\n## Crates").nth(1).expect("a section").split("\n#").next().unwrap_or_default();
    let names = |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut direction: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = row.split('|').skip(1);
        let (crates, below) = (cells.next().map(names), cells.next().unwrap_or_default());
        let below = match below.trim().strip_prefix("everything above but ") {
            Some(rest) => direction.keys().filter(|name| !names(rest).contains(*name)).cloned().collect(),
            None => names(below),
        };
        direction.extend(crates.expect("names").into_iter().map(|name| (name, below.clone())));
    }
    direction
}

/// What certain crates must not depend on, by name.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("oauth-extension", &["actix-web", "diesel", "jsonwebtoken"]),
    ("oauth", &["actix-web"]),
    ("glue-core", &["jsonwebtoken"]),
    ("auth-rest-api", &["jsonwebtoken", "diesel"]),
    ("glue-codegen", &["actix-web", "diesel"]),
];

fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .expect("cargo metadata");
    serde_json::from_slice(&output.stdout).expect("metadata is JSON")
}

/// Crate → its normal dependencies.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for package in metadata()["packages"].as_array().expect("packages") {
        let normal = package["dependencies"]
            .as_array()
            .expect("dependencies")
            .iter()
            .filter(|dependency| dependency["kind"].is_null());
        let names = normal.map(|dependency| dependency["name"].as_str().expect("a name").to_owned()).collect();
        all.insert(package["name"].as_str().expect("a name").to_owned(), names);
    }
    all
}

#[test]
fn dependencies_point_the_way_the_architecture_says() {
    let all = dependencies();
    let direction = direction(&fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md"));
    assert!(direction.keys().eq(all.keys()), "crates of the table and of the workspace");
    for (name, allowed) in &direction {
        let ours: BTreeSet<String> = all[name].iter().filter(|other| direction.contains_key(*other)).cloned().collect();
        assert!(ours.is_subset(allowed), "{name} depends on {ours:?}, which is more than {allowed:?}");
    }
    for (name, forbidden) in FORBIDDEN {
        for other in *forbidden {
            assert!(!all[*name].contains(*other), "{name} must not depend on {other}");
        }
    }
}

#[test]
fn every_crate_inherits_the_lints_and_stands_in_the_architecture() {
    let architecture = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for package in metadata()["packages"].as_array().expect("packages") {
        let manifest = package["manifest_path"].as_str().expect("a path");
        let text = fs::read_to_string(manifest).expect(manifest);
        assert!(text.contains("[lints]\nworkspace = true"), "{manifest} does not inherit the lints");
        let name = package["name"].as_str().expect("a name");
        assert!(architecture.contains(&format!("`{name}`")), "ARCHITECTURE.md does not know {name}");
    }
}

#[test]
fn there_is_no_ninth_folder() {
    let mut folders: Vec<String> = fs::read_dir(repository())
        .expect("the repository")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && name != "target" && name != "var")
        .collect();
    folders.sort();
    assert_eq!(
        folders,
        ["glue-app", "glue-auth", "glue-codegen", "glue-core", "migrations", "openapi", "reference", "resources"]
    );
}

/// Production Rust files, generated ones left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && !["generated", "tests", "benches", "examples", "target"].contains(&name.as_str()) {
            sources(&path, found);
        } else if name.ends_with(".rs") && name != "generated.rs" {
            found.push(path);
        }
    }
}

pub(crate) fn production() -> Vec<(String, String)> {
    let root = repository();
    let mut files = Vec::new();
    for room in ["glue-app", "glue-auth", "glue-codegen", "glue-core", "resources"] {
        sources(&root.join(room), &mut files);
    }
    let relative = |path: &Path| path.strip_prefix(&root).expect("inside").to_string_lossy().into_owned();
    files.iter().map(|path| (relative(path), fs::read_to_string(path).expect("a source"))).collect()
}

#[test]
fn files_stay_short_and_speak_for_themselves() {
    for (path, text) in production() {
        let lines = text.lines().count();
        assert!(lines <= 500, "{path} has {lines} lines");
        // A crate is introduced by its README.
        let opening = if path.ends_with("src/lib.rs") { "#![doc = include_str!(\"../README.md\")]\n" } else { "//! " };
        assert!(text.starts_with(opening), "{path} does not open with {opening:?}");
        assert!(!text.contains("#[allow("), "{path} silences a lint without `expect`");
        let name = path.rsplit('/').next().expect("a name");
        assert!(
            !["mod.rs", "utils.rs", "helpers.rs", "common.rs", "misc.rs", "manager.rs", "base.rs", "prelude.rs"]
                .contains(&name),
            "{path}"
        );
    }
}

#[test]
fn no_hand_written_file_repeats_a_route() {
    let mut problems = glue_codegen::diagnostic::Problems::default();
    let workspace = Workspace::read(&repository(), &mut problems).expect("this workspace");
    let names: Vec<String> = workspace.definitions().map(|definition| format!("\"/{}", definition.name.it)).collect();
    for (path, text) in production() {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            assert!(!names.iter().any(|name| line.contains(name.as_str())), "{path} repeats a route: {line}");
        }
    }
}

#[test]
fn every_code_is_unique_in_its_table_used_and_documented() {
    let mut problems = glue_codegen::diagnostic::Problems::default();
    let workspace = Workspace::read(&repository(), &mut problems).expect("this workspace");
    let documents = ["storefront", "backend"]
        .map(|app| fs::read_to_string(repository().join(format!("openapi/{app}.json"))).expect("a document"));
    // The contract gives this number to two texts: the fields that have to be alike have two names.
    let two_texts = ["406"];
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    for definition in workspace.definitions() {
        for error in &definition.errors {
            if error.code.chars().all(|c| c.is_ascii_digit())
                && !two_texts.contains(&error.code.as_str())
                && let Some(other) = numbers.insert(&error.code, &error.detail)
            {
                assert_eq!(other, error.detail, "code {} has two meanings", error.code);
            }
            // The documents are those of the profile `documented`, as the errors are sent there.
            let fill = |text: String, (name, value): &(String, String)| text.replace(&format!("%{name}%"), value);
            let sent = error.samples.iter().fold(error.detail.clone(), fill);
            let escaped = serde_json::to_string(&sent).expect("a string");
            let shown = documents.iter().any(|document| document.contains(escaped.trim_matches('"')));
            let named = |words: &[At<String>], word: &str| words.is_empty() || words.iter().any(|at| at.it == word);
            let sent = named(&error.profiles, "documented") && named(&error.dialects, "rest");
            assert!(shown || !sent, "{} is not documented", error.name.it);
        }
    }
}

#[test]
fn every_test_that_the_requirements_name_exists() {
    let text = fs::read_to_string(repository().join("glue-auth/README.md")).expect("the table");
    let mut rows = 0;
    for line in text.lines().filter(|line| line.contains("/tests/it/")) {
        let (file, test) = line.split('`').nth(1).and_then(|place| place.split_once("::")).expect("a file and a test");
        let source = fs::read_to_string(repository().join(file)).expect(file);
        assert!(source.contains(&format!("fn {test}(")), "{file} has no test {test}");
        rows += 1;
    }
    assert!(rows > 30, "{rows} rows");
}

#[test]
fn the_commands_of_the_readme_exist() {
    let text = fs::read_to_string(repository().join("README.md")).expect("README.md");
    assert!(text.lines().count() <= 150);
    for command in ["cargo run --bin storefront", "cargo test --workspace"] {
        assert!(text.contains(command), "{command}");
    }
    let alias = fs::read_to_string(repository().join(".cargo/config.toml")).expect("the alias");
    assert!(alias.contains("glue = "));
}

#[test]
fn this_repository_has_no_problem() {
    let mut problems = glue_codegen::diagnostic::Problems::default();
    let workspace = Workspace::read(&repository(), &mut problems).expect("this workspace");
    glue_codegen::check::check(&workspace, &mut problems);
    let problems = problems.sorted();
    assert!(problems.is_empty(), "{}", problems.iter().map(ToString::to_string).collect::<String>());
}
