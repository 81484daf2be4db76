//! From tables that were to tables that definitions ask for.

use glue_codegen::migration::{self, Change, Dialect};
use glue_codegen::schema::Schema;

use crate::project::Project;

const REVIEWS: &str = "resource:
  type: reviews
  summary: Reviews.
  apps: { storefront: {} }
  owner: customerReference
  verbs: { list: , get: , post: , patch: , delete: }
  attributes:
    uuid:      { type: uuid, id: true, access: read }
    title:     { type: string, required: true, max: 80 }
    createdAt: { type: datetime, access: read }
    updatedAt: { type: datetime, access: read }
  storage: { table: review, owner: { column: fk_customer, identifier: surrogate }, unique: [[customerReference, title]] }
  errors:
    notFound: { status: 404, code: \"9001\", detail: Can't find review. }
    duplicate: { status: 400, code: \"9002\", detail: There is one already. }
";

fn schema(yaml: &str) -> Schema {
    let project = Project::new();
    project.define(yaml);
    let (workspace, problems) = project.workspace();
    let problems: Vec<String> = problems.sorted().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    Schema::of(&workspace)
}

/// The same definition with another line for an attribute, or one more.
fn with(old: &str, new: &str) -> Schema {
    assert!(REVIEWS.contains(old), "{old}");
    schema(&REVIEWS.replace(old, new))
}

const TITLE: &str = "    title:     { type: string, required: true, max: 80 }\n";

#[test]
fn a_new_table_comes_in_three_dialects_and_goes_again() {
    let changes = migration::changes(&Schema::default(), &schema(REVIEWS)).expect("a migration");
    let text: Vec<String> = Dialect::ALL
        .iter()
        .map(|dialect| {
            let (up, down) = migration::sql(&changes, *dialect);
            format!("-- {}\n{up}-- down\n{down}", dialect.folder())
        })
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_snapshot_is_read_as_it_was_written() {
    let schema = schema(REVIEWS);
    assert_eq!(Schema::parse(schema.to_string().lines()), schema);
    assert_eq!(migration::changes(&schema, &schema), Ok(Vec::new()));
}

#[test]
fn what_rows_survive_is_one_step_and_its_way_back() {
    let old = schema(REVIEWS);
    let steps = |new: &Schema| {
        let changes = migration::changes(&old, new).expect("a migration");
        let (up, down) = migration::sql(&changes, Dialect::Postgres);
        format!("{up}-- down\n{down}")
    };
    let body = format!("{TITLE}    body:      {{ type: text, nullable: true }}\n");
    insta::assert_snapshot!(
        [
            steps(&with(TITLE, &body)),
            steps(&with("max: 80", "max: 120")),
            steps(&with(", unique: [[customerReference, title]]", "")),
        ]
        .join("\n")
    );
}

#[test]
fn what_rows_do_not_survive_is_refused_with_a_way_around() {
    let old = schema(REVIEWS);
    let body = format!("{TITLE}    body:      {{ type: text, required: true }}\n");
    for (new, what, why) in [
        (with(TITLE, &body), "review.body", "the rows that are there have no value for it"),
        (with("max: 80", "max: 40"), "review.title", "what is stored in it may not fit"),
        (
            with("type: string, required: true, max: 80", "type: int, required: true"),
            "review.title",
            "what is stored in it may not fit",
        ),
    ] {
        let refused = migration::changes(&old, &new).expect_err("refused");
        assert_eq!((refused[0].what.as_str(), refused[0].why), (what, why));
        assert!(refused[0].help.contains("next release"), "{}", refused[0].help);
    }
}

#[test]
fn what_loses_rows_says_so() {
    let old = schema(REVIEWS);
    let fewer = with(", unique: [[customerReference, title]]", "");
    let fewer = Schema::parse(fewer.to_string().lines().filter(|line| !line.contains(" title ")));
    let changes = migration::changes(&old, &fewer).expect("a migration");
    let destructive: Vec<String> = changes.iter().filter(|change| change.is_destructive()).map(Change::words).collect();
    assert_eq!(destructive, ["drop column review.title, with what is in it"]);
    let gone = migration::changes(&old, &Schema::default()).expect("a migration");
    assert!(gone.iter().all(Change::is_destructive));
}

#[test]
fn an_enum_holds_its_words_in_three_dialects() {
    let state = |words: &str| {
        let line = format!("    state:     {{ type: enum, values: [{words}], default: new }}\n{TITLE}");
        with(TITLE, &line)
    };
    let steps = |old: &Schema, new: &Schema| {
        let changes = migration::changes(old, new).expect("a migration");
        let words: Vec<String> = changes.iter().map(Change::words).collect();
        let sql = Dialect::ALL.map(|dialect| {
            let (up, down) = migration::sql(&changes, dialect);
            format!("-- {}\n{up}-- down\n{down}", dialect.folder())
        });
        format!("{}\n{}", words.join("\n"), sql.join(""))
    };
    let (old, new) = (schema(REVIEWS), state("new, \"it's\""));
    assert_eq!(Schema::parse(new.to_string().lines()), new);
    let more = state("new, \"it's\", gone");
    insta::assert_snapshot!([steps(&old, &new), steps(&new, &more), steps(&more, &old)].join("\n"));
}
