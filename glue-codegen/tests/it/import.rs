//! Foreign resources become definitions, and nothing of them is lost without a word.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use glue_codegen::import::{self, Fact, Imported, Outcome};

use crate::project::{Project, repository};

fn samples() -> PathBuf {
    repository().join("glue-codegen/tests/spryker")
}

fn imported(folder: &Path) -> Imported {
    let project = Project::new();
    let (workspace, _) = project.workspace();
    import::read(folder, &workspace.apps, (10_001..).map(|code: u32| code.to_string())).expect("the samples")
}

#[test]
fn the_samples_become_definitions_with_a_report() {
    let found = imported(&samples());
    let mut text = String::new();
    for definition in &found.definitions {
        let _ = writeln!(text, "{}", definition.text);
    }
    text.push_str(&import::report(&found.facts));
    insta::assert_snapshot!(text);
    assert_eq!(found.unread, [""; 0]);
}

#[test]
fn what_is_imported_is_a_definition_without_a_problem() {
    let project = Project::new();
    for definition in imported(&samples()).definitions {
        let dir = "resources/parcels";
        project.write(&format!("{dir}/definitions/{}.resource.yml", definition.kind), &definition.text);
        let module = definition.kind.replace('-', "_");
        project.write(&format!("{dir}/src/{module}.rs"), &format!("pub enum {} {{}}\n", definition.handler));
    }
    let problems = project.problems();
    assert!(problems.is_empty(), "{}", problems.iter().map(ToString::to_string).collect::<String>());
}

#[test]
fn what_was_public_is_public_with_a_reason_and_nothing_else_is() {
    for definition in imported(&samples()).definitions {
        for line in definition.text.lines().filter(|line| line.contains("protected: false")) {
            assert!(line.contains("because: \"it is public in "), "{line}");
        }
    }
    let public = |kind: &str| {
        let found = imported(&samples()).definitions.into_iter().find(|of| of.kind == kind).expect("a definition");
        found.text.lines().filter(|line| line.contains("protected: false")).count()
    };
    assert_eq!(["parcels", "parcel-events", "carriers", "newsletter-subscriptions"].map(public), [0, 0, 1, 1]);
}

/// Whatever a file lacks, every other value of it is spoken for.
#[test]
fn every_fact_is_settled_whatever_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in
        ["storefront/parcels.resource.yml", "storefront/parcels.validation.yml", "backend/carriers.resource.yml"]
    {
        let text = fs::read_to_string(samples().join(name)).expect("a sample");
        let target = folder.path().join(name);
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        for left_out in 0..text.lines().count() {
            let rest = text.lines().enumerate().filter(|(number, _)| *number != left_out).map(|(_, line)| line);
            fs::write(&target, rest.collect::<Vec<_>>().join("\n")).expect("a file");
            if let Ok(found) = import::read(folder.path(), &Default::default(), std::iter::repeat("1".into())) {
                assert!(found.facts.iter().all(|fact| fact.outcome.is_some()), "{name} without line {left_out}");
            }
        }
        fs::write(&target, text).expect("a file");
    }
}

#[test]
fn nine_facts_of_ten_are_carried() {
    let facts: Vec<Fact> = imported(&samples()).facts;
    let kept = facts.iter().filter(|fact| !matches!(fact.outcome, Some(Outcome::Lost(_)) | None)).count();
    assert!(kept * 10 >= facts.len() * 9, "{}", import::summary(&facts));
}

/// What a folder of files becomes: the lines of its definitions.
fn lines_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let target = folder.path().join(name);
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::write(target, text).expect("a file");
    }
    let definitions = imported(folder.path()).definitions;
    definitions.iter().flat_map(|of| of.text.lines()).map(|line| line.trim().to_owned()).collect()
}

fn things(more: &str, operations: &str) -> String {
    format!(
        "resource:\n  name: Things\n  shortName: things\n{more}  operations: [{operations}]\n  properties: {{ uuid: {{ type: string, identifier: true }}, name: {{ type: string }} }}\n"
    )
}

#[test]
fn whatever_is_not_understood_protects() {
    for security in [
        "  security: [\"is_granted('ROLE_CUSTOMER')\"]\n",
        "  security: \"object.owner == user\"\n",
        "  securityPostDenormalize: \"is_granted('ROLE_ADMIN')\"\n",
        "  securityBearerAuthRequired: \"true\"\n",
        "  security: \"is_granted('ROLE_UNKNOWN')\"\n",
    ] {
        let lines = lines_of(&[("storefront/things.resource.yml", &things(security, "{ type: Get }, { type: Post }"))]);
        assert!(lines.contains(&"get:".to_owned()) && lines.contains(&"post:".to_owned()), "{security}{lines:#?}");
    }
    let never = lines_of(&[("a.resource.yml", &things("", "{ type: Get }, { type: Post, security: \"false\" }"))]);
    assert!(never.iter().all(|line| !line.starts_with("post")), "{never:#?}");
}

#[test]
fn each_application_keeps_its_own_protection() {
    let backend = things("  security: \"is_granted('ROLE_USER')\"\n", "{ type: Get }");
    let lines = lines_of(&[
        ("backend/things.resource.yml", &backend),
        ("storefront/things.resource.yml", &things("", "{ type: Get }")),
    ]);
    let get = "get: { in: { backend: { protected: true }, storefront: { protected: false, \
               because: \"it is public in things.resource.yml\" } } }";
    assert!(lines.contains(&get.to_owned()), "{lines:#?}");
}

#[test]
fn what_a_part_keeps_is_no_part() {
    let properties = "  properties: { owner: { type: object, properties: { name: { type: string, required: true }, \
                      password: { type: string, readable: false }, role: { type: string, writable: false } } } }\n";
    let text = format!("resource:\n  name: Things\n  shortName: things\n  operations: [{{ type: Get }}]\n{properties}");
    let lines = lines_of(&[("things.resource.yml", &text)]);
    let owner = lines.iter().find(|line| line.starts_with("owner:")).expect("the attribute");
    assert!(owner.contains("name: {") && !owner.contains("password") && !owner.contains("role"), "{owner}");
}

#[test]
fn an_operation_keeps_what_stands_above_it_and_says_otherwise_for_itself() {
    let scoped = "  security: \"is_granted('ROLE_CUSTOMER')\"\n";
    let lines = lines_of(&[("a.resource.yml", &things(scoped, "{ type: Get, security: ~ }"))]);
    assert!(lines.contains(&"get: { scopes: [customer] }".to_owned()), "{lines:#?}");
    let denied =
        things("  security: \"false\"\n", "{ type: Get }, { type: Post, security: \"is_granted('ROLE_USER')\" }");
    let lines = lines_of(&[("a.resource.yml", &denied)]);
    assert!(lines.contains(&"post:".to_owned()) && !lines.contains(&"get:".to_owned()), "{lines:#?}");
}

#[test]
fn a_path_of_its_own_is_one_resource_in_two_applications() {
    let label = "{ type: Get }, { type: Get, uriTemplate: '/things/{uuid}/label' }";
    let text = things("  security: \"is_granted('ROLE_USER')\"\n", label);
    let lines = lines_of(&[("backend/things.resource.yml", &text), ("storefront/things.resource.yml", &text)]);
    let mounted = lines.iter().filter(|line| *line == "apps: { backend: {}, storefront: {} }").count();
    assert_eq!(mounted, 2, "{lines:#?}");
}
