//! Crates with definitions that the workspace depends on and does not own: found through the graph of dependencies.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders of these crates, in the order of the names.
///
/// # Errors
/// A sentence: what cargo says, or which name is of no dependency.
pub fn folders(root: &Path, names: &[String]) -> Result<Vec<(String, PathBuf)>, String> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["metadata", "--format-version", "1", "--quiet"]);
    let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let said: serde_json::Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = said.get("packages").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let folder = |name: &String| {
        let is_named =
            |package: &&serde_json::Value| package.get("name").and_then(serde_json::Value::as_str) == Some(name);
        let manifests = packages.iter().filter(is_named).filter_map(|package| package.get("manifest_path")?.as_str());
        let mut folders = manifests.filter_map(|manifest| Some(Path::new(manifest).parent()?.to_owned()));
        let found = folders.find(|folder| folder.join("definitions").is_dir());
        found
            .map(|folder| (name.clone(), folder))
            .ok_or_else(|| format!("glue.toml: no dependency called `{name}` has definitions"))
    };
    names.iter().map(folder).collect()
}
