//! The commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::commands::{self, DifferenceFormat, ProblemFormat, RouteFormat};
use crate::definition::{OwnerKind, VerbName};
use crate::load::Unreadable;
use crate::output::Edits;
use crate::scaffold::{Field, Scaffold};
use crate::steps::{checked, say};
use crate::watch::watch;
use crate::workspace::Workspace;
use crate::{alter, begin, json_schema};

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
        /// How to print problems.
        #[arg(long, value_enum, default_value = "human", conflicts_with = "against")]
        format: ProblemFormat,
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
        format: RouteFormat,
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
    Scaffold(AskedScaffold),
    /// Another name for an attribute, wherever its definition names it. Its column keeps its name, and so its rows.
    ///
    /// glue rename reviews.title heading
    Rename {
        /// The type and the attribute: `reviews.title`.
        attribute: String,
        /// The new name.
        name: String,
    },
    /// Takes a resource out. What people wrote is moved to removed/, what was generated goes; its table stays.
    Remove {
        /// The type.
        kind: String,
    },
    /// Makes a module of the framework a crate of this workspace, with its definitions, and so yours to change. What is
    /// compiled against it comes along.
    ///
    /// glue adopt customers
    Adopt {
        /// The module, as glue.toml lists it.
        module: String,
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
    /// Definitions from another format, in a crate of their own, with stubs for their behaviour and a report.
    Import {
        /// The format.
        #[arg(value_enum)]
        from: Foreign,
        /// The folder with the files.
        folder: PathBuf,
        /// The crate that is written.
        #[arg(long = "crate", value_name = "CRATE", default_value = "imported")]
        krate: String,
        /// Print the report and write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// What a code means, or where a value of a definition comes from, layer by layer.
    ///
    /// glue explain G0203; glue explain wishlists.attributes.name.max
    Explain {
        /// `G0203`, or a type and the keys that lead to a value.
        what: String,
    },
    /// The JSON Schema of definition files, for editors.
    Schema,
    /// Completions of this command line for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// What became of the documents in openapi/ since a revision of git: breaking, additive, docs-only, per operation. Exits
    /// with 1 when a client that worked may no longer.
    ///
    /// glue diff main --format markdown
    Diff {
        /// The revision.
        revision: String,
        /// How to print.
        #[arg(long, value_enum, default_value = "tsv")]
        format: DifferenceFormat,
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

/// What `glue scaffold` is told.
#[derive(clap::Args)]
struct AskedScaffold {
    /// Behaviour to write by hand instead, `reviews.create` say: a file that people own from then on.
    #[arg(long = "impl", value_name = "TYPE.VERB", exclusive = true)]
    behaviour: Option<String>,
    /// The type, in the plural: `reviews`.
    #[arg(required_unless_present = "behaviour", default_value = "", hide_default_value = true)]
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
}

impl AskedScaffold {
    fn scaffold(&self) -> Scaffold {
        let owner = self.owner.map(|owner| match owner {
            Owner::Customer => OwnerKind::Customer,
            Owner::User => OwnerKind::User,
        });
        let public = self.public.iter().map(|verb| match verb {
            Reading::List => VerbName::List,
            Reading::Get => VerbName::Get,
        });
        Scaffold {
            kind: self.kind.clone(),
            fields: self.fields.clone(),
            krate: self.krate.clone(),
            owner,
            public: public.collect(),
            parent: self.parent.clone(),
            apps: self.apps.clone(),
        }
    }
}

/// The formats that are read.
#[derive(Clone, Copy, ValueEnum)]
enum Foreign {
    /// `*.resource.yml` and `*.validation.yml` of Spryker's API Platform.
    Spryker,
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
    let root = || cli.root.clone().map_or_else(nearest, Ok);
    if let Some(done) = alone(cli, &root) {
        return done;
    }
    let root = root()?;
    match &cli.command {
        Command::Generate { dry_run, repair } => {
            let edits = if *repair { Edits::Repaired } else { Edits::Kept };
            within(&root, None, |workspace| commands::generate(workspace, *dry_run, edits))
        }
        Command::Check {
            format: format @ (ProblemFormat::Json | ProblemFormat::Github | ProblemFormat::Sarif),
            ..
        } => commands::findings(&root, *format),
        Command::Check { against, .. } => within(&root, None, |workspace| {
            let drift = commands::drift(workspace)?;
            let since = against.as_deref().map(|revision| commands::compare(workspace, revision)).transpose()?;
            Ok(since.filter(|code| *code != ExitCode::SUCCESS).unwrap_or(drift))
        }),
        Command::New { .. } | Command::Explain { .. } | Command::Schema | Command::Completions { .. } => {
            Ok(ExitCode::SUCCESS)
        }
        Command::Scaffold(asked) => match &asked.behaviour {
            Some(behaviour) => begin::behaviour(&root, behaviour),
            None => begin::resource(&root, &asked.scaffold()),
        },
        Command::Rename { attribute, name } => alter::renamed(&root, attribute, name),
        Command::Remove { kind } => alter::removed(&root, kind),
        Command::Adopt { module } => alter::adopted(&root, module),
        Command::Migrate { name, baseline, allow_destructive, dry_run } => within(&root, None, |workspace| {
            let wanted = begin::Wanted {
                name: name.as_deref(),
                baseline: *baseline,
                destructive: *allow_destructive,
                dry_run: *dry_run,
            };
            begin::migration(workspace, &wanted)
        }),
        Command::Import { from: Foreign::Spryker, folder, krate, dry_run } => {
            begin::imported(&root, folder, krate, *dry_run)
        }
        Command::Diff { revision, format } => {
            within(&root, None, |workspace| commands::differ(workspace, revision, *format))
        }
        Command::Watch { serve } => watch(&root, serve.as_deref()),
        Command::Routes { app, public, format } => {
            let app = app.as_deref();
            within(&root, app, |workspace| Ok(commands::routes(workspace, app, *public, *format)))
        }
        Command::Openapi { app, check } => {
            within(&root, app.as_deref(), |workspace| commands::openapi(workspace, app.as_deref(), *check))
        }
    }
}

/// Runs a command that needs no workspace, or not always.
fn alone(cli: &Cli, root: &impl Fn() -> Result<PathBuf, Unreadable>) -> Option<Result<ExitCode, Unreadable>> {
    if let Command::New { name, framework } = &cli.command {
        return Some(begin::workspace(name, framework));
    }
    if let Command::Explain { what } = &cli.command {
        return Some(commands::explain(root, what));
    }
    if let Command::Schema = &cli.command {
        say(&mut std::io::stdout(), json_schema::RESOURCE);
        return Some(Ok(ExitCode::SUCCESS));
    }
    if let Command::Completions { shell } = &cli.command {
        clap_complete::generate(*shell, &mut Cli::command(), "glue", &mut std::io::stdout());
        return Some(Ok(ExitCode::SUCCESS));
    }
    None
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
