//! What the documentation shows is what the generator takes.

use std::fs;

use glue_codegen::rows;

use crate::project::{Project, repository};

#[test]
fn the_example_of_the_reference_generates() {
    let text = fs::read_to_string(repository().join("glue-codegen/README.md")).expect("the reference");
    let yaml = text.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let project = Project::new();
    project.define(yaml);
    assert!(project.problems().is_empty());
    assert_eq!(rows::all(&project.workspace().0).len(), 5);
    project.files();
}

#[test]
fn the_layer_of_the_reference_lies_over_the_definition() {
    let text = fs::read_to_string(repository().join("glue-codegen/README.md")).expect("the reference");
    let yaml = text.split("```yaml\n").nth(2).and_then(|rest| rest.split("```").next()).expect("a second example");
    let project = Project::of_this_repository();
    project.write("resources/storefront/definitions/wishlists.resource.yml", yaml);
    let problems: Vec<String> = project.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    let lines: Vec<String> = rows::all(&project.workspace().0).iter().map(rows::Row::line).collect();
    assert!(lines.contains(&"storefront\tGET\t/wishlists\tprotected\tcustomer\tcustomerReference\ta name may have every letter that its language has".to_owned()));
    assert!(!lines.iter().any(|line| line.contains("DELETE\t/wishlists/{wishlistId}\t")));
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
    assert_eq!((row.app, row.protection(), row.owner), ("storefront", "protected", Some("customerReference")));
    project.files();
}
