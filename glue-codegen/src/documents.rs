//! The OpenAPI documents and the pages of errors: each application prints its own from the table it mounts; this only builds
//! the applications, asks and files what they say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cores::on_every_core;
use crate::render::File;
use crate::workspace::Workspace;

/// The program of each application that was built.
pub type Programs = BTreeMap<String, PathBuf>;

/// Asks applications for their documents.
///
/// # Errors
/// A sentence when an application cannot be run.
pub fn ask(workspace: &Workspace, programs: &Programs) -> Result<Vec<File>, String> {
    let mut questions = Vec::new();
    for (name, program) in programs {
        questions.push((program, name, format!("openapi/{name}.json"), [].as_slice()));
        questions.push((program, name, format!("openapi/errors-{name}.md"), ["--errors"].as_slice()));
    }
    let answers = on_every_core(questions, |(program, name, path, more)| {
        Ok(File { path, text: run(&workspace.root, program, name, more)? })
    });
    answers.into_iter().collect()
}

/// Builds every application at once, or one.
///
/// # Errors
/// What cargo says.
pub fn build(workspace: &Workspace, only: Option<&str>) -> Result<Programs, String> {
    let names = workspace.apps.keys().map(String::as_str).filter(|name| only.is_none_or(|only| only == *name));
    let names: Vec<&str> = names.collect();
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&workspace.root).args(["build", "--quiet", "--message-format", "json-render-diagnostics"]);
    cargo.args(names.iter().flat_map(|name| ["--bin", name]));
    let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("{} cannot be built:\n{}", names.join(" and "), String::from_utf8_lossy(&output.stderr)));
    }
    let mut built = Programs::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(said) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let text = |pointer: &str| said.pointer(pointer).and_then(serde_json::Value::as_str).map(str::to_owned);
        if let (Some(name), Some(program)) = (text("/target/name"), text("/executable")) {
            built.insert(name, PathBuf::from(program));
        }
    }
    match names.iter().find(|name| !built.contains_key(**name)) {
        Some(missing) => Err(format!("cargo built no `{missing}`")),
        None => Ok(built),
    }
}

fn run(root: &Path, program: &Path, name: &str, more: &[&str]) -> Result<String, String> {
    let mut asked = Command::new(program);
    asked.current_dir(root).arg("openapi").args(more);
    let output = asked.output().map_err(|error| format!("{}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(format!("`{name} openapi` failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{name} openapi` did not print text"))
}
