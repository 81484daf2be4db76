//! The commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::definition::{OwnerKind, VerbName};
use crate::diagnostic::{Code, Problems, Severity};
use crate::load::Unreadable;
use crate::output::Edits;
use crate::rows::{self, Row};
use crate::scaffold::{Field, Scaffold};
use crate::workspace::Workspace;
use crate::{against, begin, documents, output, revision};
use clap::{Parser, Subcommand, ValueEnum};

use crate::steps::{checked, edited, planned, print, say, show, stale};
use crate::watch::watch;

/// One line in a definition decides a route, its protection and its documentation.
#[derive(Parser)]
#[command(name = "glue", version, about)]
struct Cli {
    /// The workspace; by default the nearest folder upwards with a glue.toml.
    #[arg(long, global = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Definitions → code, contract tests, registries, protection table.
    Generate {
        /// Print what would change and write nothing.
        #[arg(long)]
        dry_run: bool,
        /// Write generated files again that a merge left neither old nor new; hand edits of them are lost.
        #[arg(long, conflicts_with = "dry_run")]
        repair: bool,
    },
    /// Definitions and everything generated from them: problems and drift. Writes nothing.
    Check {
        /// Also what became of protection since this revision of git: what is tightened, loosened, added, removed. What
        /// is loosened without a new `because:` is an error.
        #[arg(long, value_name = "REVISION")]
        against: Option<String>,
    },
    /// Checks, generates, tests and documents again whatever is saved, until it is ended.
    Watch {
        /// Serve this application, and start it again after each change.
        #[arg(long, value_name = "APP")]
        serve: Option<String>,
    },
    /// Every managed route with its protection and its line.
    Routes {
        /// One application only.
        #[arg(long)]
        app: Option<String>,
        /// Public routes only.
        #[arg(long)]
        public: bool,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// A workspace of a team's own: two applications, a resource, its tests, in a new folder.
    New {
        /// The folder, and the name of what is in it.
        name: String,
        /// The framework as a dependency: `path:…` of a checkout, or `git:…` of a repository.
        #[arg(long, value_name = "path:…|git:…")]
        framework: String,
    },
    /// A resource from one line: definition, crate, migration, routes, tests. Nothing is overwritten.
    ///
    /// glue scaffold reviews rating:int! title:string! body:text --owner customer --public list,get
    Scaffold {
        /// The type, in the plural: `reviews`.
        kind: String,
        /// The attributes: `name:type`, with `!` when POST has to carry it.
        fields: Vec<Field>,
        /// The crate, when it is not called as the type is.
        #[arg(long = "crate", value_name = "CRATE")]
        krate: Option<String>,
        /// Whose the rows are.
        #[arg(long, value_enum)]
        owner: Option<Owner>,
        /// The reading verbs that need no token: `list,get`.
        #[arg(long, value_delimiter = ',', value_enum)]
        public: Vec<Reading>,
        /// The resource whose path stands in front.
        #[arg(long, value_name = "TYPE")]
        parent: Option<String>,
        /// The applications that mount it.
        #[arg(long = "app", value_name = "APP")]
        apps: Vec<String>,
    },
    /// The next migration, from what the definitions ask for now: up and down, in three dialects.
    Migrate {
        /// Its name; by default what it does first.
        #[arg(long)]
        name: Option<String>,
        /// Write no migration: the tables are there as the definitions say.
        #[arg(long)]
        baseline: bool,
        /// Also drop tables and columns, with what is in them.
        #[arg(long)]
        allow_destructive: bool,
        /// Print what it would do and write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// The OpenAPI documents, from the tables that the applications mount.
    Openapi {
        /// One application only.
        #[arg(long)]
        app: Option<String>,
        /// Compare with openapi/ and write nothing.
        #[arg(long)]
        check: bool,
    },
}

/// Whose rows can be.
#[derive(Clone, Copy, ValueEnum)]
enum Owner {
    /// A customer's.
    Customer,
    /// A back-office user's.
    User,
}

/// The verbs that read.
#[derive(Clone, Copy, ValueEnum)]
enum Reading {
    /// Many.
    List,
    /// One.
    Get,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Columns for people.
    Table,
    /// One line per route, tabs between columns.
    Tsv,
    /// One JSON document.
    Json,
}

/// Runs the command line: 0 done, 1 problems found, 2 could not run.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match start(&cli) {
        Ok(code) => code,
        Err(Unreadable(reason)) => {
            say(&mut std::io::stderr(), &format!("glue: {reason}\n"));
            ExitCode::from(2)
        }
    }
}

fn start(cli: &Cli) -> Result<ExitCode, Unreadable> {
    if let Command::New { name, framework } = &cli.command {
        return begin::workspace(name, framework);
    }
    let root = match &cli.root {
        Some(root) => root.clone(),
        None => nearest()?,
    };
    match &cli.command {
        Command::Generate { dry_run, repair } => {
            let edits = if *repair { Edits::Repaired } else { Edits::Kept };
            within(&root, None, |workspace| generate(workspace, *dry_run, edits))
        }
        Command::Check { against } => within(&root, None, |workspace| {
            let drift = drift(workspace)?;
            let since = against.as_deref().map(|revision| compare(workspace, revision)).transpose()?;
            Ok(since.filter(|code| *code != ExitCode::SUCCESS).unwrap_or(drift))
        }),
        Command::New { name, framework } => begin::workspace(name, framework),
        Command::Scaffold { kind, fields, krate, owner, public, parent, apps } => {
            let owner = owner.map(|owner| match owner {
                Owner::Customer => OwnerKind::Customer,
                Owner::User => OwnerKind::User,
            });
            let public = public.iter().map(|verb| match verb {
                Reading::List => VerbName::List,
                Reading::Get => VerbName::Get,
            });
            let scaffold = Scaffold {
                kind: kind.clone(),
                fields: fields.clone(),
                krate: krate.clone(),
                owner,
                public: public.collect(),
                parent: parent.clone(),
                apps: apps.clone(),
            };
            begin::resource(&root, &scaffold)
        }
        Command::Migrate { name, baseline, allow_destructive, dry_run } => within(&root, None, |workspace| {
            let wanted = begin::Wanted {
                name: name.as_deref(),
                baseline: *baseline,
                destructive: *allow_destructive,
                dry_run: *dry_run,
            };
            begin::migration(workspace, &wanted)
        }),
        Command::Watch { serve } => watch(&root, serve.as_deref()),
        Command::Routes { app, public, format } => {
            let app = app.as_deref();
            within(&root, app, |workspace| Ok(routes(workspace, app, *public, *format)))
        }
        Command::Openapi { app, check } => {
            within(&root, app.as_deref(), |workspace| openapi(workspace, app.as_deref(), *check))
        }
    }
}

/// Runs a command in the workspace, unless that has a mistake.
fn within(
    root: &Path,
    app: Option<&str>,
    command: impl FnOnce(&Workspace) -> Result<ExitCode, Unreadable>,
) -> Result<ExitCode, Unreadable> {
    checked(root, app)?.map_or(Ok(ExitCode::FAILURE), |workspace| command(&workspace))
}

fn nearest() -> Result<PathBuf, Unreadable> {
    let here = std::env::current_dir().map_err(|error| Unreadable(error.to_string()))?;
    let found = here.ancestors().find(|folder| folder.join("glue.toml").exists());
    found.map(Path::to_owned).ok_or_else(|| Unreadable("no glue.toml in this folder or above it".into()))
}

fn generate(workspace: &Workspace, dry_run: bool, edits: Edits) -> Result<ExitCode, Unreadable> {
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

fn drift(workspace: &Workspace) -> Result<ExitCode, Unreadable> {
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
fn compare(workspace: &Workspace, revision: &str) -> Result<ExitCode, Unreadable> {
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

fn routes(workspace: &Workspace, app: Option<&str>, public: bool, format: Format) -> ExitCode {
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

fn openapi(workspace: &Workspace, app: Option<&str>, check: bool) -> Result<ExitCode, Unreadable> {
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
