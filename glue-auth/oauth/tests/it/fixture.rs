//! An engine over a database of its own, with two users and two clients.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};

use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use oauth::format::{RefreshFormat, TokenFormat};
use oauth::keys::{Keys, WhenMissing};
use oauth::passwords::{Hasher, PasswordPool};
use oauth::port::{Access, Connection, Database, StorageError, Work};
use oauth::settings::AuthSettings;
use oauth::{
    Caller, ClientCredentials, Conventions, Engine, GrantError, PasswordRequest, Plugins, RefreshRequest, Revocation,
    TokenPair, UnknownScopes,
};
use oauth_extension::{
    Answer, Candidate, Grant, GrantRequest, PASSWORD, Proof, ScopeProvider, Subject, Unavailable, UserIdentifier,
    UserKind, UserProvider,
};
use serde_json::json;
use tempfile::TempDir;
use time::macros::datetime;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

pub(crate) const ISSUER: &str = "http://issuer.test";
pub(crate) const AUDIENCE: &str = "storefront";

/// One key for all tests: making one takes longer than any of them.
pub(crate) static KEY_FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a temporary folder"));
pub(crate) static KEYS: LazyLock<Keys> =
    LazyLock::new(|| Keys::load(&KEY_FOLDER.path().join("key.pem"), WhenMissing::Generate).expect("a key"));

/// Hashes that cost next to nothing.
pub(crate) fn settings() -> AuthSettings {
    AuthSettings { hash_memory_kib: 8, hash_passes: 1, ..AuthSettings::default() }
}

/// One connection behind a lock, which can be taken away.
pub(crate) struct TestStorage {
    conn: Mutex<SqliteConnection>,
    down: Mutex<bool>,
}

impl Database for TestStorage {
    fn submit(
        &self,
        access: Access,
        work: Work,
    ) -> Pin<Box<dyn Future<Output = Result<(), StorageError>> + Send + '_>> {
        Box::pin(async move {
            if *self.down.lock().expect("a lock") {
                return Err(StorageError::Unavailable("down".into()));
            }
            let mut conn = self.conn.lock().expect("a lock");
            match access {
                Access::Read => work(Connection::from(&mut *conn)),
                Access::Write => {
                    conn.batch_execute("BEGIN IMMEDIATE").map_err(StorageError::from)?;
                    let done = work(Connection::from(&mut *conn));
                    conn.batch_execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(StorageError::from)?;
                    done
                }
            }
        })
    }
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// Knows sonia and bill; either can be disabled, and loses the scope `newsletter` by unsubscribing.
struct People {
    hash: String,
    bcrypt: String,
    disabled: Mutex<Vec<i64>>,
    unsubscribed: Mutex<Vec<i64>>,
    rehashed: Mutex<Vec<String>>,
    /// Whether somebody else changes Sonia's password as soon as it was looked at.
    overtaken: Mutex<bool>,
    changed: Mutex<Option<String>>,
}

impl People {
    fn sonias_hash(&self) -> String {
        self.changed.lock().expect("a lock").clone().unwrap_or_else(|| self.hash.clone())
    }
}

fn subject(id: i64) -> Subject {
    Subject { kind: UserKind::Customer, natural: format!("DE--{id}"), surrogate: id }
}

fn identifier(id: i64) -> UserIdentifier {
    let keys = json!({ "customer_reference": format!("DE--{id}"), "id_customer": id });
    UserIdentifier(keys.as_object().expect("an object").clone())
}

impl UserProvider for People {
    fn grants(&self) -> &'static [Grant] {
        &[PASSWORD, Grant { name: "answered", proof: Proof::Caller }]
    }

    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let (id, hash) = match request.field("person").unwrap_or(&request.username) {
                "sonia@acme.com" => {
                    let hash = self.sonias_hash();
                    if *self.overtaken.lock().expect("a lock") {
                        *self.changed.lock().expect("a lock") = Some("another hash".into());
                    }
                    (21, Some(hash))
                }
                "bill@acme.com" => (4, Some(self.bcrypt.clone())),
                "nopassword@acme.com" => (5, None),
                _ => return Ok(None),
            };
            let is_active = !self.disabled.lock().expect("a lock").contains(&id);
            Ok(Some(Candidate { subject: subject(id), identifier: identifier(id), password_hash: hash, is_active }))
        })
    }

    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
        let id = identifier.number("id_customer").unwrap_or_default();
        Box::pin(async move { Ok(!self.disabled.lock().expect("a lock").contains(&id)) })
    }

    fn inactive<'a>(&'a self, _: PrimitiveDateTime) -> Answer<'a, Result<Vec<Subject>, Unavailable>> {
        Box::pin(async { Ok(self.disabled.lock().expect("a lock").iter().map(|id| subject(*id)).collect()) })
    }

    fn rehash<'a>(&'a self, of: &'a Subject, old: String, new: String) -> Answer<'a, Result<bool, Unavailable>> {
        if of.surrogate == 21 && old != self.sonias_hash() {
            return Box::pin(async { Ok(false) });
        }
        self.rehashed.lock().expect("a lock").push(new);
        Box::pin(async { Ok(true) })
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        identifier.number("id_customer").map(subject)
    }
}

impl ScopeProvider for People {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        let unsubscribed = self.unsubscribed.lock().expect("a lock").contains(&subject.surrogate);
        if unsubscribed { vec!["customer".into()] } else { vec!["customer".into(), "newsletter".into()] }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("customer", "everybody"), ("newsletter", "who did not unsubscribe")]
    }
}

/// What current practice asks for.
pub(crate) fn conventions() -> Conventions {
    Conventions {
        issuer: ISSUER.into(),
        audience: AUDIENCE.into(),
        access: TokenFormat::Rfc9068,
        refresh: RefreshFormat::Opaque,
        unknown_scopes: UnknownScopes::Refused,
        revocation: Revocation::Session,
    }
}

/// Somebody who names a client.
pub(crate) fn caller(id: &str, secret: Option<&str>) -> Caller {
    let secret = secret.map(|secret| secret.to_owned().into());
    Caller { client: Some(ClientCredentials { id: id.into(), secret }), source: String::new() }
}

pub(crate) fn password_request(caller: Caller, username: &str, password: &str, scopes: &[&str]) -> PasswordRequest {
    PasswordRequest {
        caller,
        grant: "password",
        username: username.into(),
        password: password.to_owned().into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}

/// The refresh token of a pair that has one.
pub(crate) fn refresh_of(pair: &TokenPair) -> &str {
    pair.refresh_token.as_deref().expect("a refresh token")
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    storage: Arc<TestStorage>,
    people: Arc<People>,
}

pub(crate) fn noon() -> OffsetDateTime {
    datetime!(2026-02-01 12:00 UTC)
}

pub(crate) fn seconds(seconds: i64) -> OffsetDateTime {
    noon() + Duration::seconds(seconds)
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(settings())
    }

    pub(crate) fn with(settings: AuthSettings) -> Self {
        Self::speaking(settings, conventions())
    }

    /// What a running shop issues.
    pub(crate) fn shop() -> Self {
        let refresh = RefreshFormat::Defuse("an encryption key".to_owned().into());
        let (unknown_scopes, revocation) = (UnknownScopes::Dropped, Revocation::RefreshTokens);
        Self::speaking(
            settings(),
            Conventions { access: TokenFormat::Spryker, refresh, unknown_scopes, revocation, ..conventions() },
        )
    }

    /// A second engine over the same database: another instance.
    pub(crate) fn instance(&self) -> Engine {
        let plugins =
            Plugins { users: vec![self.people.clone()], scopes: vec![self.people.clone()], ..Plugins::default() };
        let settings = self.engine.settings().clone();
        let pool = PasswordPool::start(&settings).expect("threads");
        Engine::new(self.storage.clone(), KEYS.clone(), pool, plugins, settings, self.engine.conventions().clone())
    }

    fn speaking(settings: AuthSettings, conventions: Conventions) -> Self {
        let mut conn = SqliteConnection::establish(":memory:").expect("SQLite");
        conn.run_pending_migrations(MIGRATIONS).expect("the schema");
        let secret = Hasher::new(&settings).hash(b"client secret").expect("randomness");
        conn.batch_execute(&format!(
            "INSERT INTO spy_oauth_client (identifier, name, is_confidential, secret, redirect_uri, grants, scopes) VALUES
             ('frontend', 'Frontend', FALSE, NULL, 'https://app.test/back http://127.0.0.1/back', NULL, NULL),
             ('other', 'Other', FALSE, NULL, 'https://other.test/back', NULL, NULL),
             ('service', 'Service', TRUE, '{secret}', NULL, NULL, NULL),
             ('robot', 'Robot', TRUE, '{secret}', NULL, 'client_credentials', 'stock prices'),
             ('gateway', 'Gateway', TRUE, '{secret}', NULL, 'introspection', NULL),
             ('narrow', 'Narrow', FALSE, NULL, NULL, 'password refresh_token', 'customer')"
        ))
        .expect("clients");
        let storage = Arc::new(TestStorage { conn: Mutex::new(conn), down: Mutex::new(false) });
        let people = Arc::new(People {
            hash: Hasher::new(&settings).hash(b"change123").expect("randomness"),
            bcrypt: bcrypt::hash_with_result("change123", 4).expect("a hash").format_for_version(bcrypt::Version::TwoY),
            disabled: Mutex::default(),
            unsubscribed: Mutex::default(),
            rehashed: Mutex::default(),
            overtaken: Mutex::default(),
            changed: Mutex::default(),
        });
        let plugins = Plugins { users: vec![people.clone()], scopes: vec![people.clone()], ..Plugins::default() };
        let pool = PasswordPool::start(&settings).expect("threads");
        let engine = Engine::new(storage.clone(), KEYS.clone(), pool, plugins, settings, conventions);
        Self { engine, storage, people }
    }

    pub(crate) async fn login(&self, username: &str, password: &str) -> Result<TokenPair, GrantError> {
        self.login_from("", username, password, noon()).await
    }

    pub(crate) async fn login_from(
        &self,
        source: &str,
        username: &str,
        password: &str,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let caller = Caller { client: None, source: source.to_owned() };
        self.engine.password(password_request(caller, username, password, &[]), now).await
    }

    pub(crate) async fn sonia(&self) -> TokenPair {
        self.login("sonia@acme.com", "change123").await.expect("sonia logs in")
    }

    pub(crate) async fn refresh(&self, token: &str, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        self.refresh_as(None, token, &[], now).await
    }

    pub(crate) async fn refresh_as(
        &self,
        client: Option<&str>,
        token: &str,
        scopes: &[&str],
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let caller = client.map_or_else(Caller::default, |id| caller(id, None));
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.engine.refresh(RefreshRequest { caller, token: token.to_owned().into(), scopes }, now).await
    }

    pub(crate) fn disable(&self, id: i64) {
        self.people.disabled.lock().expect("a lock").push(id);
    }

    pub(crate) fn unsubscribe(&self, id: i64) {
        self.people.unsubscribed.lock().expect("a lock").push(id);
    }

    pub(crate) fn enable(&self, id: i64) {
        self.people.disabled.lock().expect("a lock").retain(|disabled| *disabled != id);
    }

    /// What tokens carry of a person.
    pub(crate) fn user(&self, id: i64) -> UserIdentifier {
        identifier(id)
    }

    /// A session about Sonia for which Bill answers.
    pub(crate) async fn answered_by_bill(&self) -> TokenPair {
        let fields = vec![("person", "sonia@acme.com".into())];
        let request = GrantRequest { grant: "answered".into(), username: String::new(), fields };
        self.engine.answered_for(Caller::default(), request, "DE--4", None, noon()).await.expect("a pair")
    }

    /// From now on somebody else changes Sonia's password while it is being looked at.
    pub(crate) fn overtake(&self) {
        *self.people.overtaken.lock().expect("a lock") = true;
    }

    pub(crate) fn rehashed(&self) -> Vec<String> {
        self.people.rehashed.lock().expect("a lock").clone()
    }

    pub(crate) fn take_storage_away(&self) {
        *self.storage.down.lock().expect("a lock") = true;
    }

    pub(crate) fn bring_storage_back(&self) {
        *self.storage.down.lock().expect("a lock") = false;
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.storage.conn.lock().expect("a lock").batch_execute(sql).expect("a statement");
    }

    /// The column `text` of the first row.
    pub(crate) fn text(&self, sql: &str) -> String {
        let mut conn = self.storage.conn.lock().expect("a lock");
        let rows: Vec<Text> = diesel::sql_query(sql).load(&mut *conn).expect("a text");
        rows.into_iter().next().expect("a row").text
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        let mut conn = self.storage.conn.lock().expect("a lock");
        let rows: Vec<Count> =
            diesel::sql_query(format!("SELECT COUNT(*) AS count FROM {sql}")).load(&mut *conn).expect("a count");
        rows.first().expect("a row").count
    }

    /// Refresh tokens that could be exchanged now.
    pub(crate) fn live(&self) -> i64 {
        self.count("spy_oauth_refresh_token WHERE used_at IS NULL AND revoked_at IS NULL")
    }
}
