//! The OpenAPI documents and the pages of errors: each application prints its own from the table it mounts; this only asks and files them.

use std::path::Path;
use std::process::Command;

use crate::render::File;
use crate::workspace::Workspace;

/// Asks every application, or one, for its document.
///
/// # Errors
/// A sentence when an application cannot be built or run.
pub fn ask(workspace: &Workspace, only: Option<&str>) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    for name in workspace.apps.keys().filter(|name| only.is_none_or(|only| only == name.as_str())) {
        files.push(File { path: format!("openapi/{name}.json"), text: run(&workspace.root, name, &[])? });
        let errors = run(&workspace.root, name, &["--errors"])?;
        files.push(File { path: format!("openapi/errors-{name}.md"), text: errors });
    }
    Ok(files)
}

fn run(root: &Path, name: &str, more: &[&str]) -> Result<String, String> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["run", "--quiet", "--bin", name, "--", "openapi"]).args(more);
    let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{name} openapi` failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{name} openapi` did not print text"))
}
