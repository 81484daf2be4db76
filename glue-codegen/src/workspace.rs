//! A workspace: its applications (`glue.toml`) and the crates that hold definitions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::actions;
use crate::definition::{Definition, Version};
use crate::diagnostic::{Code, Problem, Problems};
use crate::family;
use crate::layers::{self, Parsed};
use crate::source::Source;
use crate::yaml;

/// `glue.toml` at the root of a workspace.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The applications by name.
    pub applications: BTreeMap<String, App>,
}

/// One application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Its crate, relative to the root.
    #[serde(rename = "crate")]
    pub dir: String,
    /// The scopes that its tokens can carry, and who gets them.
    #[serde(default)]
    pub scopes: BTreeMap<String, String>,
}

/// A crate with definitions.
#[derive(Debug)]
pub struct Domain {
    /// Its folder, relative to the root, with forward slashes.
    pub dir: String,
    /// Its name.
    pub name: String,
    /// Its definitions, sorted by type.
    pub definitions: Vec<Definition>,
}

/// Everything that the generator reads.
#[derive(Debug)]
pub struct Workspace {
    /// The root.
    pub root: PathBuf,
    /// The applications.
    pub apps: BTreeMap<String, App>,
    /// The crates with definitions, sorted by folder.
    pub domains: Vec<Domain>,
}

/// What keeps a workspace from being read at all.
#[derive(Debug)]
pub struct Unreadable(pub String);

impl Workspace {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// [`Unreadable`] when `glue.toml` or a folder cannot be read; problems of definitions go to `problems`.
    pub fn read(root: &Path, problems: &mut Problems) -> Result<Self, Unreadable> {
        let path = root.join("glue.toml");
        let text = fs::read_to_string(&path).map_err(|error| Unreadable(format!("{}: {error}", path.display())))?;
        let manifest: Manifest = toml::from_str(&text).map_err(|error| Unreadable(format!("glue.toml: {error}")))?;
        let (mut dirs, mut bases, mut overrides) = (Vec::new(), Vec::new(), Vec::new());
        for folder in ["glue-auth", "resources"] {
            for dir in subfolders(&root.join(folder))? {
                let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                let relative = format!("{folder}/{name}");
                for parsed in files(root, &relative, problems)? {
                    match parsed.is_override() {
                        true => overrides.push(parsed),
                        false => bases.push((dirs.len(), parsed)),
                    }
                }
                dirs.push((relative, name));
            }
        }
        let mut domains: Vec<Domain> =
            dirs.into_iter().map(|(dir, name)| Domain { dir, name, definitions: Vec::new() }).collect();
        for (at, definition) in layers::read(bases, overrides, problems) {
            if let Some(domain) = domains.get_mut(at) {
                domain.definitions.push(definition);
            }
        }
        domains.retain(|domain| !domain.definitions.is_empty());
        for domain in &mut domains {
            domain.definitions.sort_by_key(Definition::module);
        }
        let mut workspace = Self { root: root.to_owned(), apps: manifest.applications, domains };
        workspace.refuse_twins(problems);
        family::resolve(&mut workspace, problems);
        actions::expand(&mut workspace, problems);
        Ok(workspace)
    }

    /// Every definition, in the order of folders and types.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.domains.iter().flat_map(|domain| &domain.definitions)
    }

    /// Every definition and the folder of its crate.
    pub(crate) fn located_mut(&mut self) -> impl Iterator<Item = (String, &mut Definition)> {
        self.domains.iter_mut().flat_map(|domain| {
            let dir = domain.dir.clone();
            domain.definitions.iter_mut().map(move |definition| (dir.clone(), definition))
        })
    }

    fn refuse_twins(&self, problems: &mut Problems) {
        let mut seen: BTreeMap<(&str, Option<Version>), &Definition> = BTreeMap::new();
        for definition in self.definitions() {
            let version = definition.version.as_ref().map(|at| at.it);
            if let Some(first) = seen.insert((&definition.name.it, version), definition) {
                let message = match version {
                    Some(version) => format!("version {version} of `{}` is defined twice", definition.name.it),
                    None => format!("`{}` is defined twice", definition.name.it),
                };
                let problem =
                    Problem::new(Code::DuplicateResource, &definition.source, definition.name.span.clone(), message);
                problems.add(problem.label("here again").other(&first.source, first.name.span.clone(), "first here"));
            }
        }
    }
}

/// The definition files of a crate, parsed.
fn files(root: &Path, dir: &str, problems: &mut Problems) -> Result<Vec<Parsed>, Unreadable> {
    let mut files = Vec::new();
    for path in entries(&root.join(dir).join("definitions"))? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".resource.yml"))
        else {
            continue;
        };
        let text = fs::read_to_string(&path).map_err(|error| Unreadable(format!("{}: {error}", path.display())))?;
        let source = Source::new(format!("{dir}/definitions/{name}"), text.replace("\r\n", "\n"));
        files.extend(yaml::parse(&source, problems).map(|tree| Parsed { source, tree }));
    }
    Ok(files)
}

fn subfolders(path: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    Ok(entries(path)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// The entries of a folder, sorted; none when it does not exist.
fn entries(path: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let failed = |error: std::io::Error| Unreadable(format!("{}: {error}", path.display()));
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    Ok(entries)
}
