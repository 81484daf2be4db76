//! Reads a workspace: `glue.toml`, then the definitions of its crates, layer upon layer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::definition::{Definition, Version};
use crate::diagnostic::{Code, Problem, Problems};
use crate::layers::{self, Parsed};
use crate::source::Source;
use crate::workspace::{App, Domain, WIDTHS, Workspace};
use crate::{actions, family, modules, names, yaml};

/// The folders of a workspace whose crates have definitions, relative to its root.
pub const FOLDERS: [&str; 2] = ["glue-auth", "resources"];

/// `glue.toml` at the root of a workspace.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    /// The applications by name.
    applications: BTreeMap<String, App>,
    /// Crates with definitions that the workspace depends on: the applications mount them too.
    #[serde(default)]
    modules: Vec<String>,
}

/// A crate with definitions, before they are read.
struct Place {
    dir: String,
    name: String,
    elsewhere: Option<PathBuf>,
}

/// The definition files of a workspace, parsed: those that define a type, each with the number of its crate, and layers.
struct Files {
    bases: Vec<(usize, Parsed)>,
    overrides: Vec<Override>,
}

/// A layer, and the number of the crate that it is in.
struct Override {
    at: usize,
    file: Parsed,
}

impl Files {
    fn of(root: &Path, places: &[Place], problems: &mut Problems) -> Result<Self, Unreadable> {
        let (mut bases, mut overrides) = (Vec::new(), Vec::new());
        for (at, place) in places.iter().enumerate() {
            let folder = place.elsewhere.clone().unwrap_or_else(|| root.join(&place.dir));
            for file in files(&folder, &place.dir, problems)? {
                match file.is_override() {
                    true => overrides.push(Override { at, file }),
                    false => bases.push((at, file)),
                }
            }
        }
        Ok(Self { bases, overrides })
    }

    /// Without what this workspace lays over the resources of others.
    fn without_layers(self, places: &[Place]) -> Self {
        let Self { bases, overrides } = self;
        let files = Self { bases, overrides: Vec::new() };
        let overrides = overrides.into_iter().filter(|over| !over.is_over_foreign(&files, places)).collect();
        Self { overrides, ..files }
    }
}

impl Override {
    /// Whether it changes what somebody else owns, and is not theirs.
    fn is_over_foreign(&self, files: &Files, places: &[Place]) -> bool {
        let is_foreign = |at: usize| places.get(at).is_some_and(|place| place.elsewhere.is_some());
        let mut below = files.bases.iter().filter(|(_, base)| self.file.is_over(base));
        !is_foreign(self.at) && below.any(|(at, _)| is_foreign(*at))
    }
}

/// What keeps a workspace from being read at all.
#[derive(Debug)]
pub struct Unreadable(pub String);

impl Workspace {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    /// [`Unreadable`] when `glue.toml` or a folder cannot be read; problems of definitions go to `problems`.
    pub fn read(root: &Path, problems: &mut Problems) -> Result<Workspace, Unreadable> {
        let manifest = manifest(root)?;
        let places = places(root, &manifest.modules)?;
        let files = Files::of(root, &places, problems)?;
        let is_layered = files.overrides.iter().any(|over| over.is_over_foreign(&files, &places));
        let mut workspace = Self::assembled(root, &manifest, &places, files, problems);
        if is_layered {
            // What is wrong with them is told above.
            let files = Files::of(root, &places, &mut Problems::default())?.without_layers(&places);
            let compiled = Self::assembled(root, &manifest, &places, files, &mut Problems::default());
            workspace.compiled = compiled.domains.into_iter().filter(Domain::is_foreign).collect();
        }
        Ok(workspace)
    }

    fn assembled(
        root: &Path,
        manifest: &Manifest,
        places: &[Place],
        files: Files,
        problems: &mut Problems,
    ) -> Workspace {
        let domain = |Place { dir, name, elsewhere }: &Place| Domain {
            dir: dir.clone(),
            name: name.clone(),
            elsewhere: elsewhere.clone(),
            definitions: Vec::new(),
        };
        let mut domains: Vec<Domain> = places.iter().map(domain).collect();
        let overrides = files.overrides.into_iter().map(|over| over.file).collect();
        for (at, definition) in layers::read(files.bases, overrides, problems) {
            if let Some(domain) = domains.get_mut(at) {
                domain.definitions.push(definition);
            }
        }
        domains.retain(|domain| !domain.definitions.is_empty());
        for domain in &mut domains {
            domain.definitions.sort_by_key(Definition::module);
            for definition in domain.definitions.iter_mut().filter(|_| domain.elsewhere.is_some()) {
                // An application that this workspace does not have mounts nothing here; its own layers know which it has.
                let source = &definition.source;
                definition.apps.retain(|app| {
                    manifest.applications.contains_key(&app.name.it) || !source.is_lowest(&app.name.span)
                });
            }
        }
        let mut workspace = Workspace {
            root: root.to_owned(),
            apps: manifest.applications.clone(),
            domains,
            compiled: Vec::new(),
            columns: columns(root),
        };
        workspace.refuse_twins(problems);
        family::resolve(&mut workspace, problems);
        actions::expand(&mut workspace, problems);
        workspace
    }

    /// Every file that says something of a type, as it was read: its definition first, then the layers over it.
    ///
    /// # Errors
    /// [`Unreadable`] as [`Workspace::read`].
    pub fn files_of(root: &Path, kind: &str) -> Result<Vec<Parsed>, Unreadable> {
        let mut found = Vec::new();
        for place in places(root, &manifest(root)?.modules)? {
            let folder = place.elsewhere.clone().unwrap_or_else(|| root.join(&place.dir));
            let parsed = files(&folder, &place.dir, &mut Problems::default())?;
            found.extend(parsed.into_iter().filter(|parsed| parsed.name().is_some_and(|(name, _)| name == kind)));
        }
        found.sort_by_key(Parsed::is_override);
        Ok(found)
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
                let problem = problem.label("here again").other(&first.source, first.name.span.clone(), "first here");
                problems.add(
                    problem.help("change one of them, lay one over the other with `override:`, or say a `version:`"),
                );
            }
        }
    }
}

fn manifest(root: &Path) -> Result<Manifest, Unreadable> {
    let path = root.join("glue.toml");
    let text = fs::read_to_string(&path).map_err(|error| Unreadable(format!("{}: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| Unreadable(format!("glue.toml: {error}")))
}

/// How many columns a table can have: what Diesel is compiled with costs every build, so the workspace says it.
fn columns(root: &Path) -> usize {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).ok().and_then(|text| text.parse::<toml::Table>().ok());
    let dependencies = |table: &toml::Table| {
        let shared = table.get("workspace").and_then(|workspace| workspace.get("dependencies"));
        shared.or_else(|| table.get("dependencies"))?.get("diesel")?.get("features").cloned()
    };
    let features = manifest.as_ref().and_then(dependencies);
    let features =
        features.as_ref().and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str);
    let widths = features.filter_map(|feature| feature.strip_suffix("-column-tables")?.parse().ok());
    widths.max().unwrap_or(WIDTHS[0])
}

/// Every crate that can have definitions: those of the workspace by their folders, then the others by their names.
fn places(root: &Path, modules: &[String]) -> Result<Vec<Place>, Unreadable> {
    let mut places = Vec::new();
    for folder in FOLDERS {
        for dir in subfolders(&root.join(folder))? {
            let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            places.push(Place { dir: format!("{folder}/{name}"), name, elsewhere: None });
        }
    }
    for (name, folder) in modules::folders(root, modules).map_err(Unreadable)? {
        places.push(Place { dir: name.clone(), name, elsewhere: Some(folder) });
    }
    Ok(places)
}

/// The definition files of a crate, parsed.
fn files(folder: &Path, dir: &str, problems: &mut Problems) -> Result<Vec<Parsed>, Unreadable> {
    let mut files = Vec::new();
    for path in entries(&folder.join("definitions"))? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let place = format!("{dir}/definitions/{name}");
        if path.is_dir() || !name.ends_with(".resource.yml") {
            unread(&path, &place, problems)?;
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| Unreadable(format!("{}: {error}", path.display())))?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let source = Source::new(place, String::from_utf8_lossy(error.as_bytes()));
                let problem = Problem::new(Code::NotYaml, &source, at..at, "this is not UTF-8");
                problems.add(problem.label("here").help("save the file as UTF-8"));
                continue;
            }
        };
        let source = Source::new(place, text.replace("\r\n", "\n"));
        let Some(tree) = yaml::parse(&source, problems) else { continue };
        let parsed = Parsed { source, tree };
        if let Some((kind, span)) = parsed.name().filter(|_| !parsed.is_override()) {
            let stem = name.strip_suffix(".resource.yml").unwrap_or(name);
            let version = stem.strip_prefix(kind).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('-').is_some_and(|of| of.bytes().all(|b| b.is_ascii_digit()))
            });
            if !version && names::is_kebab(kind) {
                let message = format!("`{kind}` is defined in `{name}`");
                let problem = Problem::new(Code::BadFile, &parsed.source, span, message);
                problems.add(problem.help(format!("call the file `{kind}.resource.yml`")));
            }
        }
        files.push(parsed);
    }
    Ok(files)
}

/// What looks like a definition and is none: nobody would miss it until a route is missing.
fn unread(path: &Path, place: &str, problems: &mut Problems) -> Result<(), Unreadable> {
    let mut found = vec![(path.to_owned(), place.to_owned())];
    while let Some((path, place)) = found.pop() {
        if path.is_dir() {
            for entry in entries(&path)? {
                let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                found.push((entry, format!("{place}/{name}")));
            }
        } else if [".yml", ".yaml"].iter().any(|ending| place.ends_with(ending)) {
            let source = Source::new(place, fs::read_to_string(&path).unwrap_or_default());
            let problem = Problem::new(Code::BadFile, &source, 0..0, "this file is not read");
            problems.add(problem.help("definitions are `definitions/<type>.resource.yml`, in no folder below"));
        }
    }
    Ok(())
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
