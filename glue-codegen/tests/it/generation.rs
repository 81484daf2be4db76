//! What is written, when, and what is left alone.

use std::collections::BTreeMap;
use std::fs;

use glue_codegen::diagnostic::Problems;
use glue_codegen::output::{self, Edits};
use glue_codegen::render::{self, File};
use glue_codegen::rows;
use glue_codegen::workspace::Workspace;
use proptest::prelude::*;

use crate::project::{Project, repository};

const PLAIN: &str = "resource:
  type: things
  summary: Things.
  apps: { storefront: {} }
  verbs: { list: , get: }
  attributes:
    name: { type: string, id: true, access: read }
    size: { type: int, access: read }
  storage: { table: spy_thing }
  errors:
    notFound: { status: 404, code: \"901\", detail: Thing not found. }
";

#[test]
fn a_second_run_writes_nothing() {
    let project = Project::of_this_repository();
    assert!(!project.generate().writes.is_empty());
    let again = project.plan();
    assert!(again.is_empty(), "{}", again.diff());
}

#[test]
fn the_checked_in_code_is_what_the_definitions_say() {
    let workspace = Workspace::read(&repository(), &mut Problems::default()).expect("this workspace");
    let drafts = render::drafts(&workspace).expect("Rust");
    let plan = output::plan(&repository(), drafts, Edits::Kept).expect("a plan");
    assert!(plan.is_empty(), "run `cargo glue generate`:\n{}", plan.diff());
}

#[test]
fn two_folders_give_the_same_bytes() {
    let (one, two) = (Project::of_this_repository(), Project::of_this_repository());
    one.generate();
    two.generate();
    assert_eq!(one.read("glue.lock"), two.read("glue.lock"));
}

#[test]
fn no_output_names_a_folder_of_this_machine() {
    let here = repository().display().to_string();
    for file in Project::of_this_repository().files() {
        assert!(!file.text.contains(&here), "{}", file.path);
    }
}

#[test]
fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let project = Project::new();
    project.define(PLAIN);
    let plan = project.plan();
    assert!(plan.diff().contains("+++ b/resources/things/src/generated/things/routes.rs"));
    assert!(!project.root().join("resources/things/src").exists());
    assert!(!project.root().join("glue.lock").exists());
}

#[test]
fn a_hand_edited_file_is_refused_and_kept() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    let path = "resources/things/src/generated/things/routes.rs";
    let edited = project.read(path).replace("Protection::Protected", "Protection::Public");
    project.write(path, &edited);
    let plan = project.plan();
    assert_eq!(plan.edited.len(), 1);
    assert!(plan.edited[0].1.contains("+    protection: Protection::Public"), "{}", plan.edited[0].1);
    assert_eq!(project.read(path), edited);
}

/// Whatever a killed run leaves, the next one goes on from, also when the definitions have changed once more.
#[test]
fn a_run_that_is_killed_leaves_nothing_that_looks_edited() {
    let [first, second, third] =
        ["size", "volume", "weight"].map(|name| PLAIN.replace("size: {", &format!("{name}: {{")));
    let fresh = |text: &str| {
        let project = Project::new();
        project.define(text);
        project.generate();
        project.files()
    };
    let wanted = fresh(&third);
    let steps = {
        let project = Project::new();
        project.define(&first);
        project.generate();
        project.define(&second);
        project.plan().steps().len()
    };
    assert!(steps > 4, "{steps}");
    for killed_after in 0..=steps {
        let project = Project::new();
        project.define(&first);
        project.generate();
        project.define(&second);
        let plan = project.plan();
        for step in plan.steps().iter().take(killed_after) {
            step.take(project.root()).expect("a writable folder");
        }
        project.define(&third);
        let next = project.plan();
        assert_eq!(next.edited, [], "killed after {killed_after} steps");
        next.apply(project.root()).expect("a writable folder");
        assert!(project.plan().is_empty(), "killed after {killed_after} steps");
        assert_eq!(project.files(), wanted);
    }
}

/// Two branches that change different definitions merge: the manifest knows the files of both, conflict markers or not.
#[test]
fn merged_branches_go_on_without_repair() {
    let others =
        |summary: &str| PLAIN.replace("things", "others").replace("\"901\"", "\"902\"").replace("Things.", summary);
    let project = Project::new();
    let write = |things: &str, summary: &str| {
        project.define(things);
        project.write("resources/things/definitions/others.resource.yml", &others(summary));
        project.generate();
        project.read("glue.lock")
    };
    let theirs = write(PLAIN, "Their others.");
    let ours = write(&PLAIN.replace("Things.", "Our things."), "Others.");
    // What git writes where both changed neighbouring lines.
    project.write("resources/things/definitions/others.resource.yml", &others("Their others."));
    project.write("glue.lock", &format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> theirs\n"));
    let plan = project.plan();
    assert_eq!(plan.edited, []);
    assert!(!plan.is_empty(), "the manifest itself is written again");
    plan.apply(project.root()).expect("a writable folder");
    assert!(!project.read("glue.lock").contains("<<<<"));
    assert!(project.plan().is_empty());
}

/// A generated file in conflict is nobody's work: one command writes it again.
#[test]
fn a_generated_conflict_is_repaired() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    let path = "resources/things/src/generated/things/routes.rs";
    let whole = project.read(path);
    project.write(path, &format!("<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> theirs\n"));
    assert_eq!(project.plan().edited.len(), 1);
    let drafts = glue_codegen::render::drafts(&project.workspace().0).expect("templates");
    let repaired = output::plan(project.root(), drafts, Edits::Repaired).expect("a readable folder");
    repaired.apply(project.root()).expect("a writable folder");
    assert_eq!(project.read(path), whole);
    assert!(project.plan().is_empty());
}

/// A manifest is read as a list of generated files: what else it names is nobody's to delete.
#[test]
fn a_manifest_cannot_name_what_people_wrote() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    project.write("resources/things/src/lib.rs", "// written by people\n");
    let outside = project.root().parent().expect("a folder").join("glue-test-outside.txt");
    fs::write(&outside, "mine").expect("a writable folder");
    let lock = project.read("glue.lock");
    let names =
        ["resources/things/src/lib.rs", "../glue-test-outside.txt", "/etc/hostname", "resources/generated/../x"];
    let more: String = names.iter().map(|path| format!("0 0  {path}\n")).collect();
    project.write("glue.lock", &(lock + &more));
    let drafts = glue_codegen::render::drafts(&project.workspace().0).expect("templates");
    let plan = output::plan(project.root(), drafts, Edits::Repaired).expect("a readable folder");
    assert_eq!(plan.deletes, [""; 0]);
    plan.apply(project.root()).expect("a writable folder");
    assert_eq!(project.read("resources/things/src/lib.rs"), "// written by people\n");
    assert_eq!(fs::read_to_string(&outside).expect("a file"), "mine");
    fs::remove_file(outside).expect("a file");
    // What is no text can be looked at and replaced.
    fs::write(project.root().join("glue.lock"), b"\xff\xfe").expect("a writable folder");
    fs::write(project.root().join("resources/things/src/generated/things/routes.rs"), b"\xff\xfe").expect("a file");
    assert_eq!(project.plan().edited.len(), 1);
}

/// Who loses the manifest and a definition is told of what is left of it.
#[test]
fn what_nothing_says_any_more_is_found() {
    let project = Project::new();
    project.define(PLAIN);
    project.define(&PLAIN.replace("type: things", "type: others").replace("spy_thing", "spy_other"));
    project.generate();
    fs::remove_file(project.root().join("glue.lock")).expect("a file");
    fs::remove_file(project.root().join("resources/things/definitions/others.resource.yml")).expect("a file");
    project.write("resources/things/src/generated/notes.rs", "// written by people\n");
    let plan = project.generate();
    assert!(plan.orphans.contains(&"resources/things/src/generated/others/routes.rs".to_owned()), "{:?}", plan.orphans);
    assert!(plan.orphans.iter().all(|path| path.contains("others")), "{:?}", plan.orphans);
    assert!(!project.plan().is_empty());
    let drafts = glue_codegen::render::drafts(&project.workspace().0).expect("templates");
    let plan = output::plan(project.root(), drafts, Edits::Repaired).expect("a readable folder");
    plan.apply(project.root()).expect("a writable folder");
    assert!(project.plan().is_empty());
    assert_eq!(project.read("resources/things/src/generated/notes.rs"), "// written by people\n");
}

/// A document is one of the definitions that it was printed from, until somebody edits it or them.
#[test]
fn a_document_that_was_not_printed_again_is_told() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    let print = |text: &str| {
        project.write("openapi/storefront.json", text);
        let document = File { path: "openapi/storefront.json".into(), text: text.into() };
        let drafts = glue_codegen::render::drafts(&project.workspace().0).expect("templates");
        output::remember(project.root(), &drafts, &[document]).expect("a writable folder");
    };
    print("{}");
    assert!(project.plan().is_empty() && project.plan().stale_documents.is_empty());
    project.write("openapi/storefront.json", "{ }");
    assert_eq!(project.plan().stale_documents, ["openapi/storefront.json"]);
    print("{ }");
    project.define(&PLAIN.replace("get: }", "get: { summary: One of them. } }"));
    project.generate();
    assert_eq!(project.plan().stale_documents, ["openapi/storefront.json"]);
    print("{\"new\":1}");
    assert_eq!(project.plan().stale_documents, [""; 0]);
    fs::remove_file(project.root().join("openapi/storefront.json")).expect("a file");
    assert_eq!(project.plan().stale_documents, ["openapi/storefront.json"]);
}

/// A manifest that is gone, or says something else, is told.
#[test]
fn a_manifest_that_knows_nothing_is_told() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    for broken in ["", "garbage\n", "0000 0000  resources/things/src/generated/things/routes.rs\n"] {
        project.write("glue.lock", broken);
        let plan = project.plan();
        assert!(plan.stale_lock && plan.writes.is_empty() && plan.edited.is_empty(), "{broken}");
    }
    project.generate();
    assert!(project.plan().is_empty());
}

#[test]
fn a_removed_definition_takes_its_generated_files_along_and_nothing_else() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    project.write("resources/things/src/things.rs", "// written by people\n");
    project.write(
        "resources/things/definitions/others.resource.yml",
        &PLAIN.replace("things", "others").replace("\"901\"", "\"902\""),
    );
    fs::remove_file(project.root().join("resources/things/definitions/things.resource.yml")).expect("a definition");
    project.generate();
    assert!(!project.root().join("resources/things/src/generated/things/routes.rs").exists());
    assert!(project.root().join("resources/things/src/generated/others/routes.rs").exists());
    assert_eq!(project.read("resources/things/src/things.rs"), "// written by people\n");
}

#[test]
fn a_flipped_flag_changes_the_marker_the_row_the_table_and_the_tests() {
    let project = Project::new();
    project.define(PLAIN);
    project.generate();
    project.define(&PLAIN.replace("get: }", "get: { protected: false } }"));
    let diff = project.plan().diff();
    for line in [
        "-impl ProtectedRoute for Get {}",
        "+impl OpenRoute for Get {}",
        "-    protection: Protection::Protected,",
        "+    protection: Protection::Public,",
        "-storefront\tGET\t/things/{thingId}\tprotected\t-\t-\t-",
        "+storefront\tGET\t/things/{thingId}\tpublic\t-\t-\t-",
        "-        => [protected, no_api_key] {",
        "+        => [public] {",
    ] {
        assert!(diff.lines().any(|changed| changed == line), "{line} is not in\n{diff}");
    }
}

#[test]
fn names_that_are_awkward_in_rust_still_give_rust() {
    let project = Project::new();
    let attributes = ["type", "self", "crate", "match", "async", "fooBar", "foo_baz", "iso2Code", "kind", "links"];
    let lines: String = attributes
        .iter()
        .map(|name| format!("    {name}: {{ type: string, description: \"a \\\"quoted\\\" */ ]] </b> text\" }}\n"))
        .collect();
    project.define(&format!(
        "resource:\n  type: things\n  summary: 'Say \"hi\" \\ ünïcödé {{}} */'\n  apps: {{ storefront: {{}} }}\n  verbs: {{ list: , post: }}\n  attributes:\n    uuid: {{ type: uuid, id: true, access: read }}\n{lines}  handler: Things\n  errors:\n    notFound: {{ status: 404, code: \"1\", detail: 'no \"thing\" \\' }}\n"
    ));
    assert!(!project.files().is_empty());
}

#[test]
fn what_is_sent_once_is_created_and_shown_and_never_changed() {
    let project = Project::new();
    project.define(
        "resource:
  type: things
  summary: Things.
  apps: { storefront: {} }
  verbs: { list: , get: , post: , patch: }
  attributes:
    uuid: { type: uuid, id: true, access: read }
    serial: { type: string, access: once, required: true, max: 20 }
    name: { type: string, max: 20 }
  storage: { table: spy_thing }
  errors:
    notFound: { status: 404, code: \"1\", detail: Thing not found. }
",
    );
    project.generate();
    let attributes = project.read("resources/things/src/generated/things/attributes.rs");
    let fields = |name: &str| {
        let body = attributes.split_once(&format!("pub struct {name} {{")).expect(name).1;
        body.split_once("\n}").expect(name).0.contains("pub serial:")
    };
    assert_eq!(["Thing", "CreateThing", "UpdateThing"].map(fields), [true, true, false], "{attributes}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the checker accepts renders to code that parses, one row per verb.
    #[test]
    fn what_is_accepted_renders(verbs in 1_u8..32, public in 0_u8..4, name in "[a-z][a-zA-Z0-9]{0,8}", max in 1_u16..400, summary in "[ -~]{1,40}") {
        let project = Project::new();
        let listed: Vec<String> = ["list", "get", "post", "patch", "delete"].iter().enumerate()
            .filter(|(bit, _)| verbs & (1 << bit) != 0)
            .map(|(bit, verb)| if bit < 2 && public & (1 << bit) != 0 { format!("{verb}: {{ protected: false }}") } else { format!("{verb}: ") })
            .collect();
        prop_assume!(!["uuid", "id", "row", "input", "owner", "members", "violations", "updatedAt"].contains(&name.as_str()));
        prop_assume!(syn::parse_str::<syn::Ident>(&name).is_ok());
        project.define(&format!(
            "resource:\n  type: things\n  summary: '{}'\n  apps: {{ storefront: {{}} }}\n  verbs: {{ {} }}\n  attributes:\n    uuid: {{ type: uuid, id: true, access: read }}\n    {name}: {{ type: string, required: true, max: {max} }}\n    updatedAt: {{ type: datetime, access: read }}\n  storage: {{ table: spy_thing, unique: [[{name}]] }}\n  errors:\n    notFound: {{ status: 404, code: \"1\", detail: a }}\n    duplicate: {{ status: 400, code: \"2\", detail: b }}\n",
            summary.replace('\'', "''"), listed.join(", ")
        ));
        let (workspace, problems) = project.workspace();
        prop_assert!(!problems.has_errors(), "{:?}", problems.sorted().iter().map(ToString::to_string).collect::<Vec<_>>());
        prop_assert_eq!(rows::all(&workspace).len(), verbs.count_ones() as usize);
        project.files();
    }
}

/// What the fuzzer keeps: any text is a definition or a list of problems.
#[test]
fn the_corpus_of_definitions_is_survived() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../glue-core/fuzz/corpus/definition");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("a corpus") {
        let bytes = std::fs::read(file.expect("an entry").path()).expect("a file");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut problems = glue_codegen::diagnostic::Problems::default();
        let shown = text.clone();
        let source = glue_codegen::source::Source::new("x.resource.yml", text);
        let read = glue_codegen::definition::read(&source, &mut problems);
        assert!(read.is_some() || problems.has_errors(), "neither a definition nor a problem: {shown:?}");
        seen += 1;
    }
    assert!(seen > 100, "{seen} files");
}

/// Edits of a line that change what it promises: flag, path, method, scope, status, field, owner.
fn mutants(line: &str) -> Vec<(&'static str, String)> {
    const EDITS: [(&str, &str, &str); 18] = [
        ("flag", "Protection::Protected", "Protection::Public"),
        ("flag", "ProtectedRoute", "OpenRoute"),
        ("flag", "\tprotected\t", "\tpublic\t"),
        ("flag", "\"security\": [", "\"security\": [ {},"),
        ("path", "path: \"/", "path: \"/x/"),
        ("path", "\"/wishlists", "\"/wishlist"),
        ("method", "Verb::Post", "Verb::Patch"),
        ("method", "\tDELETE\t", "\tGET\t"),
        ("method", "\"patch\": {", "\"put\": {"),
        ("scope", "scopes: &[\"", "scopes: &[\"x"),
        ("scope", "\tcustomer\t", "\tuser\t"),
        ("status", "status: 4", "status: 5"),
        ("status", "\"404\": {", "\"403\": {"),
        ("field", "pub name:", "pub title:"),
        ("field", "\"name\": {", "\"title\": {"),
        ("field", "members.text(\"", "members.text(\"x"),
        ("owner", "Ownership::Owned", "Ownership::Unowned"),
        ("owner", ".eq(owner.", ".ne(owner."),
    ];
    EDITS
        .iter()
        .filter(|(_, from, _)| line.contains(from))
        .map(|(kind, from, to)| (*kind, line.replacen(from, to, 1)))
        .collect()
}

/// No promise of a generated file or of a document can be changed where it stands.
#[test]
fn every_mutant_of_what_is_generated_is_found() {
    let project = Project::of_this_repository();
    project.generate();
    let documents = ["openapi/storefront.json", "openapi/backend.json"].map(|path| {
        let text = fs::read_to_string(repository().join(path)).expect("the document");
        project.write(path, &text);
        File { path: path.to_owned(), text }
    });
    let (workspace, _) = project.workspace();
    let drafts = render::drafts(&workspace).expect("Rust");
    output::remember(project.root(), &drafts, &documents).expect("a lock");
    let plan = || output::plan(project.root(), drafts.clone(), Edits::Kept).expect("a plan");
    assert!(plan().is_empty() && plan().stale_documents.is_empty());
    let mut table: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut paths: Vec<String> = project.files().into_iter().map(|file| file.path).collect();
    paths.extend(["openapi/storefront.json".to_owned(), "openapi/backend.json".to_owned()]);
    for path in paths {
        let text = project.read(&path);
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            for (kind, mutant) in mutants(line) {
                let tried = kinds.entry(kind).or_default();
                if *tried == (if path.ends_with(".rs") { 2 } else { 6 }) {
                    continue;
                }
                *tried += 1;
                let lines = text.lines().enumerate().map(|(at, line)| if at == number { &mutant } else { line });
                project.write(&path, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
                let found = plan();
                let is_found =
                    !found.edited.is_empty() || !found.writes.is_empty() || !found.stale_documents.is_empty();
                assert!(is_found, "{path}:{}: {mutant}", number + 1);
                let file = path.rsplit('/').next().unwrap_or_default();
                let file = if path.contains("/tests/generated/") { "contract tests" } else { file };
                *table.entry((kind, file.to_owned())).or_default() += 1;
            }
        }
        project.write(&path, &text);
    }
    let total: usize = table.values().sum();
    let lines = table.iter().map(|((kind, file), count)| format!("{kind} of {file}: {count} of {count}\n"));
    println!("{}{total} mutants, all found", lines.collect::<String>());
    assert!(total >= 200, "{total} mutants");
}
