//! Declarative resources of API Platform, as a shop has them, become definitions (reference/framework.md §9).
//!
//! Every value of the files is a fact: it is carried into a definition, carried with a question to whoever reads the
//! report, or not carried, and the report says why. What was public stays public, with a reason that says so.

mod complete;
mod draft;
mod facts;
mod properties;
mod resource;
mod security;
mod validation;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use draft::Draft;
pub use facts::{Fact, Outcome, report, summary};
use facts::{Facts, Read};
use resource::{Foreign, Others};

use crate::definition::VerbName;
use crate::diagnostic::Problems;
use crate::names;
use crate::source::Source;
use crate::workspace::App;
use crate::yaml::{self, Node};

/// What comes of a folder of foreign resources.
#[derive(Debug)]
pub struct Imported {
    /// The definitions: their types, the names of their handlers, what these did before, and their files.
    pub definitions: Vec<Definition>,
    /// What became of every value of the files.
    pub facts: Vec<Fact>,
    /// What is wrong with files that could not be read, in words.
    pub unread: Vec<String>,
}

/// A definition that was imported.
#[derive(Debug)]
pub struct Definition {
    /// Its type.
    pub kind: String,
    /// The name of its handler.
    pub handler: String,
    /// A line on the classes that served it, possibly empty.
    pub origin: String,
    /// The applications that mount it.
    pub apps: Vec<String>,
    /// Whether rows of its table are read by their ids.
    pub is_read: bool,
    /// Whether rows of its table are posted.
    pub is_posted: bool,
    /// Its text.
    pub text: String,
}

/// A file, its tree, and what becomes of it.
struct Parsed {
    name: String,
    app: String,
    tree: Node,
    facts: Facts,
}

/// Reads every `*.resource.yml` and `*.validation.yml` in a folder and below. `applications` are those that there are:
/// the first one mounts what names none of them in its path. `codes` are numbers for the errors that definitions need.
///
/// # Errors
/// A sentence when the folder cannot be read, or has no such file.
pub fn read(
    folder: &Path,
    applications: &BTreeMap<String, App>,
    mut codes: impl Iterator<Item = String>,
) -> Result<Imported, String> {
    let apps: Vec<String> = applications.keys().cloned().collect();
    let (mut resources, mut validations, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for path in files(folder)? {
        let shown = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                unread.push(format!("{shown}: {error}"));
                continue;
            }
        };
        let source = Source::new(shown.clone(), text.replace("\r\n", "\n"));
        let mut problems = Problems::default();
        let tree = yaml::parse(&source, &mut problems);
        unread.extend(problems.sorted().iter().map(ToString::to_string));
        let Some(tree) = tree else { continue };
        let facts = Facts::of(&source, &tree);
        let name = shown.rsplit('/').next().unwrap_or_default().to_owned();
        let app = application(&shown, &apps);
        let parsed = Parsed { name, app, tree, facts };
        let file = Read::new(&parsed.tree, &parsed.facts);
        if parsed.name.contains(".object.") {
            file.lost("an object that several resources share: write its attributes where they are used");
        }
        match parsed.name.contains(".validation.") || parsed.name.contains(".object.") {
            true => validations.push(parsed),
            false => resources.push(parsed),
        }
    }
    if resources.is_empty() && unread.is_empty() {
        return Err(format!("{} has no `*.resource.yml`", folder.display()));
    }
    let scopes = |(name, app): (&String, &App)| (name.clone(), app.scopes.keys().cloned().collect());
    let others = Others { scopes: applications.iter().map(scopes).collect(), ..Others::default() };
    let drafts = drafts(&resources, &validations, others, &mut codes);
    let kind_of = |parsed: &Parsed| {
        let file = Read::new(&parsed.tree, &parsed.facts);
        file.get("resource").map(|resource| (parsed.name.clone(), resource::kind(&resource)))
    };
    let all_kinds: Vec<(String, String)> = resources.iter().filter_map(kind_of).collect();
    let all = resources.into_iter().chain(validations);
    for (name, kind) in all_kinds {
        if !drafts.contains_key(&kind) {
            unread.push(format!("{name}: no operation is left of `{kind}`, so there is no definition"));
        }
    }
    let facts = all.flat_map(|parsed| parsed.facts.settled()).collect();
    Ok(Imported { definitions: drafts.values().map(definition).collect(), facts, unread })
}

fn drafts(
    resources: &[Parsed],
    validations: &[Parsed],
    mut others: Others,
    codes: &mut impl Iterator<Item = String>,
) -> BTreeMap<String, Draft> {
    for parsed in resources {
        let file = Read::new(&parsed.tree, &parsed.facts);
        file.get("resource").iter().for_each(|resource| others.hear(&parsed.app, resource));
    }
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut kinds: BTreeMap<(String, String), String> = BTreeMap::new();
    for parsed in resources {
        let file = Read::new(&parsed.tree, &parsed.facts);
        let Some(resource) = file.get("resource") else { continue };
        let kind = resource::kind(&resource);
        kinds.insert((parsed.app.clone(), stem(&parsed.name)), kind.clone());
        let foreign = Foreign { app: parsed.app.clone(), origin: parsed.name.clone(), resource: resource.clone() };
        let module = names::snake(&kind);
        if !names::is_kebab(&kind)
            || kind.len() > 60
            || module == "generated"
            || syn::parse_str::<syn::Ident>(&module).is_err()
        {
            resource.lost(format!("`{kind}` is no type: they are written `like-this`, in the plural"));
            continue;
        }
        resource::read(&foreign, &others, &mut drafts);
        if let Some(draft) = drafts.get_mut(&kind) {
            resource::tags(&resource, draft);
        }
    }
    for parsed in validations {
        let file = Read::new(&parsed.tree, &parsed.facts);
        let kind = kinds.get(&(parsed.app.clone(), stem(&parsed.name)));
        for (key, of) in file.each() {
            // Beside a resource a file begins with methods; elsewhere it begins with types.
            let is_method = ["post", "patch", "put"].contains(&key.to_ascii_lowercase().as_str());
            let draft = if is_method { kind.and_then(|kind| drafts.get_mut(kind)) } else { drafts.get_mut(key) };
            match draft {
                Some(draft) if is_method => validation::read(key, &of, draft),
                Some(draft) => of.each().for_each(|(method, fields)| validation::read(method, &fields, draft)),
                None => of.lost("no resource of this name is imported with it"),
            }
        }
    }
    drafts.values_mut().for_each(|draft| complete::complete(draft, codes));
    drafts
}

fn definition(draft: &Draft) -> Definition {
    let handler = names::pascal(&draft.kind);
    let origin = match draft.served_by.as_slice() {
        [] => String::new(),
        classes => format!("`{}` did it before.", classes.join("`, `")),
    };
    let apps = draft.apps.iter().cloned().collect();
    let has = |verb| draft.stored && draft.verbs.contains_key(&verb);
    let (is_read, is_posted) = (has(VerbName::Get), has(VerbName::Post));
    let text = draft.written(&handler);
    Definition { kind: draft.kind.clone(), handler, origin, apps, is_read, is_posted, text }
}

/// The name of a file before its first dot.
fn stem(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_ascii_lowercase()
}

/// The application that a path names.
fn application(path: &str, apps: &[String]) -> String {
    let named = |part: &str| match part.to_ascii_lowercase().as_str() {
        "backoffice" | "back-office" | "merchant-portal" => Some("backend".to_owned()),
        part => Some(part.to_owned()),
    };
    let mut parts = path.rsplit('/').skip(1).filter_map(named);
    let found = parts.find(|part| apps.contains(part));
    found.or_else(|| apps.iter().find(|app| *app == "storefront").or(apps.first()).cloned()).unwrap_or_default()
}

/// Every file that is read, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let wanted =
                ["resource", "validation", "object"].map(|kind| [format!(".{kind}.yml"), format!(".{kind}.yaml")]);
            if path.is_dir() {
                open.push(path);
            } else if wanted.iter().flatten().any(|ending| name.ends_with(ending)) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
