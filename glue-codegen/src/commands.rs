//! What the commands do that read definitions: generating, checking, listing, printing documents.

use std::process::ExitCode;

use clap::ValueEnum;

use crate::begin;
use crate::diagnostic::{Code, Problems, Severity};
use crate::differences::{self, Effect};
use crate::load::Unreadable;
use crate::output::Edits;
use crate::rows::{self, Row};
use crate::steps::{edited, planned, print, say, show, stale};
use crate::workspace::Workspace;
use crate::{against, documents, output, revision};

/// How routes are printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
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

/// Reports what is not as the definitions say.
pub(crate) fn drift(workspace: &Workspace) -> Result<ExitCode, Unreadable> {
    let plan = planned(workspace, Edits::Kept)?;
    let unmigrated = begin::unmigrated(workspace)?;
    if plan.is_empty() && plan.stale_documents.is_empty() && unmigrated.is_empty() {
        say(
            &mut std::io::stdout(),
            &format!("glue: {} definition(s), no problem, no drift\n", workspace.definitions().count()),
        );
        return Ok(ExitCode::SUCCESS);
    }
    let mut err = std::io::stderr();
    for (file, _) in &plan.writes {
        say(&mut err, &format!("error[G0801]: {} is not what the definitions say\n", file.path));
    }
    for path in &plan.deletes {
        say(&mut err, &format!("error[G0801]: {path} is no longer said by any definition\n"));
    }
    for path in &plan.orphans {
        say(
            &mut err,
            &format!(
                "error[G0801]: {path} was generated, and no definition says it: `cargo glue generate --repair` removes it\n"
            ),
        );
    }
    if plan.stale_lock {
        say(&mut err, &format!("error[G0801]: {} does not know what is generated\n", output::LOCK));
    }
    if !plan.edited.is_empty() {
        edited(&plan);
    }
    for path in &plan.stale_documents {
        say(&mut err, &format!("error[G0801]: {path} was printed from something else, or edited\n"));
    }
    for change in &unmigrated {
        say(&mut err, &format!("error[{}]: no migration does this: {change}\n", Code::MissingMigration.as_str()));
    }
    if !unmigrated.is_empty() {
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
pub(crate) fn routes(workspace: &Workspace, app: Option<&str>, public: bool, format: Format) -> ExitCode {
    let mut rows = rows::all(workspace);
    rows.retain(|row| app.is_none_or(|app| row.app == app) && (!public || row.protection() == "public"));
    let lines: Vec<[String; 7]> = rows.iter().map(columns).collect();
    const HEADS: [&str; 7] = ["application", "method", "path", "protection", "scopes", "owner", "source"];
    let text = match format {
        Format::Tsv => std::iter::once(HEADS.join("\t"))
            .chain(lines.iter().map(|line| line.join("\t")))
            .map(|line| line + "\n")
            .collect(),
        Format::Table => table(&HEADS.map(str::to_owned), &lines),
        Format::Json => {
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

/// How differences are printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Report {
    /// Tabs between columns.
    Tsv,
    /// A note for a release.
    Markdown,
    /// One JSON document.
    Json,
}

/// What became of the documents since a revision; fails when a client that worked may no longer.
pub(crate) fn differ(workspace: &Workspace, revision: &str, report: Report) -> Result<ExitCode, Unreadable> {
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
            Report::Tsv => text.push_str(&differences::lines(app, &found)),
            Report::Markdown => text.push_str(&differences::markdown(app, &found)),
            Report::Json => objects.extend(differences::json(app, &found)),
        }
    }
    if let Report::Json = report {
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
