//! An application under test, and the clients that call it.

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use std::sync::Arc;

use super::BASE;
use super::TestDatabase;
use super::answer::{Answer, Expected};
use super::documented::{self, Documented};
use super::printed;
use super::tokens::{Caller, Issuer, TestIssuer, Validity};
use crate::clock::Clock;
use crate::document::Relations;
use crate::error::ErrorRow;
use crate::openapi::About;
use crate::profile::{Dialect, MineId, Profile, Rules};
use crate::request::hooks::Hooks;
use crate::request::shop::Shop;
use crate::request::{Agents, Application, Environment, HttpPolicy, Services};
use crate::route::{RouteMatch, RoutingTable, VisibleRows, path};
use crate::server::{Managed, Mount, Site};
use crate::settings::ServerSettings;

type Call = Box<dyn Fn(Request) -> LocalBoxFuture<'static, Result<ServiceResponse<BoxBody>, actix_web::Error>>>;

/// An application, its database and its clock.
pub struct TestApp {
    call: Call,
    issuer: Box<dyn Issuer>,
    rules: Rules,
    rows: Vec<&'static crate::route::RouteDef>,
    document: Arc<Value>,
    table: Arc<RoutingTable>,
    /// The clock that the application reads.
    pub clock: Clock,
    /// Its database.
    pub database: TestDatabase,
}

#[derive(diesel::QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

/// What an application under test is made of.
pub struct TestParts {
    /// Its name.
    pub application: &'static str,
    /// What it mounts.
    pub mount: Mount,
    /// Its database.
    pub database: TestDatabase,
    /// Its profile.
    pub profile: Profile,
    /// Its dialect in the profile `spryker`.
    pub dialect: Dialect,
    /// What its behaviour needs.
    pub services: Services,
    /// How it is served.
    pub server: ServerSettings,
    /// Its stores.
    pub shop: Shop,
    /// The project's own stages.
    pub hooks: Hooks,
    /// What those refuse with.
    pub refusals: Vec<&'static ErrorRow>,
    /// Whether agents act in it.
    pub agents: Agents,
}

impl TestParts {
    /// An application with everything at its default.
    #[must_use]
    pub fn new(application: &'static str, mount: Mount, database: TestDatabase) -> Self {
        Self {
            application,
            mount,
            database,
            profile: Profile::Documented,
            dialect: Dialect::Rest,
            services: Services::default(),
            server: ServerSettings::default(),
            shop: Shop::default(),
            hooks: Hooks::default(),
            refusals: Vec::new(),
            agents: Agents::Accepted,
        }
    }
}

/// An application over a database of its own, and what its tests need beside it.
pub(super) struct Made {
    pub(super) site: Site,
    pub(super) issuer: TestIssuer,
    pub(super) clock: Clock,
    pub(super) database: TestDatabase,
}

impl TestParts {
    /// Puts the application together.
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    pub(super) fn make(self) -> Made {
        let issuer = TestIssuer::new(self.application);
        let rules = Rules::of(self.profile, self.dialect);
        let clock = Clock::fixed(super::tokens_epoch());
        let mount = self
            .mount
            .in_profile(self.profile)
            .tightened(&self.server.protect)
            .unwrap_or_else(|error| panic!("{error}"));
        let rows: Vec<_> = mount.rows().collect();
        let about = About {
            title: "Test",
            description: "Test.",
            scopes: &[],
            grants: &["password"],
            token_path: None,
            refusals: self.shop.refusals().chain(self.agents.refusals()).chain(self.refusals).collect(),
            public_url: BASE.into(),
            server: BASE.into(),
        };
        let document = printed::document(&rows, &rules, &about);
        let relations = Relations::new(&mount.relations, &mount.targets, mount.rows());
        let environment = Environment {
            name: self.application,
            rules,
            public_url: BASE.into(),
            db: self.database.db.clone(),
            clock: clock.clone(),
            shop: self.shop,
            relations: relations.unwrap_or_else(|error| panic!("{error}")),
            services: self.services,
        };
        let application = Application {
            environment: Arc::new(environment),
            authenticator: Arc::new(issuer.clone()),
            agents: self.agents,
            limits: self.server.limits(),
            hooks: self.hooks,
            http: HttpPolicy::new(&self.server),
        };
        let table = RoutingTable::new(mount.operations).unwrap_or_else(|error| panic!("{error}"));
        let site = Site::new(Managed::new(table, application), document);
        Made { site, issuer, clock, database: self.database }
    }
}

impl TestApp {
    /// An application that judges the tokens of [`TestIssuer`].
    ///
    /// # Panics
    /// When two operations serve the same route.
    pub async fn new(parts: TestParts) -> Self {
        let Made { site, issuer, clock, database } = parts.make();
        Self::over(&site, Box::new(issuer), clock, database).await
    }

    /// An application that is put together already.
    pub async fn over(site: &Site, issuer: Box<dyn Issuer>, clock: Clock, database: TestDatabase) -> Self {
        let service = init_service(site.app()).await;
        let document = printed::read(site.document());
        let rules = site.managed().application().environment.rules;
        let rows = site.managed().table().rows().collect();
        let table = site.managed().table.clone();
        let call: Call = Box::new(move |request| Box::pin(service.call(request)));
        Self { call, issuer, rules, rows, document, table, clock, database }
    }

    /// Runs statements on its database.
    ///
    /// # Panics
    /// When the database refuses them.
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    pub async fn sql(&self, statements: &str) {
        let statements = statements.to_owned();
        let ran = self.database.db.write(move |conn| Ok(crate::on_dialect!(conn, c => c.batch_execute(&statements))?));
        ran.await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// The first value of the column `text` that a query answers with.
    ///
    /// # Panics
    /// When the database refuses it.
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    pub async fn text(&self, query: &'static str) -> String {
        let ran = self
            .database
            .db
            .run(move |conn| Ok(crate::on_dialect!(conn, c => diesel::sql_query(query).get_result::<Text>(c))?.text));
        ran.await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A token that is accepted.
    #[must_use]
    pub fn token(&self, caller: &Caller) -> String {
        self.issuer.issue(caller, Validity::Valid, self.clock.now())
    }

    /// A token whose time is over.
    #[must_use]
    pub fn expired_token(&self, caller: &Caller) -> String {
        self.issuer.issue(caller, Validity::Expired, self.clock.now())
    }

    /// A token of another application.
    #[must_use]
    pub fn foreign_token(&self, caller: &Caller) -> String {
        self.issuer.issue(caller, Validity::Foreign, self.clock.now())
    }

    /// Somebody without a token.
    #[must_use]
    pub fn anonymous(&self) -> Client<'_> {
        Client { app: self, headers: Vec::new() }
    }

    /// Somebody with a bearer token.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Client<'_> {
        self.authorization(&format!("Bearer {token}"))
    }

    /// Somebody who sends several `Authorization` headers.
    #[must_use]
    pub fn bearers(&self, tokens: &[&str]) -> Client<'_> {
        let headers = tokens.iter().map(|token| ("authorization".to_owned(), format!("Bearer {token}"))).collect();
        Client { app: self, headers }
    }

    /// Somebody who sends this `Authorization` header.
    #[must_use]
    pub fn authorization(&self, value: &str) -> Client<'_> {
        Client { app: self, headers: vec![("authorization".into(), value.into())] }
    }

    /// One operation as the document describes it.
    ///
    /// # Panics
    /// When the table or the document does not have it.
    #[must_use]
    pub fn documented(&self, operation: &str) -> Documented {
        Documented::find(&self.document, &self.rows, self.rules, operation)
    }

    /// The operations that a request may be for, by every convention.
    fn operations(&self, method: &str, path: &str) -> Vec<&'static str> {
        let path = path.split('?').next().unwrap_or_default();
        let found = |seen: VisibleRows| match self.table.find_custom(method, path, seen) {
            Some((found, _)) => found,
            None => {
                let (version, path) = path::version(path);
                let steps = path::steps(path).unwrap_or_default();
                self.table.find(method, &steps, version, MineId::AnyId, seen)
            }
        };
        let rows = [VisibleRows::JsonApi, VisibleRows::Plain].into_iter().filter_map(|seen| match found(seen) {
            RouteMatch::Row(_, row) => Some(row.operation_id),
            RouteMatch::NoMethod | RouteMatch::NoResource => None,
        });
        rows.collect()
    }

    /// A refusal that clients do not read of in the document is one that they are not prepared for.
    #[track_caller]
    fn expects(&self, method: &str, path: &str, answer: &Answer) {
        let operations = self.operations(method, path);
        let code = answer.at("/errors/0/code");
        // A version that is not there, a preflight in disguise, and defects are about no operation.
        let elsewhere = [(404, &Value::Null), (403, &Value::Null), (500, &Value::Null)];
        let refused = answer.status >= 400 && !answer.json.is_null() && !elsewhere.contains(&(answer.status, code));
        let media_type = answer.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let shows = |id: &&str| documented::shows(&self.document, id, answer.status, media_type, &answer.json);
        assert!(
            !refused || operations.is_empty() || operations.iter().any(shows),
            "{method} {path} answers {} {}, which {operations:?} does not show",
            answer.status,
            answer.text
        );
    }

    /// Every row that the application mounts.
    #[must_use]
    pub fn rows(&self) -> &[&'static crate::route::RouteDef] {
        &self.rows
    }
}

/// A client of an application under test.
pub struct Client<'a> {
    app: &'a TestApp,
    headers: Vec<(String, String)>,
}

impl Client<'_> {
    /// Adds a header to every request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends a form.
    pub async fn form(&self, path: &str, body: &str) -> Answer {
        self.raw("POST", path, Some(("application/x-www-form-urlencoded", body))).await
    }

    /// Sends a JSON:API request.
    pub async fn send(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        self.raw(method, path, body.map(|body| ("application/vnd.api+json", body))).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// Whether something is served at a path, but no reading of it.
    pub(super) fn only_writes(&self, path: &str) -> bool {
        let serves = |method: &&str| !self.app.operations(method, path).is_empty();
        !serves(&"GET") && ["POST", "PATCH", "DELETE"].iter().any(serves)
    }

    /// Sends anything.
    ///
    /// # Panics
    /// When `method` is no HTTP method.
    pub async fn raw(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        #[expect(clippy::panic, reason = "a test kit fails loudly")]
        let parsed = method.parse().unwrap_or_else(|_| panic!("{method} is no method"));
        let mut request = TestRequest::default().method(parsed).uri(path);
        if !self.headers.iter().any(|(name, _)| name == "accept") {
            request = request.insert_header(("accept", "*/*"));
        }
        // An empty `Accept` stands for none at all.
        for (name, value) in self.headers.iter().filter(|(name, value)| name != "accept" || !value.is_empty()) {
            request = request.append_header((name.as_str(), value.as_str()));
        }
        if let Some((media_type, body)) = body {
            request = request.insert_header(("content-type", media_type)).set_payload(body.to_owned());
        }
        let expected = Expected { rules: self.app.rules, document: self.app.document.clone() };
        let answer = match (self.app.call)(request.to_request()).await {
            Ok(response) => Answer::read(response, expected).await,
            Err(error) => Answer::read_error(&error, expected).await,
        };
        self.app.expects(method, path, &answer);
        answer
    }
}
