//! Crates that the workspace depends on: found through the graph of dependencies, as cargo sees it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// A crate of the graph.
#[derive(Clone, Debug)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where cargo has it from, as cargo writes it; none for a folder of this machine.
    pub source: Option<String>,
    /// The folder of its manifest.
    pub folder: PathBuf,
    /// Whether it is one of the workspace's own.
    pub is_member: bool,
    /// The ids of what it is compiled against.
    below: Vec<String>,
}

impl Package {
    /// Whether it defines resources.
    #[must_use]
    pub fn has_definitions(&self) -> bool {
        self.folder.join("definitions").is_dir()
    }
}

/// Every crate that the workspace is compiled from.
#[derive(Clone, Debug, Default)]
pub struct Packages(Vec<Package>);

/// What is read of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Described>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Described {
    id: String,
    name: String,
    version: String,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Resolved>,
}

#[derive(Deserialize)]
struct Resolved {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Packages {
    /// Asks cargo for the graph of the workspace at `root`.
    ///
    /// # Errors
    /// A sentence: what cargo says.
    pub fn read(root: &Path) -> Result<Self, String> {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(root).args(["metadata", "--format-version", "1", "--quiet"]);
        let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
        if !output.status.success() {
            return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        let said: Metadata =
            serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
        let compiled = |of: &&Dependency| of.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
        let package = |described: Described| Package {
            is_member: said.workspace_members.contains(&described.id),
            below: said
                .resolve
                .nodes
                .iter()
                .filter(|node| node.id == described.id)
                .flat_map(|node| node.deps.iter().filter(compiled).map(|of| of.pkg.clone()))
                .collect(),
            folder: described.manifest_path.parent().map(Path::to_owned).unwrap_or_default(),
            id: described.id,
            name: described.name,
            version: described.version,
            source: described.source,
        };
        Ok(Self(said.packages.into_iter().map(package).collect()))
    }

    /// The crate of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Package> {
        self.0.iter().find(|package| package.name == name)
    }

    /// The crate of this name that defines resources.
    #[must_use]
    pub fn defining(&self, name: &str) -> Option<&Package> {
        self.0.iter().find(|package| package.name == name && package.has_definitions())
    }

    /// Whether the crate in this folder is one of them.
    #[must_use]
    pub fn has(&self, folder: &Path) -> bool {
        self.0.iter().any(|package| package.folder == folder)
    }

    /// A crate, and those that are compiled against it and are not the workspace's own, by their names.
    #[must_use]
    pub fn with_dependents<'a>(&'a self, of: &'a Package) -> Vec<&'a Package> {
        let mut found = vec![of];
        loop {
            let names_one = |package: &&Package| {
                let below = |id: &String| found.iter().any(|known| known.id == *id);
                !package.is_member && package.below.iter().any(below)
            };
            let new = |package: &&Package| !found.iter().any(|known| known.id == package.id);
            let next: Vec<&Package> = self.0.iter().filter(names_one).filter(new).collect();
            if next.is_empty() {
                found.sort_by(|one, other| one.name.cmp(&other.name));
                return found;
            }
            found.extend(next);
        }
    }
}

/// The folders of crates with definitions that the workspace does not own, in the order of the names.
///
/// # Errors
/// A sentence: what cargo says, or which name is of no dependency.
pub fn folders(root: &Path, names: &[String]) -> Result<Vec<(String, PathBuf)>, String> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let packages = Packages::read(root)?;
    let folder = |name: &String| {
        let found = packages.defining(name).map(|package| (name.clone(), package.folder.clone()));
        found.ok_or_else(|| format!("glue.toml: no dependency called `{name}` has definitions"))
    };
    names.iter().map(folder).collect()
}
