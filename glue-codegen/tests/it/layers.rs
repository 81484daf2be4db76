//! Files that change the definition of another file, and actions, which become definitions of their own.

use std::fs;

use glue_codegen::diagnostic::{Code, Severity};
use glue_codegen::rows::{self, Row};

use crate::project::{Project, repository};

const THINGS: &str = "resource:
  type: things
  summary: Things.
  apps: { storefront: { scopes: [customer] }, backend: {} }
  owner: holder
  verbs: { list: , get: , patch: { only: [storefront] }, delete: { only: [storefront] } }
  attributes:
    name: { type: string, id: true, access: read }
    holder: { type: string, access: read }
    size: { type: int, required: true }
    updatedAt: { type: datetime, access: hidden }
  storage: { table: spy_thing }
  errors:
    notFound: { status: 404, code: \"901\", detail: Thing not found. }
";

/// A workspace whose applications know the same people, so that one owner is an owner in both.
fn project() -> Project {
    let project = Project::new();
    let manifest = project.read("glue.toml").replace("identity = \"user\"", "identity = \"customer\"");
    project.write("glue.toml", &manifest);
    project
}

/// The resource below and some files above it.
fn layered(overs: &[&str]) -> Project {
    let project = project();
    project.define(THINGS);
    for (number, over) in overs.iter().enumerate() {
        project.write(&format!("resources/storefront/definitions/things-{number}.resource.yml"), over);
    }
    project
}

fn report(project: &Project) -> String {
    project.problems().iter().map(|problem| format!("{problem}\n\n")).collect()
}

fn lines(project: &Project) -> Vec<String> {
    let (workspace, problems) = project.workspace();
    let errors: Vec<String> =
        problems.sorted().iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    rows::all(&workspace).iter().map(Row::line).collect()
}

#[test]
fn an_override_tightens_adds_and_removes_field_by_field() {
    let over = "override:
  type: things
  remove: [verbs.delete]
  verbs: { list: { only: [backend] }, get: { scopes: [] } }
  attributes: { size: { max: 3 }, colour: { type: string, access: read } }
";
    // `scopes: []` asks for less than `customer`.
    assert!(report(&layered(&[over])).contains("G0304"));
    let over = over.replace(", get: { scopes: [] }", "");
    let project = layered(&[&over]);
    let lines = lines(&project);
    assert_eq!(
        lines,
        [
            "backend\tGET\t/things\tprotected\t-\tholder\t-",
            "backend\tGET\t/things/{thingId}\tprotected\t-\tholder\t-",
            "storefront\tGET\t/things/{thingId}\tprotected\tcustomer\tholder\t-",
            "storefront\tPATCH\t/things/{thingId}\tprotected\tcustomer\tholder\t-",
        ]
    );
    let (workspace, _) = project.workspace();
    let things = workspace.definitions().next().expect("one definition");
    let names: Vec<&str> = things.attributes.iter().map(|attribute| attribute.name.it.as_str()).collect();
    assert_eq!(names, ["name", "holder", "size", "updatedAt", "colour"]);
    assert_eq!(things.attributes.get(2).and_then(|size| size.max), Some(3));
    // Each row says which file it comes from.
    let routes = &project.files().into_iter().find(|file| file.path.ends_with("things/routes.rs")).expect("it").text;
    assert!(routes.contains("source: \"things.resource.yml:6\""), "{routes}");
    assert!(routes.contains("source: \"things-0.resource.yml:4\""), "{routes}");
}

#[test]
fn protecting_less_needs_a_reason() {
    for (over, why) in [
        ("verbs: { get: { protected: optional } }", "does not need a token"),
        ("apps: { storefront: { scopes: [] } }", "does not ask for every scope"),
        ("verbs: { list: { owner: none } }", "does not ask for an owner"),
    ] {
        let without = layered(&[&format!("override:\n  type: things\n  {over}\n")]);
        let text = report(&without);
        assert!(text.contains("error[G0304]") && text.contains(why), "{over}: {text}");
        // Both sides are shown.
        assert!(text.contains("things-0.resource.yml:3") && text.contains("things.resource.yml:6"), "{text}");
        let with = layered(&[&format!("override:\n  type: things\n  because: a fair is on\n  {over}\n")]);
        let lines = lines(&with);
        assert!(lines.iter().any(|line| line.ends_with("\ta fair is on")), "{lines:?}");
    }
    let scoped =
        layered(&["override:\n  type: things\n  because: a fair is on\n  verbs: { get: { protected: false } }\n"]);
    assert!(report(&scoped).contains("error[G0203]: the storefront asks for a scope, but `get` is public"));
    let needless = layered(&["override:\n  type: things\n  because: no reason\n  summary: Other things.\n"]);
    assert!(report(&needless).contains("error[G0207]"));
}

#[test]
fn a_loosened_verb_shows_both_files() {
    insta::assert_snapshot!(report(&layered(&["override:\n  type: things\n  verbs: { get: { protected: optional } }\n"])), @r"
error[G0304]: `get` of the storefront does not need a token as it does below
 --> resources/storefront/definitions/things-0.resource.yml:3:30
  |
3 |   verbs: { get: { protected: optional } }
  |                              ^^^^^^^^ looser here
  |
 ::: resources/things/definitions/things.resource.yml:6:20
  |
6 |   verbs: { list: , get: , patch: { only: [storefront] }, delete: { only: [storefront] } }
  |                    --- than here
  |
  = help: say why: `because: …` at the verb, or at the override for all of it
");
}

#[test]
fn layers_that_contradict_each_other_are_refused() {
    let one = "override:\n  type: things\n  summary: One.\n";
    let two = "override:\n  type: things\n  summary: Two.\n";
    insta::assert_snapshot!(report(&layered(&[one, two])), @r"
error[G0302]: `summary` cannot be kept twice: two overrides say it
 --> resources/storefront/definitions/things-1.resource.yml:3:3
  |
3 |   summary: Two.
  |   ^^^^^^^ here
  |
 ::: resources/storefront/definitions/things-0.resource.yml:3:3
  |
3 |   summary: One.
  |   ------- and here
");
    for over in ["attributes: { size: big }", "summary: { text: Things. }"] {
        let project = layered(&[&format!("override:\n  type: things\n  {over}\n")]);
        assert!(report(&project).contains("error[G0302]"), "{over}");
    }
}

#[test]
fn an_override_without_anything_below_is_refused() {
    let problems = layered(&["override:\n  type: thinks\n  summary: T.\n"]).problems();
    let found = problems.iter().find(|problem| problem.code == Code::NothingBelow).expect("G0301");
    assert!(found.to_string().contains("did you mean `things`?"));
    for remove in ["[verbs.post]", "[nothing.at.all]", "[summary.text]"] {
        let project = layered(&[&format!("override:\n  type: things\n  remove: {remove}\n")]);
        assert!(report(&project).contains("error[G0303]"), "{remove}");
    }
    for wrong in ["remove: verbs", "remove: [[verbs]]", "because: [1]", "typo: 1"] {
        let project = layered(&[&format!("override:\n  type: things\n  {wrong}\n")]);
        assert!(report(&project).contains("error["), "{wrong}");
    }
    assert!(report(&layered(&["override:\n  summary: T.\n"])).contains("error[G0106]"));
}

#[test]
fn an_action_is_a_row_with_a_path_below_its_resource() {
    let project = layered(&["override:
  type: things
  actions:
    pack: { method: post, path: \"{id}/pack\", input: [size], handler: PackThing, only: [storefront], scopes: [], because: whoever packs is known, summary: Pack it. }
    burn: { method: post, path: \"{id}/ashes/burn\", empty: true, handler: BurnThing, only: [storefront] }
"]);
    let lines = lines(&project);
    assert!(
        lines.contains(
            &"storefront\tPOST\t/things/{thingId}/pack\tprotected\t-\tholder\twhoever packs is known".to_owned()
        ),
        "{lines:?}"
    );
    assert!(
        lines.contains(&"storefront\tPOST\t/things/{thingId}/ashes/burn\tprotected\tcustomer\tholder\t-".to_owned())
    );
    let files = project.files();
    let text =
        |path: &str| files.iter().find(|file| file.path.ends_with(path)).map(|file| file.text.clone()).expect(path);
    assert!(
        text("thing_pack/api.rs").contains("fn create(\n        cx: &Authed<Create>,\n        input: CreateThingPack,")
    );
    assert!(text("thing_burn/api.rs").contains("-> impl Future<Output = Outcome<()>>"));
    assert!(text("thing_burn/routes.rs").contains("status: 204"));
    assert!(text("thing_pack/mount.rs").contains("use crate::thing_pack::PackThing as Behaviour;"));
}

/// A child that nobody reads any more is read by whoever reads its parent: what its own verbs asked for is lost.
#[test]
fn a_child_without_readers_has_a_reason() {
    let child = "resource:
  type: parts
  summary: Parts.
  apps: { storefront: {} }
  parent: { resource: things }
  verbs: { list: { scopes: [customer] }, post: { scopes: [customer] } }
  attributes:
    uuid: { type: uuid, id: true, access: read }
    name: { type: string, required: true, max: 80 }
  storage: { table: spy_part }
  errors:
    parentNotFound: { status: 404, code: \"901\", detail: Thing not found. }
";
    let project = project();
    project.define(THINGS);
    project.write("resources/things/definitions/parts.resource.yml", child);
    let told = |over: &str| {
        project
            .write("resources/storefront/definitions/parts.resource.yml", &format!("override:\n  type: parts\n{over}"));
        report(&project)
    };
    let text = told("  remove: [verbs.list]\n");
    assert!(text.contains("error[G0304]: `parts` is read through its parent"), "{text}");
    let text = told("  because: parts are no secret\n  remove: [verbs.list]\n");
    assert!(!text.contains("error["), "{text}");
    project.write(
        "resources/things/definitions/parts.resource.yml",
        &child.replace("list: { scopes: [customer] }", "list: "),
    );
    let text = told("  remove: [verbs.list]\n");
    assert!(!text.contains("error["), "{text}");
}

#[test]
fn an_action_sends_attributes_that_exist() {
    let action = |keys: &str| format!("override:\n  type: things\n  actions: {{ pack: {{ {keys} }} }}\n");
    for (keys, code) in [
        ("method: post, path: \"{id}/pack\", input: [siz], handler: Pack", "G0412"),
        ("method: put, path: \"{id}/pack\", handler: Pack", "G0102"),
        ("method: post, path: \"{id}/../pack\", handler: Pack", "G0112"),
        ("method: post, path: \"a b\", handler: Pack", "G0112"),
        ("method: post, handler: Pack", "G0106"),
        ("method: post, path: \"{id}/pack\"", "G0106"),
        ("path: \"{id}/pack\", handler: Pack", "G0106"),
        ("method: post, path: \"{id}/pack\", handler: Pack, status: 404", "G0109"),
    ] {
        let text = report(&layered(&[&action(keys)]));
        assert!(text.contains(&format!("error[{code}]")), "{keys}: {text}");
    }
}

#[test]
fn a_custom_route_has_no_place_for_a_resource() {
    let project = project();
    project.define(&THINGS.replace("  owner: holder\n", "  path: /some/things\n"));
    let text = report(&project);
    assert!(text.contains("a custom route has no place for an id") && text.contains("no place for storage"), "{text}");
}

#[test]
fn versions_of_a_type_stand_beside_each_other() {
    let project = project();
    project.define(&THINGS.replace("  type: things\n", "  type: things\n  version: 1.0\n"));
    let second = THINGS.replace("  type: things\n", "  type: things\n  version: \"1.10\"\n").replace("size", "volume");
    project.write("resources/domain/definitions/things-2.resource.yml", &second);
    let over = |version: &str| {
        format!(
            "override:\n  type: things\n{version}  verbs: {{ delete: {{ only: [storefront, backend], owner: none, because: tidying }} }}\n"
        )
    };
    let lines = lines(&project);
    assert!(lines.iter().any(|line| line.contains("\t/v1.0/things\t")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("\t/v1.10/things/{thingId}\t")), "{lines:#?}");
    project.write("resources/storefront/definitions/over.resource.yml", &over(""));
    assert!(report(&project).contains("`things` has several versions"));
    project.write(
        "resources/storefront/definitions/over.resource.yml",
        "override:\n  type: things\n  version: \"1.10\"\n  remove: [verbs.delete]\n",
    );
    let deletes = self::lines(&project).into_iter().filter(|line| line.contains("\tDELETE\t")).collect::<Vec<_>>();
    assert_eq!(deletes.len(), 1, "{deletes:#?}");
    project.write("resources/domain/definitions/things-3.resource.yml", &second);
    assert!(report(&project).contains("version 1.10 of `things` is defined twice"));
}

#[test]
fn an_application_has_the_newest_version_of_what_it_has() {
    let project = project();
    project.define(&THINGS.replace("  type: things\n", "  type: things\n  version: \"1.0\"\n"));
    let newest = THINGS
        .replace("  type: things\n", "  type: things\n  version: \"2.0\"\n")
        .replace("backend: {} }", "}")
        .replace("{ scopes: [customer] }, }", "{ scopes: [customer] } }");
    project.write("resources/domain/definitions/things-2.resource.yml", &newest);
    assert!(report(&project).contains("the backend has an older version of `things` and not the newest"));
}

#[test]
fn a_version_is_two_numbers_and_has_no_custom_route() {
    for wrong in ["2", "v2.0", "0.1", "1.01", "x"] {
        let project = project();
        project.define(&THINGS.replace("  type: things\n", &format!("  type: things\n  version: \"{wrong}\"\n")));
        assert!(report(&project).contains("is no version"), "{wrong}");
    }
    let project = project();
    let action = "  actions: { share: { method: post, path: \"{id}/share\", handler: Share } }\n";
    project.define(&THINGS.replace("  type: things\n", &format!("  type: things\n  version: \"2.0\"\n{action}")));
    assert!(report(&project).contains("a version has no place for actions"));
}

const REVIEWS: &str = "resource:
  type: reviews
  summary: Reviews.
  apps: { storefront: { scopes: [customer] }, backend: { owner: none, verbs: [list, get, moderate] } }
  owner: customerReference
  entityTag: required
  multiFactor: true
  verbs:
    list: { scopes: [], because: Every token may read. }
    get: { only: [storefront] }
    patch: { only: [storefront] }
  actions: { peek: { method: get, path: \"{id}/peek\", only: [storefront], handler: Peek } }
  attributes:
    uuid: { type: uuid, id: true, access: read }
    customerReference: { type: string, access: read }
    title: { type: string, required: [patch], max: 20, rules: [{ pattern: \"^[a-z]+$\", error: odd }] }
    state: { type: string, nullable: true, access: read }
    margin: { type: int, nullable: true, access: hidden }
    source: { type: string, nullable: true, access: read, only: [backend] }
    updatedAt: { type: datetime, access: read }
  storage: { table: spy_review, unique: [[customerReference, title]] }
  errors:
    notFound: { status: 404, code: \"1\", detail: No. }
    duplicate: { status: 400, code: \"2\", detail: Again. }
    odd: { status: 400, code: \"3\", detail: Odd. }
";

const VOTES: &str = "resource:
  type: votes
  summary: Votes.
  apps: { storefront: {} }
  parent: { resource: reviews }
  verbs: { list: , get: }
  actions: { weigh: { method: get, path: \"{id}/weigh\", handler: Weigh } }
  attributes:
    uuid: { type: uuid, id: true, access: read }
    weight: { type: int, access: read }
  storage: { table: spy_vote }
  errors:
    notFound: { status: 404, code: \"4\", detail: No. }
";

fn reviewed(layers: &[&str]) -> Project {
    let project = project();
    let reviews = REVIEWS.replace(", moderate]", "]");
    project.write("resources/things/definitions/reviews.resource.yml", &reviews);
    project.write("resources/things/definitions/votes.resource.yml", VOTES);
    for (number, layer) in layers.iter().enumerate() {
        project.write(&format!("resources/storefront/definitions/layer-{number}.resource.yml"), layer);
    }
    project
}

/// What a layer gives away has a reason in that layer, whatever it is that it gives away.
#[test]
fn nothing_is_given_away_in_silence() {
    assert_eq!(report(&reviewed(&[])), "");
    for (kind, over) in [
        ("reviews", "actions: { peek: { protected: optional } }"),
        ("reviews", "actions: { peek: { owner: none } }"),
        ("reviews", "actions: { peek: { scopes: [] } }"),
        ("reviews", "apps: { storefront: { owner: none } }\n  remove: [verbs.patch]"),
        ("reviews", "verbs: { get: { scopes: [] } }"),
        ("reviews", "verbs: { list: { protected: optional } }"),
        ("reviews", "multiFactor: false"),
        ("reviews", "entityTag: offered"),
        ("reviews", "remove: [verbs.get.only]"),
        ("reviews", "remove: [attributes.title.max]"),
        ("reviews", "attributes: { title: { max: 30 } }"),
        ("reviews", "attributes: { title: { rules: [{ pattern: \".*\", error: odd }] } }"),
        ("reviews", "attributes: { margin: { access: read } }"),
        ("reviews", "attributes: { state: { access: read-write } }"),
        ("reviews", "attributes: { source: { only: [backend, storefront] } }"),
        ("reviews", "remove: [attributes.source.only]"),
        ("reviews", "attributes: { customerReference: { column: other_reference } }"),
        (
            "reviews",
            "attributes: { shown: { type: int, nullable: true, access: read, column: margin } }\n  remove: [attributes.margin]",
        ),
        ("reviews", "remove: [storage.unique, errors.duplicate]"),
        ("votes", "verbs: { list: { owner: none } }"),
        ("votes", "actions: { weigh: { owner: none } }"),
        ("votes", "remove: [parent]"),
    ] {
        let layer = |because: &str| format!("override:\n  type: {kind}\n{because}  {over}\n");
        let silent = report(&reviewed(&[&layer("")]));
        assert!(silent.contains("error[G0304]"), "{over}: {silent}");
        let said = report(&reviewed(&[&layer("  because: the shop wants it\n")]));
        assert!(!said.contains("error["), "{over}: {said}");
    }
}

/// A reason is that of one layer: it justifies neither another one, nor what a verb below was excused for.
#[test]
fn a_reason_is_that_of_its_own_layer() {
    let wider = "override:\n  type: reviews\n  because: longer titles are fine\n  attributes: { title: { max: 30 } }\n";
    let open = "override:\n  type: reviews\n  verbs: { get: { protected: optional } }\n";
    assert!(!report(&reviewed(&[wider])).contains("error["));
    assert!(report(&reviewed(&[wider, open])).contains("error[G0304]: `get` of the storefront"));
    let strict = "override:\n  type: votes\n  multiFactor: true\n  verbs: { list: { scopes: [customer] } }\n";
    let undone = "override:\n  type: votes\n  remove: [multiFactor, verbs.list.scopes]\n";
    assert!(!report(&reviewed(&[strict])).contains("error["));
    let text = report(&reviewed(&[strict, undone]));
    assert_eq!(text.matches("error[G0304]").count(), 2, "{text}");
}

/// An action belongs to whom the rows belong to that it is about.
#[test]
fn the_action_of_a_child_is_owned() {
    let lines = lines(&reviewed(&[]));
    let weigh = "storefront\tGET\t/reviews/{reviewId}/votes/{voteId}/weigh\tprotected\t-\tcustomerReference\t-";
    assert!(lines.iter().any(|line| line == weigh), "{lines:#?}");
}

/// What a row says is data that a layer over a compiled module may change, or what that module's own code was made for: a
/// field new to rows is one of both.
#[test]
fn every_field_of_a_row_is_a_layers_or_the_modules() {
    const MODULES: &[&str] = &[
        "application",
        "resource",
        "verb",
        "path",
        "place",
        "path_examples",
        "operation_id",
        "owner",
        "wire",
        "request",
        "status",
        "response",
        "answered",
        "limits",
        "parameters",
        "input",
        "includes",
        "version",
        "errors",
        "source",
    ];
    let read = |path: &str| fs::read_to_string(repository().join(path)).expect("a file");
    let row = read("glue-core/src/route/def.rs");
    let row = row.split("pub struct RouteDef {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("the row");
    let fields = row.lines().filter_map(|line| line.strip_prefix("    pub ")?.split(':').next());
    let changed = read("glue-codegen/src/render/layered.rs");
    let changed = changed.split("fn row_fields(").nth(1).and_then(|rest| rest.split("\n}").next()).expect("the list");
    let (mut known, mut layers) = (0, 0);
    for field in fields {
        let is_layers = changed.contains(&format!("(\"{field}\","));
        assert!(is_layers != MODULES.contains(&field), "`{field}`: may a layer change it?");
        (known, layers) = (known + 1, layers + usize::from(is_layers));
    }
    assert_eq!((known, layers), (MODULES.len() + layers, changed.matches("        (\"").count()));
}
