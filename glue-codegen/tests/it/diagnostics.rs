//! Every code with the text that users read.

use std::collections::BTreeMap;

use glue_codegen::diagnostic::Code;

use crate::mistakes;
use crate::project::Project;

const HEAD: &str = "resource:\n  type: things\n  summary: Things.\n";
const APPS: &str = "  apps: { storefront: {} }\n";
const BODY: &str = "  attributes:\n    name: { type: string, id: true, access: read }\n  storage: { table: spy_thing }\n  errors:\n    notFound: { status: 404, code: \"1\", detail: No. }\n";

/// The problems of one definition as users read them.
fn report(yaml: &str) -> String {
    let project = Project::new();
    project.define(yaml);
    project.problems().iter().map(|problem| format!("{problem}\n\n")).collect()
}

fn verbs(verbs: &str) -> String {
    format!("{HEAD}{APPS}  verbs: {{ {verbs} }}\n{BODY}")
}

/// The code that a definition has to give, the definition, and the text that the problem has to point at.
fn cases() -> Vec<(Code, String, &'static str)> {
    let attribute = |line: &str| {
        format!("{HEAD}{APPS}  verbs: {{ list: }}\n  attributes:\n    {line}\n  storage: {{ table: spy_thing }}\n")
    };
    vec![
        (Code::NotYaml, "resource: { type: \"".into(), ""),
        (Code::UnknownKey, format!("{HEAD}{APPS}  verb: {{ list: }}\n{BODY}"), "verb: {"),
        (Code::DuplicateKey, format!("{HEAD}{APPS}{APPS}  verbs: {{ list: }}\n{BODY}"), ""),
        (Code::YamlMagic, format!("{HEAD}  apps: &a {{ storefront: {{}} }}\n  verbs: {{ list: }}\n{BODY}"), ""),
        (Code::WrongShape, format!("{HEAD}{APPS}  verbs: [list]\n{BODY}"), "[list]"),
        (Code::MissingKey, "# nothing but a comment\n".into(), ""),
        (Code::MissingKey, format!("resource:\n  type: things\n{APPS}  verbs: {{ list: }}\n{BODY}"), "type: things"),
        (
            Code::BadName,
            format!("resource:\n  type: Things\n  summary: T.\n{APPS}  verbs: {{ list: }}\n{BODY}"),
            "Things",
        ),
        (Code::BadFlag, verbs("get: { protected: no }"), "no }"),
        (Code::PublicWrite, verbs("delete: { protected: false }"), "false"),
        (Code::PublicScope, verbs("get: { protected: false, scopes: [customer] }"), "customer]"),
        (
            Code::PublicOwned,
            format!("{HEAD}{APPS}  owner: name\n  verbs: {{ get: {{ protected: false }} }}\n{BODY}"),
            "false",
        ),
        (Code::SharedAnswers, verbs("get: { cache: { seconds: 60, shared: true } }"), "cache: {"),
        (Code::BadLifetime, verbs("delete: { cache: { seconds: 60 } }"), "cache: {"),
        (Code::BadLifetime, verbs("get: { cache: { seconds: 0 } }"), "cache: {"),
        (Code::BadLifetime, verbs("get: { deprecated: { since: 2026-02-30 } }"), "2026-02-30"),
        (Code::BadLifetime, verbs("get: { deprecated: { since: 2026-02-02, until: 2026-02-01 } }"), "2026-02-01"),
        (Code::UnknownScope, verbs("get: { scopes: [custommer] }"), "custommer"),
        (
            Code::UnknownApplication,
            format!("{HEAD}  apps: {{ storfront: {{}} }}\n  verbs: {{ list: }}\n{BODY}"),
            "storfront",
        ),
        (Code::NeedlessBecause, verbs("get: { because: I like it }"), "I like it"),
        (Code::UnknownType, attribute("name: { type: strin }"), "strin }"),
        (Code::RuleMismatch, attribute("flag: { type: bool, max: 3, access: read }"), "flag"),
        (
            Code::IdAttribute,
            format!(
                "{HEAD}{APPS}  verbs: {{ get: }}\n  attributes:\n    size: {{ type: int, access: read }}\n  storage: {{ table: spy_thing }}\n  errors:\n    notFound: {{ status: 404, code: \"1\", detail: No. }}\n"
            ),
            "get:",
        ),
        (Code::NotSortable, format!("{HEAD}{APPS}  verbs: {{ list: }}\n  list: {{ sort: [nam] }}\n{BODY}"), "nam]"),
        (
            Code::UnknownReference,
            format!("{HEAD}{APPS}  verbs: {{ list: }}\n{}", BODY.replace("spy_thing", "spy_thing, unique: [[nam]]")),
            "nam]",
        ),
        (Code::BadPattern, attribute("name: { type: string, rules: [{ pattern: \"(\", error: e }] }"), "\"(\""),
        (Code::NoBehaviour, format!("{HEAD}{APPS}  verbs: {{ list: }}\n"), "things"),
        (
            Code::UnownedWrite,
            format!("{HEAD}{APPS}  owner: name\n  verbs: {{ delete: {{ owner: none }} }}\n{BODY}"),
            "delete",
        ),
        (Code::UselessKey, verbs("get: { protected: false, apiKey: true }"), "get"),
        (Code::UselessKey, verbs("get: { protected: false, agent: required }"), "protected"),
        (Code::UselessKey, verbs("get: { agent: required, client: optional }"), "client"),
        (Code::UnknownWord, verbs("get: { client: always }"), "always"),
        (Code::WrongShape, verbs("get: { factorCode: optional }"), "optional"),
        (Code::PublicScope, verbs("get: { agent: required, scopes: [customer] }"), "customer"),
        (Code::NeedlessBecause, verbs("get: { client: required, because: it asks }"), "it asks"),
        (
            Code::ForeignOwner,
            format!("{HEAD}  apps: {{ backend: {{}} }}\n  owner: name\n  verbs: {{ list: }}\n{BODY}"),
            "backend: {",
        ),
        (
            Code::UselessKey,
            format!("{HEAD}{APPS}  owner: name\n  verbs: {{ list: {{ apiKey: true }} }}\n{BODY}"),
            "list",
        ),
        (
            Code::Unchecked,
            format!(
                "{HEAD}{APPS}  owner: name\n  verbs: {{ patch: }}\n  path: /thing\n  handler: Things\n  attributes:\n    name: {{ type: string }}\n"
            ),
            "patch",
        ),
        (Code::UnknownWord, format!("{HEAD}{APPS}  profiles: [spriker]\n  verbs: {{ list: }}\n{BODY}"), "spriker"),
        (Code::NotServable, verbs("post: "), "post"),
        (
            Code::BadRelation,
            format!("{HEAD}{APPS}  parent: {{ resource: nothings }}\n  verbs: {{ list: }}\n{BODY}"),
            "nothings",
        ),
        (
            Code::BadRelation,
            format!("{HEAD}{APPS}  relationships: {{ nothings: {{ children: true }} }}\n  verbs: {{ list: }}\n{BODY}"),
            "nothings",
        ),
        (
            Code::NotStorable,
            attribute("name: { type: string, access: read, column: Name }"),
            "name: { type: string, access: read, column",
        ),
    ]
}

#[test]
fn every_mistake_has_its_code_and_its_place() {
    for (code, yaml, place) in cases() {
        let project = Project::new();
        project.define(&yaml);
        let problems = project.problems();
        let found = problems.iter().find(|problem| problem.code == code);
        let found = found.unwrap_or_else(|| panic!("no {} for\n{yaml}\n{}", code.as_str(), report(&yaml)));
        if let Some(byte) = yaml.find(place).filter(|_| !place.is_empty()) {
            let line = yaml[..byte].matches('\n').count() + 1;
            let column = byte - yaml[..byte].rfind('\n').map_or(0, |at| at + 1) + 1;
            assert!(
                found.place().ends_with(&format!(":{line}:{column}")),
                "{} is at {}, not at {line}:{column}",
                code.as_str(),
                found.place()
            );
        }
        assert!(found.to_string().contains(&format!("[{}]", code.as_str())));
    }
}

#[test]
fn an_application_depends_on_what_it_mounts() {
    let project = Project::new();
    project.define(&format!("{HEAD}{APPS}  verbs: {{ list: }}\n{BODY}"));
    project.write("resources/storefront/Cargo.toml", "[dependencies]\nothers = \"1\"\n");
    let text: String = project.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("a_missing_dependency", text);
    project.write("resources/storefront/Cargo.toml", "[dependencies]\nthings.workspace = true\n");
    assert!(project.problems().iter().all(|problem| problem.code != Code::MissingDependency));
}

/// Each code with the first text that users read of it, in the cases here and in the table of mistakes.
#[test]
fn every_code_of_a_definition_is_tested() {
    let mut told: BTreeMap<Code, String> = BTreeMap::new();
    let here = cases().into_iter().flat_map(|(_, yaml, _)| {
        let project = Project::new();
        project.define(&yaml);
        project.problems()
    });
    for problem in here.chain(mistakes::all()) {
        told.entry(problem.code).or_insert_with(|| problem.to_string());
    }
    let elsewhere = [
        Code::DuplicateResource,
        Code::NothingBelow,
        Code::LayerConflict,
        Code::NothingToRemove,
        Code::Loosened,
        Code::ForeignLayer,
        Code::MissingDependency,
        Code::UnsafeChange,
        Code::Destructive,
        Code::MissingMigration,
        Code::Drift,
        Code::EditedByHand,
    ];
    for code in Code::ALL {
        assert!(told.contains_key(code) || elsewhere.contains(code), "{} has no test", code.as_str());
    }
    let texts: Vec<String> = told.into_values().collect();
    insta::assert_snapshot!("every_code", texts.join("\n\n"));
}

#[test]
fn a_type_is_defined_once() {
    let project = Project::new();
    project.define(&verbs("list: "));
    project.write("resources/more/definitions/things.resource.yml", &verbs("list: "));
    let problems = project.problems();
    assert!(problems.iter().any(|problem| problem.code == Code::DuplicateResource));
}

#[test]
fn no_is_not_a_flag() {
    insta::assert_snapshot!(report(&verbs("get: { protected: no }")), @r"
error[G0201]: `protected` is `true`, `false` or `optional`
 --> resources/things/definitions/things.resource.yml:5:30
  |
5 |   verbs: { get: { protected: no } }
  |                              ^^ none of the three
  |
  = help: a verb without the flag is protected
");
}

#[test]
fn a_public_write_needs_a_reason() {
    insta::assert_snapshot!(report(&verbs("delete: { protected: false }")), @r"
error[G0202]: `delete` is public and changes something
 --> resources/things/definitions/things.resource.yml:5:33
  |
5 |   verbs: { delete: { protected: false } }
  |                                 ^^^^^ needs a reason
  |
  = help: say why, beside the flag: `because: …`
");
}

#[test]
fn a_public_verb_cannot_ask_for_a_scope() {
    insta::assert_snapshot!(report(&verbs("get: { protected: false, scopes: [customer] }")), @r"
error[G0203]: `get` is public but asks for a scope
 --> resources/things/definitions/things.resource.yml:5:46
  |
5 |   verbs: { get: { protected: false, scopes: [customer] } }
  |                              -----           ^^^^^^^^ scope can never be checked
  |                              |
  |                              public here
");
}

#[test]
fn all_problems_of_a_file_are_reported_in_one_run() {
    let text = report(&format!(
        "{HEAD}{APPS}  handlr: X\n  verbs: {{ get: {{ protected: no }}, delete: {{ protected: false }} }}\n{BODY}"
    ));
    assert_eq!(text.matches("error[").count(), 3, "{text}");
    assert!(text.contains("did you mean `handler`?"), "{text}");
}

#[test]
fn nesting_without_end_is_an_error_and_no_overflow() {
    let text = report(&format!("resource: {}", "[".repeat(100_000)));
    assert!(text.contains("error["), "{text}");
}

const PARENT: &str = "resource:
  type: boxes
  singular: box
  summary: Boxes.
  apps: { storefront: {} }
  owner: name
  verbs: { list: }
  attributes:
    uuid: { type: uuid, id: true, access: read }
    name: { type: string, access: read }
  storage: { table: spy_box }
";

/// What stands below an owned resource is as owned as it.
#[test]
fn rows_below_an_owned_parent_are_written_by_its_owner() {
    for (verbs, code) in [
        ("delete: { owner: none }", Code::UnownedWrite),
        ("delete: { protected: false, because: why not, owner: none }", Code::UnownedWrite),
        ("list: { protected: false }", Code::PublicOwned),
    ] {
        let project = Project::new();
        project.write("resources/things/definitions/boxes.resource.yml", PARENT);
        project.define(&format!("{HEAD}{APPS}  parent: {{ resource: boxes }}\n  verbs: {{ {verbs} }}\n{BODY}"));
        let problems = project.problems();
        assert!(problems.iter().any(|problem| problem.code == code), "{verbs}: {problems:?}");
    }
}

/// A relation that generated code could not follow is refused where it is declared.
#[test]
fn a_relation_needs_a_text_to_follow_and_a_target_that_its_id_names() {
    for attribute in ["size: { type: int, access: read }", "size: { type: string, access: hidden }"] {
        let project = Project::new();
        project.write("resources/things/definitions/boxes.resource.yml", PARENT);
        project.define(&format!(
            "{HEAD}{APPS}  relationships: {{ boxes: {{ by: size }} }}\n  verbs: {{ list: }}\n  attributes:\n    uuid: {{ type: uuid, id: true, access: read }}\n    {attribute}\n  storage: {{ table: spy_thing }}\n"
        ));
        let problems = project.problems();
        assert!(problems.iter().any(|problem| problem.code == Code::BadRelation), "{attribute}");
    }
}

/// Documents show errors as they are sent, so every placeholder has a sample, and every sample a placeholder.
#[test]
fn what_a_text_leaves_open_has_a_sample() {
    let with = |keys: &str| {
        let row = format!("{{ status: 429, code: \"2\", on: [list], detail: Wait %minutes% minutes. {keys} }}");
        report(&format!("{}    slow: {row}\n", verbs("list: ")))
    };
    assert_eq!(with(", samples: { minutes: \"5\" }, profiles: [documented], dialects: [rest]"), "");
    assert!(with("").contains("error[G0106]: `%minutes%` has no sample for the documents"), "{}", with(""));
    let unused = with(", samples: { minutes: \"5\", hours: \"1\" }");
    assert!(unused.contains("error[G0102]: no text of this error has a `%hours%`"), "{unused}");
    let german = with(", samples: { minutes: \"5\" }, german: Noch %stunden% Stunden.");
    assert!(german.contains("`%stunden%` has no sample"), "{german}");
    for (key, word) in [("profiles", "spyker"), ("dialects", "rets")] {
        let unknown = with(&format!(", samples: {{ minutes: \"5\" }}, {key}: [{word}]"));
        assert!(unknown.contains(&format!("`{word}`")) && unknown.contains("did you mean"), "{unknown}");
    }
}

/// Customer 4 is not user 4: an application that authenticates users has no rows of customers, whatever their number.
#[test]
fn an_owner_is_somebody_whom_the_application_knows() {
    let owned = |apps: &str, owner: &str| {
        report(&format!(
            "{HEAD}  apps: {{ {apps} }}\n  owner: {owner}\n  verbs: {{ list: , get: }}\n  attributes:\n    uuid: {{ type: uuid, id: true, access: read }}\n    name: {{ type: string, access: read }}\n  storage: {{ table: spy_thing, owner: {{ column: fk_owner, identifier: surrogate }} }}\n  errors:\n    notFound: {{ status: 404, code: \"1\", detail: No. }}\n"
        ))
    };
    for fine in [
        owned("storefront: {}", "name"),
        owned("storefront: {}", "{ customer: name }"),
        owned("backend: {}", "{ user: name }"),
        owned("storefront: {}, backend: { owner: none }", "name"),
    ] {
        assert_eq!(fine, "");
    }
    for (apps, owner, why) in [
        ("backend: {}", "name", "`name` is a customer's, but the backend authenticates users"),
        ("storefront: {}, backend: {}", "name", "`name` is a customer's, but the backend authenticates users"),
        ("storefront: {}", "{ user: name }", "`name` is a user's, but the storefront authenticates customers"),
    ] {
        let text = owned(apps, owner);
        assert!(
            text.contains(&format!("error[G0210]: {why}")) && text.contains("owner: none"),
            "{apps} {owner}: {text}"
        );
        assert_eq!(text.matches("error[").count(), 1, "{text}");
    }
    assert!(owned("storefront: {}", "{ shop: name }").contains("error[G0102]"));
}

/// What a table can hold is what Diesel is compiled with.
#[test]
fn a_wide_table_needs_a_wide_diesel() {
    let project = Project::new();
    let fields: String =
        (0..60).map(|n| format!("    field{n}: {{ type: string, access: read, nullable: true }}\n")).collect();
    project.define(&format!(
        "{HEAD}{APPS}  verbs: {{ list: }}\n{}",
        BODY.replace("  storage:", &format!("{fields}  storage:"))
    ));
    let told = || project.problems().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(
        told()[0].contains("62 columns are more than the 32") && told()[0].contains("`64-column-tables`"),
        "{:?}",
        told()
    );
    for manifest in [
        "[workspace.dependencies]\ndiesel = { version = \"2\", features = [\"time\", \"64-column-tables\"] }\n",
        "[dependencies]\ndiesel = { version = \"2\", features = [\"128-column-tables\"] }\n",
    ] {
        project.write("Cargo.toml", manifest);
        assert_eq!(told(), [""; 0]);
    }
    project.write("Cargo.toml", "[dependencies]\ndiesel = \"2\"\n");
    assert_eq!(told().len(), 1);
}

/// Nobody waits for a definition that nobody reads.
#[test]
fn a_resource_has_so_many_attributes() {
    let attributes =
        |count: usize| -> String { (0..count).map(|n| format!("    field{n}: {{ type: string }}\n")).collect() };
    let of = |count| {
        report(&format!("{HEAD}{APPS}  handler: Things\n  verbs: {{ post: }}\n  attributes:\n{}", attributes(count)))
    };
    assert_eq!(of(1_000), "");
    let text = of(1_001);
    assert!(
        text.contains("error[G0116]: 1001 attributes are more than the 1000") && text.matches("error[").count() == 1
    );
}
