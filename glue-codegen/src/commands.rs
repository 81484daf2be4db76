//! What the commands do that read definitions: generating, checking, listing, printing documents.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::begin;
use crate::diagnostic::{Code, Problems, Severity};
use crate::differences::{self, Effect};
use crate::findings::{self, Finding};
use crate::load::Unreadable;
use crate::output::Edits;
use crate::rows::{self, Row};
use crate::steps::{edited, planned, print, say, show, stale};
use crate::workspace::Workspace;
use crate::{against, check, documents, explain, output, revision};

/// How routes are printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RouteFormat {
    /// Columns for people.
    Table,
    /// One line per route, tabs between columns.
    Tsv,
    /// One JSON document.
    Json,
}

/// Writes what the definitions say, or shows it.
pub(crate) fn generate(workspace: &Workspace, dry_run: bool, edits: Edits) -> Result<ExitCode, Unreadable> {
    let plan = planned(workspace, edits)?;
    let mut out = std::io::stdout();
    if !plan.edited.is_empty() {
        edited(&plan);
        return Ok(ExitCode::FAILURE);
    }
    if dry_run {
        say(&mut out, &plan.diff());
    } else {
        plan.apply(&workspace.root).map_err(|error| Unreadable(error.to_string()))?;
    }
    let verb = if dry_run { "would write" } else { "wrote" };
    say(&mut out, &format!("glue: {verb} {} file(s), deleted {}\n", plan.writes.len(), plan.deletes.len()));
    Ok(ExitCode::SUCCESS)
}

/// How problems are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProblemFormat {
    /// The place in its file, with a way out.
    Human,
    /// One JSON document.
    Json,
    /// Annotations of a workflow.
    Github,
    /// A log of SARIF 2.1.0, for code scanning.
    Sarif,
}

/// What is not as the definitions say.
fn drifts(workspace: &Workspace) -> Result<(Vec<Finding>, output::Plan), Unreadable> {
    let plan = planned(workspace, Edits::Kept)?;
    let drift = |path: &str, why: &str| Finding::of_file(Code::Drift, path, why);
    let mut found: Vec<Finding> =
        plan.writes.iter().map(|(file, _)| drift(&file.path, "is not what the definitions say")).collect();
    found.extend(plan.deletes.iter().map(|path| drift(path, "is no longer said by any definition")));
    let orphaned = "was generated, and no definition says it: `cargo glue generate --repair` removes it";
    found.extend(plan.orphans.iter().map(|path| drift(path, orphaned)));
    found.extend(plan.stale_lock.then(|| drift(output::LOCK, "does not know what is generated")));
    let edited = plan.edited.iter().map(|(path, _)| Finding::of_file(Code::EditedByHand, path, "was edited by hand"));
    found.extend(edited);
    let printed = "was printed from something else, or edited";
    found.extend(plan.stale_documents.iter().map(|path| drift(path, printed)));
    for change in begin::unmigrated(workspace)? {
        let message = format!("do not make it: {change}");
        found.push(Finding::of_file(Code::MissingMigration, "migrations", &message));
    }
    Ok((found, plan))
}

/// Reports what is not as the definitions say.
pub(crate) fn drift(workspace: &Workspace) -> Result<ExitCode, Unreadable> {
    let (found, plan) = drifts(workspace)?;
    if found.is_empty() {
        let count = workspace.definitions().count();
        say(&mut std::io::stdout(), &format!("glue: {count} definition(s), no problem, no drift\n"));
        return Ok(ExitCode::SUCCESS);
    }
    let mut err = std::io::stderr();
    for finding in found.iter().filter(|finding| finding.code != Code::EditedByHand) {
        say(&mut err, &format!("error[{}]: {} {}\n", finding.code.as_str(), finding.file, finding.message));
    }
    if !plan.edited.is_empty() {
        edited(&plan);
    }
    if found.iter().any(|finding| finding.code == Code::MissingMigration) {
        say(&mut err, "glue: run `cargo glue migrate`\n");
    }
    if !plan.is_empty() {
        say(&mut err, "glue: run `cargo glue generate`\n");
    }
    if !plan.stale_documents.is_empty() {
        say(&mut err, "glue: run `cargo glue openapi`\n");
    }
    Ok(ExitCode::FAILURE)
}

/// The same for machines, the problems of definitions among it.
pub(crate) fn findings(root: &Path, format: ProblemFormat) -> Result<ExitCode, Unreadable> {
    let mut problems = Problems::default();
    let workspace = Workspace::read(root, &mut problems)?;
    check::check(&workspace, &mut problems);
    let errors = problems.errors();
    let mut found: Vec<Finding> = problems.sorted().iter().map(Finding::of_problem).collect();
    if errors == 0 {
        found.extend(drifts(&workspace)?.0);
    }
    let text = match format {
        ProblemFormat::Github => findings::annotations(&found),
        ProblemFormat::Sarif => findings::sarif(&found),
        ProblemFormat::Human | ProblemFormat::Json => findings::json(&found),
    };
    say(&mut std::io::stdout(), &text);
    let fails = found.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What became of protection since a revision.
pub(crate) fn compare(workspace: &Workspace, revision: &str) -> Result<ExitCode, Unreadable> {
    let folder = tempfile::tempdir().map_err(|error| Unreadable(error.to_string()))?;
    revision::extract(&workspace.root, revision, folder.path()).map_err(Unreadable)?;
    let mut mistakes = Problems::default();
    let old = Workspace::read(folder.path(), &mut mistakes)?;
    let sorted = mistakes.sorted();
    if let Some(unread) = sorted.iter().find(|problem| problem.code == Code::NotYaml) {
        return Err(Unreadable(format!(
            "{} of {revision} cannot be read, so nothing can be compared with it",
            unread.place()
        )));
    }
    let count = sorted.iter().filter(|problem| problem.severity == Severity::Error).count();
    if count > 0 {
        // Rules become stricter: what was written before is compared as far as it can be read.
        say(
            &mut std::io::stderr(),
            &format!("glue: the definitions of {revision} have {count} mistake(s) by today's rules\n"),
        );
    }
    let mut problems = Problems::default();
    let changes = against::compare(&old, workspace, &mut problems);
    let mut out = std::io::stdout();
    for change in &changes {
        say(&mut out, &format!("{}\t{}\n", change.effect.as_str(), change.what));
    }
    say(&mut out, &format!("glue: {} change(s) of protection since {revision}\n", changes.len()));
    Ok(if show(problems) > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints the managed routes.
pub(crate) fn routes(workspace: &Workspace, app: Option<&str>, public: bool, format: RouteFormat) -> ExitCode {
    let mut rows = rows::all(workspace);
    rows.retain(|row| app.is_none_or(|app| row.app == app) && (!public || row.protection() == "public"));
    let lines: Vec<[String; 7]> = rows.iter().map(columns).collect();
    const HEADS: [&str; 7] = ["application", "method", "path", "protection", "scopes", "owner", "source"];
    let text = match format {
        RouteFormat::Tsv => std::iter::once(HEADS.join("\t"))
            .chain(lines.iter().map(|line| line.join("\t")))
            .map(|line| line + "\n")
            .collect(),
        RouteFormat::Table => table(&HEADS.map(str::to_owned), &lines),
        RouteFormat::Json => {
            let object = |line: &[String; 7]| {
                HEADS.iter().zip(line).map(|(head, cell)| ((*head).to_owned(), cell.as_str().into())).collect()
            };
            let rows: Vec<serde_json::Value> =
                lines.iter().map(|line| serde_json::Value::Object(object(line))).collect();
            format!("{:#}\n", serde_json::Value::Array(rows))
        }
    };
    say(&mut std::io::stdout(), &text);
    ExitCode::SUCCESS
}

/// Prints what a code means, or where a value of a definition comes from, layer by layer.
pub(crate) fn explain(root: impl FnOnce() -> Result<PathBuf, Unreadable>, asked: &str) -> Result<ExitCode, Unreadable> {
    let mut out = std::io::stdout();
    if let Some(page) = explain::page(asked) {
        say(&mut out, &page.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    let (kind, path) = asked.split_once('.').unwrap_or((asked, ""));
    let files = Workspace::files_of(&root()?, kind)?;
    if files.is_empty() {
        return Err(Unreadable(format!("`{asked}` is neither a code nor begins with a type that files define")));
    }
    let said: Vec<(String, String)> = files.iter().filter_map(|file| file.said_at(path)).collect();
    for (place, value) in &said {
        say(&mut out, &format!("{place}: {value}\n"));
    }
    if said.is_empty() {
        say(&mut out, &format!("glue: no file says `{path}` of `{kind}`, so it has its default\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// How differences are printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum DifferenceFormat {
    /// Tabs between columns.
    Tsv,
    /// A note for a release.
    Markdown,
    /// One JSON document.
    Json,
}

/// What became of the documents since a revision; fails when a client that worked may no longer.
pub(crate) fn differ(workspace: &Workspace, revision: &str, report: DifferenceFormat) -> Result<ExitCode, Unreadable> {
    let folder = tempfile::tempdir().map_err(|error| Unreadable(error.to_string()))?;
    revision::documents(&workspace.root, revision, folder.path()).map_err(Unreadable)?;
    let (mut text, mut objects, mut breaks) = (String::new(), Vec::new(), false);
    for app in workspace.apps.keys() {
        let path = format!("openapi/{app}.json");
        let read = |root: &std::path::Path| -> Result<serde_json::Value, Unreadable> {
            match std::fs::read_to_string(root.join(&path)) {
                Ok(text) => serde_json::from_str(&text).map_err(|error| Unreadable(format!("{path}: {error}"))),
                // An application that is not there yet, or no longer, has no operation.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(serde_json::Value::Null),
                Err(error) => Err(Unreadable(format!("{path}: {error}"))),
            }
        };
        let found = differences::between(&read(folder.path())?, &read(&workspace.root)?);
        breaks |= found.iter().any(|difference| difference.effect == Effect::Breaking);
        match report {
            DifferenceFormat::Tsv => text.push_str(&differences::lines(app, &found)),
            DifferenceFormat::Markdown => text.push_str(&differences::markdown(app, &found)),
            DifferenceFormat::Json => objects.extend(differences::json(app, &found)),
        }
    }
    if let DifferenceFormat::Json = report {
        text = format!("{:#}\n", serde_json::Value::Array(objects));
    }
    say(&mut std::io::stdout(), &text);
    Ok(if breaks { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn columns(row: &Row<'_>) -> [String; 7] {
    let scopes = if row.scopes.is_empty() { "-".into() } else { row.scopes.join(" ") };
    let source = row.definition.source.place(&row.verb.span);
    let (app, owner) = (row.app.to_owned(), row.owner.unwrap_or("-").to_owned());
    [app, row.method().into(), row.path.clone(), row.protection(), scopes, owner, source]
}

fn table(heads: &[String; 7], lines: &[[String; 7]]) -> String {
    let mut text = String::new();
    let width = |column: usize| {
        let cells = lines.iter().chain(std::iter::once(heads)).filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    for line in std::iter::once(heads).chain(lines) {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Prints the documents, or compares them.
pub(crate) fn openapi(workspace: &Workspace, app: Option<&str>, check: bool) -> Result<ExitCode, Unreadable> {
    let built = documents::build(workspace, app).map_err(Unreadable)?;
    let files = documents::ask(workspace, &built).map_err(Unreadable)?;
    if !check {
        for file in print(workspace, &files)? {
            say(&mut std::io::stdout(), &format!("glue: wrote {}\n", file.path));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let stale = stale(workspace, &files);
    for file in &stale {
        say(&mut std::io::stderr(), &format!("error[G0801]: {} is not what the application serves\n", file.path));
    }
    Ok(if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
