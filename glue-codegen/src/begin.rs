//! The commands that write what people own from then on: workspaces, resources, migrations. Nothing is overwritten.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::definition::{Definition, VerbName};
use crate::diagnostic::{Code, Problems, Severity};
use crate::load::Unreadable;
use crate::manifest::Manifest;
use crate::migration::{self, Change, Dialect};
use crate::modules::Packages;
use crate::output::{self, Edits, LOCK};
use crate::render::File;
use crate::scaffold::{Scaffold, Scaffolded};
use crate::schema::Schema;
use crate::steps::{checked, planned, say};
use crate::workspace::{Domain, Workspace};
use crate::{check, import, names, render, rustfmt, scaffold, skeleton};

/// How a migration is asked for.
pub(crate) struct Wanted<'a> {
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// Whether the tables are there already.
    pub(crate) baseline: bool,
    /// Whether it may lose what is stored.
    pub(crate) destructive: bool,
    /// Whether it is only shown.
    pub(crate) dry_run: bool,
}

pub(crate) fn failed(error: std::io::Error) -> Unreadable {
    Unreadable(error.to_string())
}

/// Writes a team's workspace, with one resource in it.
pub(crate) fn workspace(name: &str, framework: &str) -> Result<ExitCode, Unreadable> {
    let root = Path::new(name);
    if root.exists() {
        return Err(Unreadable(format!("{name} is there already")));
    }
    let kind = root.file_name().and_then(|name| name.to_str()).unwrap_or(name);
    new_files(root, skeleton::files(kind, framework).map_err(Unreadable)?)?;
    let fields = ["title:string!", "body:text"].map(str::parse).into_iter().collect::<Result<Vec<_>, String>>();
    let sample = Scaffold {
        kind: "notes".into(),
        fields: fields.map_err(Unreadable)?,
        krate: None,
        owner: Some(crate::definition::OwnerKind::Customer),
        public: Vec::new(),
        parent: None,
        apps: vec!["storefront".into()],
    };
    let code = resource(root, &sample)?;
    say(&mut std::io::stdout(), &format!("glue: {name} is ready; its README says what runs and what tests it\n"));
    Ok(code)
}

/// Writes a resource, its migration and everything generated from it.
pub(crate) fn resource(root: &Path, scaffold: &Scaffold) -> Result<ExitCode, Unreadable> {
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let done = scaffold.files(&workspace).map_err(Unreadable)?;
    if let Some(file) = done.files.iter().find(|file| root.join(&file.path).exists()) {
        return Err(Unreadable(format!("{} is there already, and nothing is overwritten", file.path)));
    }
    let Scaffolded { files, krate, is_new, apps } = done;
    if is_new {
        refuse_twin(root, &workspace, &krate)?;
    }
    new_files(root, files)?;
    if is_new {
        known_to_workspace(root, &workspace, &krate, &apps)?;
    }
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let name = Some(scaffold.kind.replace('-', "_"));
    let wanted = Wanted { name: name.as_deref(), baseline: false, destructive: false, dry_run: false };
    let code = migration(&workspace, &wanted)?;
    if code != ExitCode::SUCCESS {
        return Ok(code);
    }
    generated(&workspace)
}

/// Cargo tells crates of this machine apart by their names.
fn refuse_twin(root: &Path, workspace: &Workspace, krate: &str) -> Result<(), Unreadable> {
    let depends = workspace.domains.iter().any(Domain::is_foreign);
    if depends && Packages::read(root).map_err(Unreadable)?.named(krate).is_some() {
        let message = format!("a crate called `{krate}` is compiled in already: choose another with `--crate`");
        return Err(Unreadable(message));
    }
    Ok(())
}

/// Writes files that are not there yet: first those that say how Rust is laid out.
fn new_files(root: &Path, files: Vec<File>) -> Result<(), Unreadable> {
    let (mut rust, others): (Vec<File>, Vec<File>) = files.into_iter().partition(|file| file.path.ends_with(".rs"));
    for file in &others {
        new_file(root, file)?;
    }
    rustfmt::format(root, rust.iter_mut().map(|file| &mut file.text).collect()).map_err(failed)?;
    rust.iter().try_for_each(|file| new_file(root, file))
}

/// Writes a file that is not there yet.
pub(crate) fn new_file(root: &Path, file: &File) -> Result<(), Unreadable> {
    let path = root.join(&file.path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::File::create_new(&path)
        .and_then(|mut new| std::io::Write::write_all(&mut new, file.text.as_bytes()))
        .map_err(|error| Unreadable(format!("{}: {error}", file.path)))?;
    say(&mut std::io::stdout(), &format!("glue: wrote {}\n", file.path));
    Ok(())
}

/// Makes a new crate a dependency of the applications that mount it.
fn known_to_workspace(root: &Path, workspace: &Workspace, krate: &str, apps: &[String]) -> Result<(), Unreadable> {
    let shared = format!("{krate} = {{ path = \"resources/{krate}\" }}");
    insert(root, "Cargo.toml", "[workspace.dependencies]", &shared)?;
    for app in apps.iter().filter_map(|app| workspace.apps.get(app)) {
        insert(root, &format!("{}/Cargo.toml", app.dir), "[dependencies]", &format!("{krate}.workspace = true"))?;
    }
    Ok(())
}

/// Puts a line among those below a heading, where the order of names puts it.
fn insert(root: &Path, path: &str, heading: &str, new: &str) -> Result<(), Unreadable> {
    let text = fs::read_to_string(root.join(path)).map_err(|error| Unreadable(format!("{path}: {error}")))?;
    let mut lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| line.trim() == heading);
    let start = start.ok_or_else(|| Unreadable(format!("{path} has no `{heading}`: add `{new}` there")))? + 1;
    if lines.contains(&new) {
        return Ok(());
    }
    let below = lines.iter().skip(start).take_while(|line| !line.is_empty() && !line.starts_with('['));
    let before = below.take_while(|line| **line < new).count();
    lines.insert(start + before, new);
    fs::write(root.join(path), lines.join("\n") + "\n").map_err(failed)?;
    say(&mut std::io::stdout(), &format!("glue: {path} names it\n"));
    Ok(())
}

/// What the definitions ask for and no migration does, in words; nothing where no migration was ever written from them.
pub(crate) fn unmigrated(workspace: &Workspace) -> Result<Vec<String>, Unreadable> {
    let lock = lock(workspace)?;
    if lock.storage.is_empty() {
        return Ok(Vec::new());
    }
    let (before, now) = (Schema::parse(lock.storage.iter().map(String::as_str)), Schema::of(workspace));
    Ok(match migration::changes(&before, &now) {
        Ok(changes) => changes.iter().map(Change::words).collect(),
        Err(impossible) => impossible.into_iter().map(|one| format!("change {}: {}", one.what, one.why)).collect(),
    })
}

pub(crate) fn lock(workspace: &Workspace) -> Result<Manifest, Unreadable> {
    let text = fs::read_to_string(workspace.root.join(LOCK));
    match text {
        Ok(text) => Ok(Manifest::parse(&text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(failed(error)),
    }
}

/// Writes the next migration.
pub(crate) fn migration(workspace: &Workspace, wanted: &Wanted<'_>) -> Result<ExitCode, Unreadable> {
    let mut lock = lock(workspace)?;
    let now = Schema::of(workspace);
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    if !wanted.baseline {
        let before = Schema::parse(lock.storage.iter().map(String::as_str));
        let changes = match migration::changes(&before, &now) {
            Ok(changes) => changes,
            Err(impossible) => {
                for one in impossible {
                    let code = Code::UnsafeChange.as_str();
                    say(&mut err, &format!("error[{code}]: {}: {}\n  = help: {}\n", one.what, one.why, one.help));
                }
                return Ok(ExitCode::FAILURE);
            }
        };
        let destructive: Vec<&Change> = changes.iter().filter(|change| change.is_destructive()).collect();
        if !destructive.is_empty() && !wanted.destructive {
            for change in destructive {
                say(&mut err, &format!("error[{}]: {}\n", Code::Destructive.as_str(), change.words()));
            }
            say(&mut err, "  = help: release without it first; then `cargo glue migrate --allow-destructive`\n");
            return Ok(ExitCode::FAILURE);
        }
        for change in &changes {
            say(&mut out, &format!("glue: {}\n", change.words()));
        }
        let Some(first) = changes.first() else {
            say(&mut out, "glue: the migrations make what the definitions ask for\n");
            return Ok(ExitCode::SUCCESS);
        };
        if wanted.dry_run {
            return Ok(ExitCode::SUCCESS);
        }
        let name = wanted.name.map_or_else(|| first.slug(), str::to_owned);
        let folder =
            migration::next(&workspace.root, workspace.domains.iter().any(Domain::is_foreign)).map_err(Unreadable)?;
        for dialect in Dialect::ALL {
            let (up, down) = migration::sql(&changes, dialect);
            let base = format!("migrations/{}/{folder}_{name}", dialect.folder());
            new_file(&workspace.root, &File { path: format!("{base}/up.sql"), text: up })?;
            new_file(&workspace.root, &File { path: format!("{base}/down.sql"), text: down })?;
        }
    }
    lock.storage = now.to_string().lines().map(str::to_owned).collect();
    output::remember_lock(&workspace.root, &lock).map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes hand-written behaviour as it begins, `reviews.create` say, and makes the definition name it.
pub(crate) fn behaviour(root: &Path, asked: &str) -> Result<ExitCode, Unreadable> {
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let (kind, method) = asked.split_once('.').unwrap_or((asked, ""));
    let found = workspace.home(kind).and_then(|domain| {
        Some((domain, domain.definitions.iter().find(|definition| definition.newest && definition.name.it == kind)?))
    });
    let (domain, definition) =
        found.ok_or_else(|| Unreadable(format!("no crate of the workspace defines `{kind}`")))?;
    let known =
        [("list", VerbName::List), ("get", VerbName::Get), ("create", VerbName::Post), ("update", VerbName::Patch)];
    let mut known = known.into_iter().chain([("delete", VerbName::Delete)]);
    let verb = known.find(|(name, verb)| *name == method || verb.as_str() == method).map(|(_, verb)| verb);
    let verb = verb.filter(|verb| definition.verbs.iter().any(|of| of.verb == *verb));
    let verb =
        verb.ok_or_else(|| Unreadable(format!("write `{kind}.` and a verb that it has: `{kind}.create` say")))?;
    let named = definition.handler.as_ref().map(|handler| handler.it.clone());
    let handler = named.clone().unwrap_or_else(|| names::pascal(kind));
    let stub = render::stub(domain, definition, &handler, &[verb], "").map_err(|error| Unreadable(error.reason))?;
    if root.join(&stub.path).exists() {
        return Err(Unreadable(format!(
            "{} is there already: write the verb there, in the impl of its trait",
            stub.path
        )));
    }
    new_files(root, vec![stub])?;
    let module = format!("pub mod {};", definition.module());
    insert_sorted(root, &format!("{}/src/lib.rs", domain.dir), "pub mod ", &module)?;
    if named.is_none() {
        names_handler(root, definition, &handler)?;
    }
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    generated(&workspace)
}

/// Makes a definition name its handler, in a line before its table.
fn names_handler(root: &Path, definition: &Definition, handler: &str) -> Result<(), Unreadable> {
    let files = Workspace::files_of(root, &definition.name.it)?;
    let file = files.iter().find(|file| file.source.path == definition.source.path);
    let place = file.and_then(|file| Some((&file.source, file.key_at("storage")?)));
    let told = || Unreadable(format!("write `handler: {handler}` in {}", definition.source.path));
    let (source, key) = place.ok_or_else(told)?;
    let (before, after) = source.text.split_at_checked(key).ok_or_else(told)?;
    let indent = before.rsplit('\n').next().filter(|indent| indent.trim().is_empty()).ok_or_else(told)?;
    fs::write(root.join(&source.path), format!("{before}handler: {handler}\n{indent}{after}")).map_err(failed)?;
    say(&mut std::io::stdout(), &format!("glue: {} names it\n", source.path));
    Ok(())
}

/// Puts a line among those that begin alike, where the order of names puts it.
fn insert_sorted(root: &Path, path: &str, alike: &str, new: &str) -> Result<(), Unreadable> {
    let text = fs::read_to_string(root.join(path)).map_err(|error| Unreadable(format!("{path}: {error}")))?;
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.contains(&new) {
        return Ok(());
    }
    let before = lines.iter().rposition(|line| line.starts_with(alike) && **line < *new).map(|at| at + 1);
    let first = lines.iter().position(|line| line.starts_with(alike)).unwrap_or(lines.len());
    lines.insert(before.unwrap_or(first), new);
    fs::write(root.join(path), lines.join("\n") + "\n").map_err(failed)?;
    say(&mut std::io::stdout(), &format!("glue: {path} names it\n"));
    Ok(())
}

/// Definitions from a folder of foreign resources, in a new crate, with stubs for their behaviour and a report.
pub(crate) fn imported(root: &Path, folder: &Path, krate: &str, dry_run: bool) -> Result<ExitCode, Unreadable> {
    let Some(workspace) = checked(root, None)? else { return Ok(ExitCode::FAILURE) };
    let dir = format!("resources/{krate}");
    if !names::is_kebab(krate) || root.join(&dir).exists() {
        return Err(Unreadable(format!(
            "{dir} is there already, or no name of a crate: choose another with `--crate`"
        )));
    }
    refuse_twin(root, &workspace, krate)?;
    let apps: Vec<String> = workspace.apps.keys().cloned().collect();
    let found = import::read(folder, &workspace.apps, scaffold::free_codes(&workspace)).map_err(Unreadable)?;
    let is_there = |of: &&import::Definition| workspace.definitions().any(|known| known.name.it == of.kind);
    let mut report = import::report(&found.facts);
    for twin in found.definitions.iter().filter(is_there) {
        report.push_str(&format!("\nLeft out: there is a resource `{}` already.\n", twin.kind));
    }
    for fixed in definitions_without_rows(&found.definitions) {
        report.push_str(&format!(
            "\nTo do: nothing posts a row of `{fixed}`: say one in `tests/it/fixture.rs`, as `existing`.\n"
        ));
    }
    for unread in &found.unread {
        report.push_str(&format!("\nNot read:\n\n{unread}\n"));
    }
    let (mut out, definitions) = (std::io::stdout(), found.definitions.iter().filter(|of| !is_there(of)));
    let definitions: Vec<&import::Definition> = definitions.collect();
    if dry_run || definitions.is_empty() {
        say(&mut out, &report);
        return Ok(ExitCode::SUCCESS);
    }
    let mounted: Vec<String> =
        apps.into_iter().filter(|app| definitions.iter().any(|of| of.apps.contains(app))).collect();
    let kept = imported_crate(root, &workspace, krate, &mounted, &definitions, report);
    let read = match kept {
        Ok(Some(read)) => read,
        Ok(None) | Err(_) => {
            // What is wrong with it is the caller's to mend, not the workspace's to keep.
            undone(root, &workspace, krate)?;
            say(&mut std::io::stderr(), "glue: nothing of it could be kept\n");
            return kept.map(|_| ExitCode::FAILURE);
        }
    };
    say(&mut out, &format!("glue: {}\n", import::summary(&found.facts)));
    let wanted = Wanted { name: Some("imported"), baseline: false, destructive: false, dry_run: false };
    match migration(&read, &wanted)? {
        ExitCode::SUCCESS => generated(&read),
        code => Ok(code),
    }
}

/// Writes the crate of an import; returns the workspace with what could be kept of it, none when that is nothing.
fn imported_crate(
    root: &Path,
    workspace: &Workspace,
    krate: &str,
    apps: &[String],
    definitions: &[&import::Definition],
    report: String,
) -> Result<Option<Workspace>, Unreadable> {
    new_files(root, imported_files(workspace, krate, apps, definitions, report))?;
    known_to_workspace(root, workspace, krate, apps)?;
    let read = Workspace::read(root, &mut Problems::default())?;
    for domain in read.own().filter(|domain| domain.name == krate) {
        for definition in &domain.definitions {
            let Some(of) = definitions.iter().find(|of| of.kind == definition.name.it) else { continue };
            let stub = render::stub(domain, definition, &of.handler, &[], &of.origin);
            new_files(root, vec![stub.map_err(|error| Unreadable(error.reason))?])?;
        }
    }
    left_out(root, krate)
}

/// Takes the definitions out that have mistakes, with a line in the report, until none has; none when nothing is left.
fn left_out(root: &Path, krate: &str) -> Result<Option<Workspace>, Unreadable> {
    let dir = format!("resources/{krate}/");
    loop {
        let mut problems = Problems::default();
        let workspace = Workspace::read(root, &mut problems)?;
        check::check(&workspace, &mut problems);
        if !problems.has_errors() {
            let kept = workspace.own().any(|domain| domain.name == krate);
            return Ok(kept.then_some(workspace));
        }
        let sorted = problems.sorted();
        let wrong = sorted.iter().filter(|problem| problem.severity == Severity::Error);
        let Some(problem) = wrong.clone().find(|problem| problem.position().0.starts_with(&dir)) else {
            wrong.for_each(|problem| say(&mut std::io::stderr(), &format!("{problem}\n\n")));
            return Ok(None);
        };
        let path = problem.position().0.to_owned();
        let module = Path::new(&path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let module = module.trim_end_matches(".resource.yml").replace('-', "_");
        fs::remove_file(root.join(&path)).map_err(failed)?;
        _ = fs::remove_file(root.join(format!("{dir}src/{module}.rs")));
        let lines = format!("pub mod {module};");
        without_lines(root, &format!("{dir}src/lib.rs"), |line| line == lines)?;
        let report = root.join(format!("{dir}IMPORT.txt"));
        let text = fs::read_to_string(&report).map_err(failed)?;
        fs::write(&report, format!("{text}\nLeft out, for it is no definition:\n\n{problem}\n")).map_err(failed)?;
        say(&mut std::io::stderr(), &format!("glue: left out {path}: {}\n", problem.message()));
    }
}

/// Removes a crate that this run wrote.
fn undone(root: &Path, workspace: &Workspace, krate: &str) -> Result<(), Unreadable> {
    fs::remove_dir_all(root.join(format!("resources/{krate}"))).map_err(failed)?;
    forgotten(root, workspace, krate)
}

/// The types that are read by id and never posted: their tests ask for a row.
fn definitions_without_rows(definitions: &[import::Definition]) -> impl Iterator<Item = &str> {
    let fixed = |of: &&import::Definition| of.is_read && !of.is_posted;
    definitions.iter().filter(fixed).map(|of| of.kind.as_str())
}

/// The files of a crate of imported definitions, without their stubs.
fn imported_files(
    workspace: &Workspace,
    krate: &str,
    apps: &[String],
    definitions: &[&import::Definition],
    report: String,
) -> Vec<File> {
    let dir = format!("resources/{krate}");
    let around = Scaffold {
        kind: krate.to_owned(),
        fields: Vec::new(),
        krate: None,
        owner: Some(crate::definition::OwnerKind::Customer),
        public: Vec::new(),
        parent: None,
        apps: apps.to_vec(),
    };
    let mut files = around.crate_files(&dir, krate, workspace);
    for file in files.iter_mut().filter(|file| file.path.ends_with("/src/lib.rs")) {
        let mut modules: Vec<String> = definitions.iter().map(|of| names::snake(&of.kind)).collect();
        modules.push("generated".into());
        modules.sort();
        let modules: String = modules.iter().map(|module| format!("pub mod {module};\n")).collect();
        file.text = file.text.replace("pub mod generated;\n", &modules);
    }
    files.push(File { path: format!("{dir}/IMPORT.txt"), text: report });
    files.extend(
        definitions
            .iter()
            .map(|of| File { path: format!("{dir}/definitions/{}.resource.yml", of.kind), text: of.text.clone() }),
    );
    files
}

/// Writes what the definitions say.
pub(crate) fn generated(workspace: &Workspace) -> Result<ExitCode, Unreadable> {
    let plan = planned(workspace, Edits::Kept)?;
    plan.apply(&workspace.root).map_err(failed)?;
    say(&mut std::io::stdout(), &format!("glue: generated {} file(s)\n", plan.writes.len()));
    Ok(ExitCode::SUCCESS)
}

/// Takes a crate that defines nothing any more out of the manifests.
pub(crate) fn forgotten(root: &Path, workspace: &Workspace, krate: &str) -> Result<(), Unreadable> {
    let (shared, used) = (format!("{krate} = {{"), format!("{krate}.workspace = true"));
    let names = |line: &str| line.starts_with(&shared) || line == used;
    without_lines(root, "Cargo.toml", names)?;
    workspace.apps.values().try_for_each(|app| without_lines(root, &format!("{}/Cargo.toml", app.dir), names))
}

/// Leaves lines out of a file.
pub(crate) fn without_lines(root: &Path, path: &str, leaves: impl Fn(&str) -> bool) -> Result<(), Unreadable> {
    let text = fs::read_to_string(root.join(path)).map_err(|error| Unreadable(format!("{path}: {error}")))?;
    let kept: String = text.lines().filter(|line| !leaves(line)).map(|line| format!("{line}\n")).collect();
    if kept != text {
        fs::write(root.join(path), kept).map_err(failed)?;
        say(&mut std::io::stdout(), &format!("glue: {path} no longer names it\n"));
    }
    Ok(())
}
