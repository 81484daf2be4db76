//! What the documentation shows is what the generator takes.

use std::fs;

use glue_codegen::rows;

use crate::project::{Project, repository};

/// The YAML examples of the reference that begin with a key.
fn examples(key: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join("glue-codegen/README.md")).expect("the reference");
    let examples = text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    examples.filter(|yaml| yaml.starts_with(key)).map(str::to_owned).collect()
}

#[test]
fn the_definitions_of_the_reference_generate() {
    let project = Project::new();
    let definitions = examples("resource:");
    definitions.iter().for_each(|yaml| project.define(yaml));
    assert_eq!(project.problems().iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    project.files();
    let rows = |name: &str| {
        let workspace = project.workspace().0;
        let here = |row: &&rows::Row<'_>| row.path.split('/').nth(1) == Some(name);
        rows::all(&workspace).iter().filter(here).count()
    };
    assert_eq!(["wishlists", "loyalty-tiers", "orders"].map(rows), [5, 3, 11]);
    let lines: usize =
        definitions.iter().skip(2).map(|yaml| yaml.lines().filter(|line| !line.is_empty()).count()).sum();
    assert!(lines <= 45, "the orders are told in {lines} lines");
}

#[test]
fn the_layer_of_the_reference_lies_over_the_definition() {
    let [yaml, over_module] = &examples("override:")[..] else { panic!("two layers") };
    let project = Project::of_this_repository();
    project.write("resources/storefront/definitions/wishlists.resource.yml", yaml);
    let problems: Vec<String> = project.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    let lines: Vec<String> = rows::all(&project.workspace().0).iter().map(rows::Row::line).collect();
    assert!(lines.contains(&"storefront\tGET\t/wishlists\tprotected\tcustomer\tcustomerReference\ta name may have every letter that its language has".to_owned()));
    assert!(!lines.iter().any(|line| line.contains("DELETE\t/wishlists/{wishlistId}\t")));

    // The other one says what it may over a module, and there is less it may say.
    project.write("resources/storefront/definitions/wishlists.resource.yml", over_module);
    let problems: Vec<String> = project.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    let workspace = project.workspace().0;
    let definition = workspace.definitions().find(|definition| definition.name.it == "wishlists").expect("wishlists");
    let not_found = definition.errors.iter().find(|error| error.name.it == "notFound").expect("an error");
    assert_eq!((not_found.status, not_found.code.as_str(), not_found.german.as_deref()), (410, "2001", None));
}

#[test]
fn the_verb_that_the_walk_adds_becomes_a_protected_route() {
    let text = fs::read_to_string(repository().join("README.md")).expect("the readme");
    let diff = text.split("```diff\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a difference");
    let project = Project::of_this_repository();
    let path = "resources/customers/definitions/customers.resource.yml";
    let mut yaml = project.read(path);
    let (removed, added): (Vec<&str>, Vec<&str>) = diff.lines().partition(|line| line.starts_with('-'));
    for (old, new) in removed.iter().zip(&added) {
        let (old, new) = (old[1..].trim(), new[1..].trim());
        assert!(yaml.contains(old), "{old} is not in {path}");
        yaml = yaml.replace(old, new);
    }
    project.write(path, &yaml);
    assert!(
        project.problems().is_empty(),
        "{:?}",
        project.problems().iter().map(ToString::to_string).collect::<Vec<_>>()
    );
    let (workspace, _) = project.workspace();
    let rows = rows::all(&workspace);
    let row = rows.iter().find(|row| row.operation_id() == "update-customers").expect("the new route");
    assert_eq!((row.app, row.protection().as_str(), row.owner), ("storefront", "protected", Some("customerReference")));
    project.files();
}
