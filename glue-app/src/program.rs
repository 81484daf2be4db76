//! An application as data: what it mounts, whom it knows, what its behaviour needs.

use std::sync::Arc;

use auth_rest_api::customer_access::Restricted;
use auth_rest_api::server_metadata::{self, Endpoints};
use auth_rest_api::{EngineAuthenticator, SharedEngine};
use glue_core::clock::Clock;
use glue_core::db::{Conn, Db, DbError, Schema};
use glue_core::document::Relations;
use glue_core::error::ErrorRow;
use glue_core::openapi::{self, About, OpenApi};
use glue_core::profile::Rules;
use glue_core::request::hooks::Hooks;
use glue_core::request::{Agents, Application, Environment, HttpPolicy, Services};
use glue_core::route::{Protection, RouteDef, RoutingTable};
use glue_core::server::{Managed, Mount, Site};
use glue_core::settings::ConfigError;
use oauth::Plugins;

use crate::demo::DemoData;
use crate::engine;
use crate::settings::Settings;
use crate::start_error::StartError;

/// One application.
#[derive(Clone, Copy)]
pub struct Program {
    /// Its name in definitions and in `glue.toml`.
    pub name: &'static str,
    /// Its own configuration file.
    pub config: &'static str,
    /// The title of its document.
    pub title: &'static str,
    /// The paragraph of its document.
    pub description: &'static str,
    /// What it mounts.
    pub mount: fn() -> Mount,
    /// The scopes of its tokens.
    pub scopes: &'static [(&'static str, &'static str)],
    /// Its user and scope providers.
    pub plugins: fn(&Settings) -> Plugins,
    /// What its hand-written behaviour needs.
    pub services: fn(Services, &SharedEngine, &Db, &Settings) -> Result<Services, ConfigError>,
    /// Whether agents act in it.
    pub agents: Agents,
    /// What its own stages refuse requests of every operation with; what they refuse one with stands in its definition.
    pub refusals: &'static [&'static ErrorRow],
    /// Rows to try it with.
    pub demo: DemoData,
    /// The tables of everything that it mounts.
    pub schema: Schema,
    /// What a change of the schema leaves to be computed.
    pub migrated: fn(&mut Conn) -> Result<(), DbError>,
    /// Its own stages in the pipeline.
    pub hooks: fn(&SharedEngine, &Settings) -> Result<Hooks, ConfigError>,
    /// Three commands for a newcomer, given the base URL.
    pub hint: fn(&str) -> String,
}

impl Program {
    /// The application over a database that is there already, once it has read which sessions ended.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn site(&self, settings: &Settings, db: Db, clock: Clock) -> Result<Site, StartError> {
        let engine = self.engine(settings, &db)?;
        engine.learn_endings(clock.now()).await.map_err(|error| StartError::Engine(error.to_string()))?;
        self.site_with(engine, settings, db, clock)
    }

    /// The OAuth engine of the application over a database that is there already.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn engine(&self, settings: &Settings, db: &Db) -> Result<SharedEngine, StartError> {
        engine::build(self.name, settings, db, (self.plugins)(settings))
    }

    /// The application with an engine that is there already.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn site_with(
        &self,
        engine: SharedEngine,
        settings: &Settings,
        db: Db,
        clock: Clock,
    ) -> Result<Site, StartError> {
        let mount = self.mounted(settings)?;
        let rows: Vec<_> = mount.rows().collect();
        let services = Services::default().with(engine.clone()).with(Restricted::of(&rows)).with(Endpoints::of(&rows));
        let services = (self.services)(services, &engine, &db, settings)?;
        let hooks = (self.hooks)(&engine, settings)?;
        let environment = Environment {
            name: self.name,
            rules: Rules::of(settings.profile, settings.dialect),
            public_url: settings.server.base_url(),
            db,
            clock,
            shop: settings.stores.clone(),
            relations: Relations::new(&mount.relations, &mount.targets, mount.rows())?,
            services,
        };
        let application = Application {
            environment: Arc::new(environment),
            authenticator: Arc::new(EngineAuthenticator(engine)),
            agents: self.agents,
            limits: settings.server.limits(),
            hooks,
            http: HttpPolicy::new(&settings.server),
        };
        let document =
            self.described(settings, &mount).to_json().map_err(|error| StartError::Document(error.to_string()))?;
        let mut table = RoutingTable::new(mount.operations)?;
        if let Some((known, also)) = server_metadata::place_of(&settings.server.base_url()) {
            table.serve_also(known, also);
        }
        Ok(Site::new(Managed::new(table, application), document))
    }

    /// The OpenAPI document under these settings, as indented JSON with a line feed at its end.
    ///
    /// # Errors
    /// [`StartError::Document`].
    pub fn document(&self, settings: &Settings) -> Result<String, StartError> {
        let described = self.described(settings, &self.mounted(settings)?);
        let text = described.to_pretty_json().map_err(|error| StartError::Document(error.to_string()))?;
        Ok(text + "\n")
    }

    /// What it serves under these settings.
    fn mounted(&self, settings: &Settings) -> Result<Mount, StartError> {
        let mount = (self.mount)().in_profile(settings.profile).tightened(&settings.server.protect)?;
        let of_agents = |row: &&RouteDef| row.agent || row.protection == Protection::Agent;
        let unserved = mount.rows().find(of_agents).filter(|_| self.agents == Agents::Unknown);
        match unserved {
            Some(row) => Err(StartError::Agents(row.operation_id)),
            None => Ok(mount),
        }
    }

    fn described(&self, settings: &Settings, mount: &Mount) -> OpenApi {
        let rows: Vec<_> = mount.rows().collect();
        let rules = Rules::of(settings.profile, settings.dialect);
        let about = About {
            title: self.title,
            description: self.description,
            scopes: self.scopes,
            grants: auth_rest_api::token::grants(&rules),
            token_path: Endpoints::of(&rows).token,
            refusals: settings
                .stores
                .refusals()
                .chain(self.agents.refusals())
                .chain(self.refusals.iter().copied())
                .collect(),
            public_url: settings.server.base_url(),
            server: if settings.server.public_url.is_empty() { "/".into() } else { settings.server.base_url() },
        };
        openapi::document(&rows, &rules, &about)
    }
}
