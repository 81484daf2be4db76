//! A module becomes a team's own: its crate in the workspace, and with it every crate of the framework that is compiled
//! against it, because two copies of one crate are two sets of types.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::modules::{Package, Packages};
use crate::render::{File, MARK};

/// What becomes of a workspace that adopts a module.
#[derive(Debug)]
pub struct Adoption {
    /// The crates, by name: the module itself and what comes along.
    pub crates: Vec<Adopted>,
    /// New files.
    pub files: Vec<File>,
    /// Files that stay as they are: from where, and to which place in the workspace.
    pub copies: Vec<(PathBuf, String)>,
    /// Files of the workspace as they say it from then on, by path.
    pub changed: Vec<File>,
}

/// A crate that becomes the workspace's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// Its name.
    pub name: String,
    /// Its folder in the workspace.
    pub dir: String,
    /// Where it was before.
    pub from: PathBuf,
}

/// The application kit: what is compiled against it is a team's to change, what it is compiled against is not.
const KIT: &str = "glue-app";

/// The tables of a manifest that name other crates.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// What the workspace at `root` has to write to own the module called `name`.
///
/// # Errors
/// A sentence that says why it cannot be. Nothing is written here.
pub fn of(root: &Path, name: &str) -> Result<Adoption, String> {
    let packages = Packages::read(root)?;
    let module = packages.defining(name).filter(|package| !package.is_member);
    let module = module.ok_or_else(|| format!("no module is called `{name}`: glue.toml lists them"))?;
    let taken = packages.with_dependents(module);
    if taken.iter().any(|package| package.name == KIT) {
        return Err(format!("the application kit is compiled against `{name}`, so it stays the framework's"));
    }
    let (mut workspace, mut settings) = (document(root, "Cargo.toml")?, document(root, "glue.toml")?);
    let shared = dependencies(&mut workspace)?;
    let crates: Vec<Place<'_>> = taken.into_iter().map(|package| Place::of(package, shared)).collect();
    if let Some(place) = crates.iter().find(|place| root.join(&place.dir).exists()) {
        return Err(format!("{} is there already, and nothing is overwritten", place.dir));
    }
    let (mut files, mut copies) = (Vec::new(), Vec::new());
    let mut news: BTreeMap<String, Item> = crates.iter().map(|place| (place.key.clone(), place.own())).collect();
    for place in &crates {
        for path in place.paths(Path::new(""))? {
            let name = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            let (from, to) = (place.package.folder.join(&path), format!("{}/{name}", place.dir));
            match rewritten(&name) {
                Some(rewrite) => {
                    let text = fs::read_to_string(&from).map_err(|error| format!("{}: {error}", from.display()))?;
                    files.push(File { path: to, text: rewrite(&text) });
                }
                None => copies.push((from, to)),
            }
        }
        let (manifest, named) = place.manifest()?;
        files.push(File { path: format!("{}/Cargo.toml", place.dir), text: manifest });
        let framework = Framework::of(place.package)?;
        for key in named {
            if !shared.contains_key(&key) && !news.contains_key(&key) {
                news.insert(key.clone(), framework.dependency(&key)?);
            }
        }
    }
    name_in(shared, news);
    without_modules(&mut settings, &crates);
    let changed = [("Cargo.toml", workspace), ("glue.toml", settings)];
    Ok(Adoption {
        crates: crates.into_iter().map(Place::adopted).collect(),
        files,
        copies,
        changed: changed.map(|(path, text)| File { path: path.to_owned(), text: text.to_string() }).into(),
    })
}

fn document(root: &Path, path: &str) -> Result<DocumentMut, String> {
    let text = fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
    text.parse().map_err(|error| format!("{path}: {error}"))
}

fn dependencies(manifest: &mut DocumentMut) -> Result<&mut Table, String> {
    let table = manifest.get_mut("workspace").and_then(|workspace| workspace.get_mut("dependencies"));
    table.and_then(Item::as_table_mut).ok_or_else(|| "Cargo.toml has no [workspace.dependencies]".to_owned())
}

/// What stands above the dependencies that an adoption adds.
const HEADING: &str = "\n# What adopted crates name.\n";

/// Puts dependencies where the workspace names them: known ones in their place, new ones below all others.
fn name_in(shared: &mut Table, news: BTreeMap<String, Item>) {
    // One heading, however often something is adopted.
    let mut comment = Some(HEADING).filter(|heading| !shared.to_string().contains(heading.trim()));
    for (key, item) in news {
        let is_new = !shared.contains_key(&key);
        shared.insert(&key, item);
        if let (true, Some(mut of)) = (is_new, shared.key_mut(&key))
            && let Some(comment) = comment.take()
        {
            of.leaf_decor_mut().set_prefix(comment);
        }
    }
}

/// Takes the adopted crates out of the list of modules.
fn without_modules(settings: &mut DocumentMut, crates: &[Place<'_>]) {
    if let Some(modules) = settings.get_mut("modules").and_then(Item::as_array_mut) {
        let is_adopted = |of: &Value| crates.iter().any(|place| of.as_str() == Some(&place.package.name));
        let kept: Array = modules.iter().filter(|of| !is_adopted(of)).cloned().collect();
        *modules = kept;
        modules.fmt();
    }
}

/// Where a crate goes.
struct Place<'a> {
    package: &'a Package,
    /// Under what name the workspace depends on it.
    key: String,
    dir: String,
}

impl<'a> Place<'a> {
    fn of(package: &'a Package, shared: &Table) -> Self {
        let renamed = |(key, item): (&str, &Item)| {
            let name = item.get("package").and_then(Item::as_str);
            (name == Some(&package.name)).then(|| key.to_owned())
        };
        let key = shared.iter().find_map(renamed).unwrap_or_else(|| package.name.clone());
        Self { package, dir: format!("resources/{key}"), key }
    }

    fn adopted(self) -> Adopted {
        Adopted { name: self.package.name.clone(), dir: self.dir, from: self.package.folder.clone() }
    }

    /// The dependency on it, once the workspace owns it.
    fn own(&self) -> Item {
        let mut table = InlineTable::new();
        if self.key != self.package.name {
            table.insert("package", self.package.name.as_str().into());
        }
        table.insert("path", self.dir.as_str().into());
        Item::Value(table.into())
    }

    /// The paths of its files. What tries it out stays where it is, but for the tests of definitions.
    fn paths(&self, folder: &Path) -> Result<Vec<PathBuf>, String> {
        let place = self.package.folder.join(folder);
        let failed = |error: std::io::Error| format!("{}: {error}", place.display());
        let mut paths = Vec::new();
        for entry in fs::read_dir(&place).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = folder.join(entry.file_name());
            let stays = match path.to_str() {
                Some("target" | "benches" | "examples" | "Cargo.toml" | "Cargo.lock") => true,
                Some("tests" | "src/main.rs") => !self.package.has_definitions(),
                // The generator writes it here.
                Some("src/generated" | "src/generated.rs" | "tests/generated") => self.package.has_definitions(),
                Some(_) | None => false,
            };
            let kind = entry.file_type().map_err(failed)?;
            // A link to a folder may lead back to where it is.
            match kind.is_dir() {
                _ if stays => {}
                true => paths.extend(self.paths(&path)?),
                false if kind.is_file() || entry.path().is_file() => paths.push(path),
                false => {}
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Its manifest, and the dependencies that it leaves to the workspace.
    fn manifest(&self) -> Result<(String, Vec<String>), String> {
        let mut manifest = document(&self.package.folder, "Cargo.toml")?;
        manifest.remove("workspace");
        manifest.remove("bench");
        manifest.remove("example");
        if self.package.has_definitions() {
            // Its tests find the framework's tables there.
            let kit = manifest.entry("dev-dependencies").or_insert_with(toml_edit::table);
            kit[KIT] = Item::Value(InlineTable::from_iter([("workspace", true)]).into());
        } else {
            manifest.remove("bin");
            manifest.remove("dev-dependencies");
        }
        let shared = |item: &Item| item.get("workspace").and_then(Item::as_bool) == Some(true);
        let named = DEPENDENCIES.iter().filter_map(|name| manifest.get(name)?.as_table()).flat_map(|table| {
            table.iter().filter(|(_, item)| shared(item)).map(|(key, _)| key.to_owned()).collect::<Vec<_>>()
        });
        let named = named.collect();
        Ok((manifest.to_string(), named))
    }
}

/// How a file of another workspace reads in this one, when not as it is.
fn rewritten(name: &str) -> Option<fn(&str) -> String> {
    match name {
        "tests/it/fixture.rs" => Some(with_tables),
        // Nothing writes the registry of the framework's application again: whoever has it changes it.
        "src/generated.rs" => Some(|text| text.strip_prefix(MARK).unwrap_or(text).to_owned()),
        _ => None,
    }
}

/// The fixture of a module's tests, in a workspace whose migrations run after the framework's.
fn with_tables(fixture: &str) -> String {
    let tables =
        "\n    const MIGRATIONS: &'static [&'static str] = &[glue_app::schema::SQLITE, \"../../migrations/sqlite\"];\n";
    match fixture.split_once("\n    const ROWS:") {
        Some((before, after)) if !fixture.contains("const MIGRATIONS") => {
            format!("{before}{tables}\n    const ROWS:{after}")
        }
        Some(_) | None => fixture.to_owned(),
    }
}

/// The repository that a crate is from.
struct Framework<'a> {
    package: &'a Package,
    root: PathBuf,
    manifest: DocumentMut,
}

impl<'a> Framework<'a> {
    fn of(package: &'a Package) -> Result<Self, String> {
        let is_root = |folder: &&Path| {
            let text = fs::read_to_string(folder.join("Cargo.toml"));
            text.is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
        };
        let root = package.folder.ancestors().find(is_root).map(Path::to_owned);
        let root = root.ok_or_else(|| format!("{} is in no workspace", package.folder.display()))?;
        Ok(Self { package, manifest: document(&root, "Cargo.toml")?, root })
    }

    /// What its own workspace means by a dependency, as another workspace says it.
    fn dependency(&self, key: &str) -> Result<Item, String> {
        let shared = self.manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
        let item = shared.and_then(|table| table.get(key));
        let item = item.ok_or_else(|| format!("{} names no `{key}`", self.root.join("Cargo.toml").display()))?;
        let Some(path) = item.get("path").and_then(Item::as_str) else { return Ok(item.clone()) };
        let mut table = InlineTable::new();
        for (key, value) in item.as_inline_table().into_iter().flatten().filter(|(key, _)| *key != "path") {
            table.insert(key, value.clone());
        }
        match &self.package.source {
            None => _ = table.insert("path", self.root.join(path).display().to_string().into()),
            Some(source) => match source.strip_prefix("git+") {
                Some(url) => repository(url).into_iter().for_each(|(key, value)| _ = table.insert(key, value.into())),
                None => _ = table.insert("version", self.package.version.as_str().into()),
            },
        }
        Ok(Item::Value(table.into()))
    }
}

/// What a manifest says for `https://…?tag=v1#9d2e…`.
fn repository(url: &str) -> Vec<(&str, &str)> {
    let url = url.split('#').next().unwrap_or(url);
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    let asked = query.split('&').filter_map(|pair| pair.split_once('='));
    [("git", url)].into_iter().chain(asked).collect()
}
