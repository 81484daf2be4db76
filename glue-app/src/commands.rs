//! The commands that every application has.

mod explain;
mod operate;
mod print;
use self::print::say;
use crate::commands::operate::{ApiKeys, Clients, Sessions};
use crate::program::Program;
use crate::settings::{Deployment, Settings};
use crate::start_error::StartError;
use crate::{chores, demo, process};
use clap::{Parser, Subcommand};
use glue_core::clock::Clock;
use glue_core::db::{Conn, Db};
use glue_core::openapi::{errors, protection};
use glue_core::profile::Profile;
use glue_core::server::serve_metrics;
use glue_core::settings::{self as layers, Validate};
use glue_core::telemetry;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::io::Write;
use std::process::ExitCode;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve requests; the default. Prepares an empty database in development.
    Serve,
    /// Apply pending migrations.
    Migrate {
        /// Revert all of them instead. All data is lost.
        #[arg(long)]
        down: bool,
    },
    /// Load the demo data into an empty database.
    Seed,
    /// Print the OpenAPI document, without database, keys or environment.
    Openapi {
        /// The profile to describe, instead of the default one.
        #[arg(long, value_parser = profile, conflicts_with_all = ["protection", "errors"])]
        profile: Option<Profile>,
        /// Print who may call what instead.
        #[arg(long)]
        protection: bool,
        /// Print every error as a page instead.
        #[arg(long, conflicts_with = "protection")]
        errors: bool,
    },
    /// Print the configuration in effect, secrets masked.
    Config,
    /// Make and list OAuth clients, exchange their secrets.
    #[command(subcommand)]
    Clients(Clients),
    /// Make, list and end API keys.
    #[command(subcommand)]
    ApiKeys(ApiKeys),
    /// Print the public keys, as a JSON Web Key Set.
    Keys,
    /// Print the scopes that tokens can carry, and who gets them.
    Scopes,
    /// Delete tokens, codes and counts that ended longer ago than the retention.
    Purge,
    /// Say why a request was answered as it was, from the log on standard input.
    Explain {
        /// The request: the `X-Request-Id` of its answer.
        request_id: String,
    },
    /// List and end a user's sessions.
    #[command(subcommand)]
    Sessions(Sessions),
}

/// Runs the command line of `program`.
#[must_use]
pub fn run(program: &Program) -> ExitCode {
    let cli = Cli::parse();
    process::prepare();
    match start(program, cli.command.unwrap_or(Command::Serve)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}: {error}", program.name);
            ExitCode::FAILURE
        }
    }
}

fn start(program: &Program, command: Command) -> Result<(), StartError> {
    if let Command::Openapi { profile, protection, errors } = command {
        return describe(program, profile, protection, errors);
    }
    if let Command::Explain { request_id } = command {
        return read_out(&request_id);
    }
    let settings: Settings = layers::load(program.config)?;
    if !matches!(command, Command::Config) {
        settings.validate()?;
    }
    telemetry::install(program.name, &settings.log, &settings.traces)?;
    match command {
        Command::Serve => serve(program, &settings),
        Command::Migrate { down: false } => {
            let mut conn = open(&settings)?;
            let applied = program.schema.up(&mut conn)?;
            (program.migrated)(&mut conn)?;
            say(&format!("{applied} migration(s) applied\n"));
            Ok(())
        }
        Command::Migrate { down: true } => {
            let reverted = program.schema.down(&mut open(&settings)?)?;
            say(&format!("{reverted} migration(s) reverted\n"));
            Ok(())
        }
        Command::Seed if settings.environment == Deployment::Production => Err(layers::ConfigError::bad_value(
            "environment",
            "demo data has known passwords and stays out of production",
        )
        .into()),
        Command::Seed => {
            let loaded = program.demo.load(&mut open(&settings)?, &settings.auth, Clock::system().now())?;
            say(if loaded { "demo data loaded\n" } else { "the database is not empty: nothing was loaded\n" });
            Ok(())
        }
        Command::Clients(clients) => operate::clients(program, &settings, clients),
        Command::ApiKeys(keys) => operate::api_keys(program, &settings, keys),
        Command::Keys => operate::keys(program, &settings),
        Command::Scopes => operate::scopes(program, &settings),
        Command::Purge => operate::purge(program, &settings),
        Command::Sessions(sessions) => operate::sessions(program, &settings, sessions),
        Command::Openapi { .. } | Command::Explain { .. } => Ok(()),
        Command::Config => {
            say(&toml::to_string_pretty(&settings).map_err(|error| StartError::Document(error.to_string()))?);
            Ok(())
        }
    }
}

fn read_out(request_id: &str) -> Result<(), StartError> {
    let said = explain::explain(std::io::stdin().lock(), request_id);
    let said = said.map_err(|error| StartError::System("the log".into(), error))?;
    if said.is_empty() {
        return Err(StartError::Engine(format!("the log does not know `{request_id}`")));
    }
    say(&format!("{}\n", said.join("\n")));
    Ok(())
}

/// A profile by the name that it has in the configuration.
fn profile(name: &str) -> Result<Profile, serde::de::value::Error> {
    Profile::deserialize(name.into_deserializer())
}

fn describe(program: &Program, profile: Option<Profile>, protection: bool, errors: bool) -> Result<(), StartError> {
    if protection {
        let lines = protection::lines((program.mount)().rows());
        say(&format!("{}\n{}\n", protection::HEADING, lines.join("\n")));
    } else if errors {
        say(&errors::page(program.name, (program.mount)().rows()));
    } else {
        let mut settings: Settings = layers::defaults(program.config)?;
        settings.profile = profile.unwrap_or(settings.profile);
        say(&program.document(&settings)?);
    }
    Ok(())
}

fn serve(program: &Program, settings: &Settings) -> Result<(), StartError> {
    let db = Db::start(settings.database.executor())?;
    let engine = program.engine(settings, &db)?;
    if settings.database.prepare {
        prepare(program, settings);
    }
    match settings.environment {
        Deployment::Production => refuse_demo_data(program, settings)?,
        Deployment::Development => warn_of_strangers(settings),
    }
    let scraped = match settings.metrics.port {
        0 => None,
        _ => Some((glue_core::telemetry::metrics::install()?, db.clone())),
    };
    let site = program.site_with(engine.clone(), settings, db, Clock::system())?;
    let greet = |address: std::net::SocketAddr| {
        let base = settings.server.base_url();
        let hint = if settings.environment == Deployment::Development { (program.hint)(&base) } else { String::new() };
        say(&format!("{} listens on http://{address}\n{hint}", program.name));
    };
    actix_web::rt::System::new().block_on(async {
        if let Some((handle, db)) = scraped {
            let place = format!("{}:{}", settings.metrics.host, settings.metrics.port);
            let bound = serve_metrics(&settings.metrics, handle, db);
            let address = bound.map_err(|error| StartError::listening(place, "GLUE__METRICS__PORT", error))?;
            tracing::info!(%address, "metrics are served");
        }
        // Nobody is let in whose session was ended while this process did not run. A database that is down now keeps the
        // application from being ready, not from starting.
        if let Err(error) = engine.learn_endings(Clock::system().now()).await {
            tracing::error!(%error, "it is not known yet which sessions ended: tokens are refused until it is");
        }
        chores::start(&engine, settings, &Clock::system());
        let served = site.serve(&settings.server, greet).await;
        let place = format!("{}:{}", settings.server.host, settings.server.port);
        served.map_err(|error| StartError::listening(place, "GLUE__SERVER__PORT", error))
    })
}

/// A database that cannot be prepared now must not keep the process from starting: it answers 503 until there is one.
fn prepare(program: &Program, settings: &Settings) {
    let prepared = open(settings).and_then(|mut conn| {
        program.schema.up(&mut conn)?;
        let loaded = match settings.environment {
            Deployment::Development => program.demo.load(&mut conn, &settings.auth, Clock::system().now())?,
            Deployment::Production => false,
        };
        (program.migrated)(&mut conn)?;
        Ok(loaded)
    });
    match prepared {
        Ok(true) => tracing::info!("demo data loaded into an empty database"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the database could not be prepared"),
    }
}

/// Everybody knows the passwords of the demo data.
fn refuse_demo_data(program: &Program, settings: &Settings) -> Result<(), StartError> {
    let known = match open(settings).and_then(|mut conn| Ok(program.demo.known_password(&mut conn, &settings.auth)?)) {
        Ok(known) => known,
        Err(error) => {
            tracing::error!(%error, "it could not be looked whether the database holds demo data");
            None
        }
    };
    match known {
        None => Ok(()),
        Some(name) => Err(StartError::Engine(format!(
            "database.url: `{name}` has the password of the demo data, and `environment` is production; begin with an empty \
             database, or give everybody a password of their own"
        ))),
    }
}

/// Made-up keys and known passwords are for one's own machine.
fn warn_of_strangers(settings: &Settings) {
    let host = settings.server.host.trim_matches(['[', ']']);
    let is_local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if !is_local || settings.server.public_url.starts_with("https://") {
        tracing::warn!(
            host = settings.server.host,
            public_url = settings.server.public_url,
            "STRANGERS CAN REACH THIS: `environment` is development, where everybody's password is `{}` and keys are made up; \
             set `environment` to production",
            demo::PASSWORD
        );
    }
}

fn open(settings: &Settings) -> Result<Conn, StartError> {
    if let Some(folder) = settings.database.sqlite_file().as_deref().and_then(|file| file.parent()) {
        std::fs::create_dir_all(folder).map_err(|error| StartError::System(folder.display().to_string(), error))?;
    }
    Ok(Conn::open(&settings.database.url.0, settings.database.sqlite_sync)?)
}
