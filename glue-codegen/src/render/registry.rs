//! One line per resource: what a crate offers, what an application mounts, who may call what.

use askama::Template;

use super::draft::{Draft, NotRust, rust};
use super::layered::{self, Changed};
use super::quote::RustStr;
use crate::definition::{Definition, OwnerKind};
use crate::names;
use crate::rows;
use crate::workspace::{App, Domain, Workspace};

#[derive(Template)]
#[template(path = "domain.rs.txt", escape = "none", syntax = "rust")]
struct DomainTemplate<'a> {
    name: &'a str,
    modules: Vec<String>,
    apps: Vec<(String, Mounted)>,
}

/// What one application mounts of a crate.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Mounted {
    modules: Vec<Module>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Module {
    name: String,
    relations: bool,
    targets: bool,
}

impl Mounted {
    fn relations(&self) -> bool {
        self.modules.iter().any(|module| module.relations)
    }

    fn targets(&self) -> bool {
        self.modules.iter().any(|module| module.targets)
    }
}

/// The registry of one crate.
pub(super) fn domain(domain: &Domain) -> Result<Draft, NotRust> {
    let mut apps: Vec<(String, Mounted)> = Vec::new();
    for definition in &domain.definitions {
        for app in &definition.apps {
            let module = Module {
                name: definition.module(),
                relations: definition.newest && !definition.relations.is_empty(),
                targets: definition.target.by_id || definition.target.by_owner,
            };
            let function = names::ident(&names::snake(&app.name.it));
            match apps.iter_mut().find(|(name, _)| *name == function) {
                Some((_, mounted)) => mounted.modules.push(module),
                None => apps.push((function, Mounted { modules: vec![module] })),
            }
        }
    }
    apps.sort();
    let template = DomainTemplate {
        name: &domain.name,
        modules: domain.definitions.iter().map(Definition::module).collect(),
        apps,
    };
    rust(format!("{}/src/generated.rs", domain.dir), &template)
}

#[derive(Template)]
#[template(path = "application.rs.txt", escape = "none", syntax = "rust")]
struct ApplicationTemplate<'a> {
    name: &'a str,
    function: String,
    crates: Vec<Brought>,
    rows: Vec<Changed>,
    errors: Vec<Changed>,
    scopes: Vec<(String, String)>,
}

/// What a crate brings to an application, and what layers make of it.
struct Brought {
    name: String,
    removed: Vec<String>,
    changed: Vec<String>,
}

/// The registry of one application.
pub(super) fn application(workspace: &Workspace, name: &str, app: &App) -> Result<Draft, NotRust> {
    let mounts = |domain: &&Domain| domain.definitions.iter().any(|d| d.apps.iter().any(|other| other.name.it == name));
    let (mut crates, mut rows, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for domain in workspace.domains.iter().filter(mounts) {
        let mut brought = Brought { name: names::snake(&domain.name), removed: Vec::new(), changed: Vec::new() };
        for (_, below, above) in workspace.layered().filter(|(compiled, ..)| compiled.dir == domain.dir) {
            let layered = layered::of(domain, below, above, name);
            brought.removed.extend(layered.removed);
            brought.changed.extend(layered.rows.iter().map(|row| row.constant.clone()));
            rows.extend(layered.rows);
            errors.extend(layered.errors);
        }
        crates.push(brought);
    }
    let template = ApplicationTemplate {
        name,
        function: names::ident(&names::snake(name)),
        crates,
        rows,
        errors,
        scopes: app.scopes.iter().map(|(scope, who)| (RustStr(scope).to_string(), RustStr(who).to_string())).collect(),
    };
    rust(format!("{}/src/generated.rs", app.dir), &template)
}

#[derive(Template)]
#[template(path = "tests.rs.txt", escape = "none", syntax = "rust")]
struct TestsTemplate<'a> {
    name: &'a str,
    modules: Vec<String>,
    /// Each application: its name, what the crate mounts there, and who calls.
    apps: Vec<(RustStr<'a>, String, &'static str)>,
}

/// The registry of one crate's contract tests.
pub(super) fn tests(workspace: &Workspace, domain: &Domain) -> Result<Draft, NotRust> {
    let mounts = |name: &str| domain.definitions.iter().any(|of| of.apps.iter().any(|app| app.name.it == name));
    let app = |(name, app): (&'_ String, &App)| {
        let caller = if app.identity == Some(OwnerKind::User) { "user" } else { "customer" };
        let function = format!("::{}::generated::{}", names::snake(&domain.name), names::ident(&names::snake(name)));
        (name.clone(), function, caller)
    };
    let apps: Vec<(String, String, &str)> = workspace.apps.iter().filter(|(name, _)| mounts(name)).map(app).collect();
    let template = TestsTemplate {
        name: &domain.name,
        modules: domain.definitions.iter().map(Definition::module).collect(),
        apps: apps.iter().map(|(name, function, caller)| (RustStr(name), function.clone(), *caller)).collect(),
    };
    rust(format!("{}/tests/generated/contract.rs", domain.dir), &template)
}

/// `openapi/protection.tsv`.
pub(super) fn protection(workspace: &Workspace) -> Draft {
    let mut text = format!("{}\n", rows::HEADING);
    for row in rows::all(workspace) {
        text.push_str(&row.line());
        text.push('\n');
    }
    Draft::plain("openapi/protection.tsv".into(), text)
}
