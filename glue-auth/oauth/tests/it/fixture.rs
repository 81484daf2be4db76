//! An engine over a database of its own, with two users and two clients.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};

use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use futures_util::FutureExt as _;
use oauth::format::{RefreshFormat, TokenFormat};
use oauth::keys::{Keys, WhenMissing};
use oauth::passwords::{Hasher, PasswordPool};
use oauth::port::{Access, Connection, Database, StorageError, Unit, Work};
use oauth::settings::AuthSettings;
use oauth::{
    Caller, ClientCredentials, Conventions, Engine, GrantError, PasswordRequest, Plugins, RefreshRequest, Revocation,
    RevocationCaller, SessionId, TokenPair, UnknownScopes,
};
use oauth_extension::{
    Candidate, Grant, GrantRequest, PASSWORD, Proof, Remembered, ScopeProvider, Storage, Subject, Unavailable,
    UserIdentifier, UserKind, UserProvider,
};
use serde_json::json;
use tempfile::TempDir;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

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
                Access::Read => work(&mut Borrowed(&mut conn)),
                Access::Write => {
                    conn.batch_execute("BEGIN IMMEDIATE").map_err(StorageError::from)?;
                    let done = work(&mut Borrowed(&mut conn));
                    conn.batch_execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(StorageError::from)?;
                    done
                }
            }
        })
    }
}

/// The connection while a unit of work has it. What a plug point finds in it is of no interest here: people live elsewhere.
struct Borrowed<'a>(&'a mut SqliteConnection);

impl Unit for Borrowed<'_> {
    fn connection(&mut self) -> Connection<'_> {
        Connection::from(&mut *self.0)
    }

    fn storage(&mut self) -> Storage<'_> {
        Storage::new(self.0)
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

/// Knows sonia and bill; either can be disabled, becomes an author, and loses the scope `newsletter` by unsubscribing. Whoever
/// is disabled may answer for nobody, and `trusted` people may answer for others.
struct People {
    hash: String,
    bcrypt: String,
    disabled: Mutex<Vec<i64>>,
    unsubscribed: Mutex<Vec<i64>>,
    authors: Mutex<Vec<i64>>,
    rehashed: Mutex<Vec<String>>,
    /// What happens as soon as Sonia's hash was read, once, and the number of the next look at her.
    overtaken: Mutex<Option<(u8, Happening)>>,
    changed: Mutex<Option<String>>,
}

type Happening = Box<dyn FnOnce(&mut SqliteConnection, &People) + Send>;

impl People {
    fn sonias_hash(&self) -> String {
        self.changed.lock().expect("a lock").clone().unwrap_or_else(|| self.hash.clone())
    }

    fn candidate(&self, id: i64, answered: bool) -> Candidate {
        let is_author = self.authors.lock().expect("a lock").contains(&id);
        let kind = match (answered, is_author) {
            (true, _) => UserKind::ImpersonatedCustomer,
            (false, true) => UserKind::Other("author"),
            (false, false) => UserKind::Customer,
        };
        let password_hash = match id {
            21 => Some(self.sonias_hash()),
            4 => Some(self.bcrypt.clone()),
            _ => None,
        };
        let is_active = !self.disabled.lock().expect("a lock").contains(&id);
        Candidate { subject: Subject { kind, ..subject(id) }, identifier: identifier(id), password_hash, is_active }
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

    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable> {
        let id = match request.field("person").unwrap_or(&request.username) {
            "sonia@acme.com" => 21,
            "bill@acme.com" => 4,
            "nopassword@acme.com" => 5,
            _ => return Ok(None),
        };
        let found = self.candidate(id, request.answers.is_some());
        // A login looks twice: who somebody is, and then at the hash.
        let mut overtaken = self.overtaken.lock().expect("a lock");
        if id == 21 {
            match overtaken.take() {
                Some((2, happens)) => happens(storage.get()?, self),
                other => *overtaken = other.map(|(look, happens)| (look + 1, happens)),
            }
        }
        Ok(Some(found))
    }

    fn present(&self, _: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable> {
        Ok(past.identifier.number("id_customer").map(|id| self.candidate(id, past.answers.is_some())))
    }

    fn watches(&self) -> &'static [&'static str] {
        &["customer"]
    }

    fn rehash(&self, _: &mut Storage<'_>, of: &Subject, old: &str, new: &str) -> Result<bool, Unavailable> {
        if of.surrogate == 21 && old != self.sonias_hash() {
            return Ok(false);
        }
        self.rehashed.lock().expect("a lock").push(new.to_owned());
        Ok(true)
    }

    fn bcrypt_hash(&self, _: &mut Storage<'_>) -> Result<Option<String>, Unavailable> {
        Ok(Some(self.bcrypt.clone()))
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        identifier.number("id_customer").map(subject)
    }
}

impl ScopeProvider for People {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        let unsubscribed = self.unsubscribed.lock().expect("a lock").contains(&subject.surrogate);
        let mut scopes: Vec<String> = vec!["customer".into()];
        if !unsubscribed {
            scopes.push("newsletter".into());
        }
        if subject.kind == UserKind::ImpersonatedCustomer {
            scopes.push("impersonated".into());
        }
        if subject.kind == UserKind::Other("author") {
            scopes.push("author".into());
        }
        scopes
    }

    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        if subject.kind == UserKind::ImpersonatedCustomer {
            return &["impersonated"];
        }
        if subject.kind == UserKind::Other("author") { &["author"] } else { &[] }
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

/// Somebody who revokes, known by nothing but whom the token is about.
pub(crate) fn about(user: &UserIdentifier) -> RevocationCaller<'_> {
    RevocationCaller { session: None, user, source: "" }
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    storage: Arc<TestStorage>,
    people: Arc<People>,
}

/// An engine judges tokens once it knows what ended.
fn ready(engine: &Engine) {
    engine.learn_endings(noon()).now_or_never().expect("no waiting").expect("storage");
    engine.learn_hashes().now_or_never().expect("no waiting").expect("storage");
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
        Self::shop_with(settings())
    }

    pub(crate) fn shop_with(settings: AuthSettings) -> Self {
        let refresh = RefreshFormat::Defuse("an encryption key".to_owned().into());
        let (unknown_scopes, revocation) = (UnknownScopes::Dropped, Revocation::RefreshTokens);
        Self::speaking(
            settings,
            Conventions { access: TokenFormat::Spryker, refresh, unknown_scopes, revocation, ..conventions() },
        )
    }

    /// A second engine over the same database: another instance.
    pub(crate) fn instance(&self) -> Engine {
        let engine = self.unready();
        ready(&engine);
        engine
    }

    /// The same before it has read what ended.
    pub(crate) fn unready(&self) -> Engine {
        let plugins =
            Plugins { users: vec![self.people.clone()], scopes: vec![self.people.clone()], ..Plugins::default() };
        let settings = self.engine.settings().clone();
        let pool = PasswordPool::start(&settings).expect("threads");
        let conventions = self.engine.conventions().clone();
        Engine::new(self.storage.clone(), KEYS.clone(), pool, plugins, settings, conventions)
    }

    fn speaking(settings: AuthSettings, conventions: Conventions) -> Self {
        Self::signing(KEYS.clone(), settings, conventions)
    }

    /// A world of another key.
    pub(crate) fn signing(keys: Keys, settings: AuthSettings, conventions: Conventions) -> Self {
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
            authors: Mutex::default(),
            rehashed: Mutex::default(),
            overtaken: Mutex::default(),
            changed: Mutex::default(),
        });
        let plugins = Plugins { users: vec![people.clone()], scopes: vec![people.clone()], ..Plugins::default() };
        let pool = PasswordPool::start(&settings).expect("threads");
        let engine = Engine::new(storage.clone(), keys, pool, plugins, settings, conventions);
        ready(&engine);
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

    pub(crate) fn subscribe(&self, id: i64) {
        self.people.unsubscribed.lock().expect("a lock").retain(|gone| *gone != id);
    }

    /// Rows that statements of this world changed.
    pub(crate) fn changes(&self) -> i64 {
        let mut conn = self.storage.conn.lock().expect("a lock");
        let rows: Vec<Count> = diesel::sql_query("SELECT total_changes() AS count").load(&mut *conn).expect("a count");
        rows.first().expect("a row").count
    }

    pub(crate) fn enable(&self, id: i64) {
        self.people.disabled.lock().expect("a lock").retain(|disabled| *disabled != id);
    }

    /// What tokens carry of a person.
    pub(crate) fn user(&self, id: i64) -> UserIdentifier {
        identifier(id)
    }

    /// A session about Sonia for which this one answers.
    pub(crate) async fn derived(&self, from: &TokenPair, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        self.derive_from(self.session(from), now).await
    }

    /// The same from a session by its name.
    pub(crate) async fn derive_from(
        &self,
        from: Option<SessionId>,
        now: OffsetDateTime,
    ) -> Result<TokenPair, GrantError> {
        let request = GrantRequest::answered("answered", vec![("person", "sonia@acme.com".into())]);
        self.engine.derive(from, request, None, now).await
    }

    /// The session of a refresh token.
    pub(crate) fn session_of_refresh(&self, token: &str) -> Option<SessionId> {
        let hash = oauth::digest(token);
        SessionId::parse(
            &self.text(&format!("SELECT family AS text FROM spy_oauth_refresh_token WHERE identifier = '{hash}'")),
        )
    }

    /// A session of Bill's and one about Sonia for which it answers.
    pub(crate) async fn answered_by_bill(&self) -> (TokenPair, TokenPair) {
        let bill = self.login("bill@acme.com", "change123").await.expect("bill logs in");
        let pair = self.derived(&bill, noon()).await.expect("a pair");
        (bill, pair)
    }

    /// The session of a pair.
    pub(crate) fn session(&self, pair: &TokenPair) -> Option<SessionId> {
        self.session_of_refresh(refresh_of(pair))
    }

    /// The next time that somebody looks at Sonia's hash, this happens right after.
    pub(crate) fn overtake(&self, happens: impl FnOnce(&mut SqliteConnection) + Send + 'static) {
        *self.people.overtaken.lock().expect("a lock") = Some((1, Box::new(|conn, _| happens(conn))));
    }

    /// The next time that somebody looks at Sonia's hash, somebody else changes her password.
    pub(crate) fn overtake_password(&self) {
        let change = |_: &mut SqliteConnection, people: &People| {
            *people.changed.lock().expect("a lock") = Some("another hash".into());
        };
        *self.people.overtaken.lock().expect("a lock") = Some((1, Box::new(change)));
    }

    /// The next time that somebody looks at Sonia's hash, she is disabled right after, and the change is dealt with.
    pub(crate) fn overtake_disabling(&self) {
        let disable = |_: &mut SqliteConnection, people: &People| people.disabled.lock().expect("a lock").push(21);
        *self.people.overtaken.lock().expect("a lock") = Some((1, Box::new(disable)));
    }

    /// A customer becomes an author: another kind of person.
    pub(crate) fn promote(&self, id: i64) {
        self.people.authors.lock().expect("a lock").push(id);
    }

    /// What a trigger writes when a row of a person changes.
    pub(crate) fn notice(&self, id: i64) {
        self.execute(&format!(
            "INSERT INTO spy_oauth_changed_person (kind, natural_identifier) VALUES ('customer', 'DE--{id}')"
        ));
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
        self.count(
            "spy_oauth_refresh_token INNER JOIN spy_oauth_session ON family = spy_oauth_session.identifier
             WHERE used_at IS NULL AND revoked_at IS NULL AND closed_at IS NULL",
        )
    }
}
