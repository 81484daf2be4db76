//! What `glue check` says to machines.

use std::process::Command;

use serde_json::Value;

use crate::project::Project;

/// An error with an awkward character in it, and a warning.
const THINGS: &str = "resource:
  type: things
  summary: Things.
  apps: { storefront: {} }
  verbs: { list: { scopes: [\"a%b\"] } }
  attributes:
    name: { type: string, id: true, access: read }
  storage: { table: spy_thing }
  errors:
    never: { status: 400, code: \"1\", detail: No. }
";

fn check(project: &Project, format: &str) -> (Option<i32>, String) {
    let mut glue = Command::new(env!("CARGO_BIN_EXE_glue"));
    let output = glue.arg("--root").arg(project.root()).args(["check", "--format", format]).output().expect("glue");
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

fn project() -> Project {
    let project = Project::new();
    project.define(THINGS);
    project
}

#[test]
fn machines_read_the_same_findings() {
    let project = project();
    let (code, json) = check(&project, "json");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!("findings_json", json);
    insta::assert_snapshot!("findings_github", check(&project, "github").1);
    let (code, sarif) = check(&project, "sarif");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!("findings_sarif", sarif);

    // Each result has its rule, once, and stands where the list of JSON has it.
    let (json, sarif): (Value, Value) =
        (serde_json::from_str(&json).expect("JSON"), serde_json::from_str(&sarif).expect("JSON"));
    let run = &sarif["runs"][0];
    let rules: Vec<&Value> =
        run["tool"]["driver"]["rules"].as_array().expect("rules").iter().map(|rule| &rule["id"]).collect();
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), json.as_array().expect("findings").len());
    for (result, finding) in results.iter().zip(json.as_array().expect("findings")) {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(rules.iter().filter(|rule| **rule == &result["ruleId"]).count(), 1);
        assert_eq!(
            [&result["ruleId"], &result["level"], &place["artifactLocation"]["uri"], &place["region"]["startLine"]],
            [&finding["code"], &finding["severity"], &finding["file"], &finding["line"]]
        );
    }
}

/// Drift is found too, and a workspace without any ends well.
#[test]
fn nothing_found_is_an_empty_log() {
    let project = project();
    let fine = THINGS
        .replace("{ scopes: [\"a%b\"] }", "")
        .replace("  errors:\n    never: { status: 400, code: \"1\", detail: No. }\n", "");
    project.define(&fine);
    let (code, json) = check(&project, "json");
    assert!(code == Some(1) && json.contains("\"G0801\"") && !json.contains("\"warning\""), "{json}");
    project.files();
    let generated = Command::new(env!("CARGO_BIN_EXE_glue")).arg("--root").arg(project.root()).arg("generate").status();
    assert!(generated.expect("glue").success());
    assert_eq!(check(&project, "json"), (Some(0), "[]\n".to_owned()));
    let (code, sarif) = check(&project, "sarif");
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!((code, sarif["runs"][0]["results"].as_array().map(Vec::len)), (Some(0), Some(0)));
}
