//! What becomes of protection between two states of the definitions.

use glue_codegen::against;
use glue_codegen::diagnostic::Problems;

use crate::project::Project;

const OLD: &str = r#"resource:
  type: things
  summary: Things.
  apps: { storefront: {}, backend: { scopes: [user], owner: none } }
  owner: customerReference
  noStore: true
  verbs: { list: , get: , post: { only: [storefront] }, delete: { only: [storefront] } }
  attributes:
    uuid: { type: uuid, id: true, access: read }
    name: { type: string, required: true, max: 80 }
    note: { type: string, nullable: true, access: hidden }
    updatedAt: { type: datetime, access: read }
  storage: { table: spy_thing, owner: { column: fk_customer, identifier: surrogate } }
  errors:
    notFound: { status: 404, code: "1", detail: No. }
"#;

/// The changes from [`OLD`] to the same with some texts replaced, as `effect what`, and the problems.
fn changed(edits: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let (before, after) = (Project::new(), Project::new());
    before.define(OLD);
    let mut new = OLD.to_owned();
    for (old, edited) in edits {
        assert!(new.contains(old), "{old}");
        new = new.replace(old, edited);
    }
    after.define(&new);
    assert_eq!(after.problems().iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let mut problems = Problems::default();
    let changes = against::compare(&before.workspace().0, &after.workspace().0, &mut problems);
    let changes = changes.iter().map(|change| format!("{} {}", change.effect.as_str(), change.what.replace('\t', " ")));
    (changes.collect(), problems.sorted().iter().map(ToString::to_string).collect())
}

#[test]
fn nothing_changes_nothing() {
    assert_eq!(changed(&[]), (Vec::new(), Vec::new()));
}

#[test]
fn what_is_loosened_has_a_reason() {
    let open = |reason: &str| format!("get: {{ in: {{ storefront: {{ protected: false, owner: none{reason} }} }} }},");
    let (changes, problems) = changed(&[("get: ,", &open(""))]);
    assert_eq!(changes, ["loosened storefront GET /things/{thingId} public - - -"]);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in [
        "error[G0304]: `get` of the storefront does not need a token as it did",
        "it was: storefront GET /things/{thingId} protected - customerReference -",
        "`because: …` at the verb",
    ] {
        assert!(problem.contains(part), "{part} is not in {problem}");
    }
    let (_, problems) = changed(&[("get: ,", &open(", because: the catalogue is public"))]);
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn a_reason_is_given_anew() {
    for (old, new) in [("noStore: true", "noStore: false"), ("access: hidden", "access: read"), ("max: 80", "max: 90")]
    {
        let (changes, problems) = changed(&[(old, new)]);
        assert!(changes.iter().all(|change| change.starts_with("loosened things: ")), "{changes:?}");
        assert_eq!((changes.len(), problems.len()), (1, 1), "{problems:?}");
        let reason = ("  verbs:", "  because: it is no secret\n  verbs:");
        let (_, problems) = changed(&[(old, new), reason]);
        assert_eq!(problems, Vec::<String>::new());
    }
}

#[test]
fn what_is_tightened_added_and_removed_is_told() {
    let (changes, problems) = changed(&[
        ("list: ,", "list: { in: { storefront: { scopes: [customer] } } },"),
        (", delete: { only: [storefront] }", ", patch: { only: [storefront] }"),
    ]);
    assert_eq!(
        changes,
        [
            "tightened storefront GET /things protected customer customerReference -",
            "added storefront PATCH /things/{thingId} protected - customerReference -",
            "removed storefront DELETE /things/{thingId} protected - customerReference -",
        ]
    );
    assert_eq!(problems, Vec::<String>::new());
}
