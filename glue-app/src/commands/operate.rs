//! What operators do with the OAuth engine: clients, keys, scopes, clean-up, sessions.

use std::fmt::Display;
use std::future::Future;

use auth_rest_api::SharedEngine;
use clap::{Args, Subcommand};
use glue_core::clock::Clock;
use glue_core::db::Db;
use oauth::{ApiKey, NewClient};
use time::Duration;

use super::print::say;
use crate::program::Program;
use crate::settings::Settings;
use crate::start_error::StartError;

#[derive(Subcommand)]
pub(super) enum Clients {
    /// Make a client; its secret is printed once.
    Create(Create),
    /// List the clients, without their secrets.
    List,
    /// Print a new secret of a client; the one before it counts for a while.
    Rotate {
        /// The client.
        identifier: String,
        /// Seconds that both secrets count.
        #[arg(long, default_value_t = 86_400, value_parser = clap::value_parser!(i64).range(0..=31_536_000))]
        overlap: i64,
    },
}

#[derive(Args)]
pub(super) struct Create {
    /// What requests name it by.
    identifier: String,
    /// What people read.
    #[arg(long)]
    name: Option<String>,
    /// It authenticates with a secret.
    #[arg(long)]
    confidential: bool,
    /// Where people may be sent back to; may be given more than once.
    #[arg(long)]
    redirect_uri: Vec<String>,
    /// A grant that it may use; may be given more than once. Without it, codes and refreshing.
    #[arg(long)]
    grant: Vec<String>,
    /// A scope that it may have; may be given more than once. Without it, those of its users.
    #[arg(long)]
    scope: Vec<String>,
}

#[derive(Subcommand)]
pub(super) enum ApiKeys {
    /// Make a key; it is printed once.
    Create {
        /// What people and the audit log read.
        name: String,
        /// The back-office user who answers for it.
        #[arg(long)]
        user: String,
        /// Days that it lives; without it, until it is ended.
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=36_500))]
        days: Option<i64>,
        /// What it opens among the verbs that take keys; may be given more than once. Without it, all of them.
        #[arg(long)]
        scope: Vec<String>,
    },
    /// List the keys by name, without the keys.
    List,
    /// End a key at once.
    End {
        /// Its name.
        name: String,
    },
}

#[derive(Subcommand)]
pub(super) enum Sessions {
    /// List the sessions of a user that can be refreshed.
    List {
        /// The name that the user logs in with.
        username: String,
    },
    /// End every session of a user.
    End {
        /// The name that the user logs in with.
        username: String,
    },
}

pub(super) fn clients(program: &Program, settings: &Settings, command: Clients) -> Result<(), StartError> {
    with_engine(program, settings, async |engine| match command {
        Clients::Create(new) => {
            let joined = |words: Vec<String>| (!words.is_empty()).then(|| words.join(" "));
            let client = NewClient {
                name: new.name.unwrap_or_else(|| new.identifier.clone()),
                identifier: new.identifier,
                is_confidential: new.confidential,
                redirect_uri: joined(new.redirect_uri),
                grants: joined(new.grant).or_else(|| Some("authorization_code refresh_token".into())),
                scopes: joined(new.scope),
            };
            match engine.create_client(client).await.map_err(failed)? {
                Some(secret) => say(&format!("{secret}\n")),
                None => say("a public client: it has no secret\n"),
            }
            Ok(())
        }
        Clients::List => {
            for row in engine.clients().await.map_err(failed)? {
                let kind = if row.client.is_confidential { "confidential" } else { "public" };
                let or = |text: Option<String>| text.unwrap_or_else(|| "-".into());
                let rotating = row.previous_secret_until.map_or_else(|| "-".into(), |until| until.to_string());
                let (id, name) = (row.client.identifier, row.client.name);
                let (places, grants, scopes) =
                    (or(row.client.redirect_uri), or(row.client.grants), or(row.client.scopes));
                say(&format!("{id}\t{kind}\t{name}\t{places}\t{grants}\t{scopes}\t{rotating}\n"));
            }
            Ok(())
        }
        Clients::Rotate { identifier, overlap } => {
            let now = Clock::system().now();
            let rotated = engine.rotate_secret(&identifier, Duration::seconds(overlap), now).await.map_err(failed)?;
            match rotated {
                Some(secret) => say(&format!("{secret}\n")),
                None => return Err(StartError::Engine(format!("there is no client `{identifier}` with a secret"))),
            }
            Ok(())
        }
    })
}

pub(super) fn api_keys(program: &Program, settings: &Settings, command: ApiKeys) -> Result<(), StartError> {
    with_engine(program, settings, async |engine| {
        let now = Clock::system().now();
        match command {
            ApiKeys::Create { name, user, days, scope } => {
                let found = engine.active_user(&user).await.map_err(failed)?;
                let id = found.and_then(|user| user.number("id_user"));
                let created_by =
                    id.ok_or_else(|| StartError::Engine(format!("`{user}` is no active back-office user")))?;
                let end = days.map(|days| now + Duration::days(days));
                let valid_to = end.map(|end| time::PrimitiveDateTime::new(end.date(), end.time()));
                let new = ApiKey { name, scopes: scope, created_by, valid_to };
                say(&format!("{}\n", engine.create_api_key(new, now).await.map_err(failed)?));
            }
            ApiKeys::List => {
                for key in engine.api_keys().await.map_err(failed)? {
                    let scopes = if key.scopes.is_empty() { "-".into() } else { key.scopes.join(" ") };
                    let until = key.valid_to.map_or_else(|| "-".into(), |until| until.to_string());
                    say(&format!("{}\t{scopes}\t{}\t{until}\n", key.name, key.created_by));
                }
            }
            ApiKeys::End { name } => {
                if !engine.end_api_key(&name, now).await.map_err(failed)? {
                    return Err(StartError::Engine(format!("there is no key `{name}`")));
                }
                say("ended\n");
            }
        }
        Ok(())
    })
}

pub(super) fn keys(program: &Program, settings: &Settings) -> Result<(), StartError> {
    with_engine(program, settings, async |engine| {
        say(&format!("{:#}\n", engine.jwks()));
        Ok(())
    })
}

pub(super) fn scopes(program: &Program, settings: &Settings) -> Result<(), StartError> {
    with_engine(program, settings, async |engine| {
        for (scope, who) in engine.catalogue() {
            say(&format!("{scope}\t{who}\n"));
        }
        Ok(())
    })
}

pub(super) fn purge(program: &Program, settings: &Settings) -> Result<(), StartError> {
    with_engine(program, settings, async |engine| {
        let progress = |purged: oauth::Purged| say(&format!("{} row(s) deleted\n", purged.total()));
        let purged = engine.purge(Clock::system().now(), progress).await.map_err(failed)?;
        let (access, refresh) = (purged.access_tokens, purged.refresh_tokens);
        let (codes, sessions, attempts) = (purged.codes, purged.sessions, purged.attempts);
        say(&format!(
            "{access} access token(s), {refresh} refresh token(s), {codes} code(s), {sessions} session(s), {attempts} count(s)\n"
        ));
        Ok(())
    })
}

pub(super) fn sessions(program: &Program, settings: &Settings, command: Sessions) -> Result<(), StartError> {
    with_engine(program, settings, async |engine| {
        let now = Clock::system().now();
        let (Sessions::List { username } | Sessions::End { username }) = &command;
        let user = engine.user(username).await.map_err(failed)?;
        let user = user.ok_or_else(|| StartError::Engine(format!("nobody logs in as `{username}`")))?;
        match command {
            Sessions::List { .. } => {
                for session in engine.sessions(&user, now).await.map_err(failed)? {
                    let (id, kind, client) = (session.id, session.kind, session.client);
                    let (scopes, since, until) = (session.scopes.join(" "), session.since, session.until);
                    let parent = session.parent.unwrap_or_else(|| "-".into());
                    say(&format!("{id}\t{kind}\t{client}\t{scopes}\t{since}\t{until}\t{parent}\n"));
                }
            }
            Sessions::End { .. } => {
                engine.end_sessions(&user, now).await.map_err(failed)?;
                say("ended\n");
            }
        }
        Ok(())
    })
}

fn with_engine<F: Future<Output = Result<(), StartError>>>(
    program: &Program,
    settings: &Settings,
    work: impl FnOnce(SharedEngine) -> F,
) -> Result<(), StartError> {
    let db = Db::start(settings.database.executor())?;
    let engine = program.engine(settings, &db)?;
    actix_web::rt::System::new().block_on(work(engine))
}

fn failed(error: impl Display) -> StartError {
    StartError::Engine(error.to_string())
}
