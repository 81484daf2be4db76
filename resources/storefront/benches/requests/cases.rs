//! The pairs: ours, and the same by hand.

use std::cell::RefCell;
use std::path::Path;
use std::pin::Pin;
use std::rc::Rc;

use actix_http::Request;
use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use diesel::connection::SimpleConnection;
use glue_app::{Program, Settings};
use glue_core::clock::Clock;
use glue_core::db::{Conn, Db, SqliteSync};
use glue_core::document::error_body::ErrorDocument;
use glue_core::document::{Document, Entity, Resource};
use glue_core::error::Outcome;
use glue_core::reply::Reply;
use glue_core::request::Anyone;
use glue_core::route::{BodyDef, MEDIA_TYPE, OpenRoute, Operation, Protection, Route, RouteDef, SchemaDef, Verb};
use glue_core::server::Mount;
use glue_core::value::DateTime;
use storefront::wiring::PROGRAM;
use tempfile::TempDir;

use super::hand_written::HandWritten;

type Done<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;
type Call = Rc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>>;

/// One side of a pair.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) requests: usize,
    pub(crate) run: for<'a> fn(&'a World, usize) -> Done<'a>,
}

/// Ours and theirs in turn.
pub(crate) const CASES: &[Case] = &[
    Case { name: "protected-read", requests: 2_000, run: |world, n| Box::pin(world.read(&world.ours, n)) },
    Case { name: "protected-read-by-hand", requests: 2_000, run: |world, n| Box::pin(world.read(&world.theirs, n)) },
    Case {
        name: "protected-read-unremembered",
        requests: 2_000,
        run: |world, n| Box::pin(world.read(&world.forgetful, n)),
    },
    Case { name: "protected-read-by-hand", requests: 2_000, run: |world, n| Box::pin(world.read(&world.theirs, n)) },
    Case { name: "collection-of-20", requests: 500, run: |world, n| Box::pin(world.collection(&world.ours, n)) },
    Case {
        name: "collection-of-20-by-hand",
        requests: 500,
        run: |world, n| Box::pin(world.collection(&world.theirs, n)),
    },
    Case { name: "public-read", requests: 5_000, run: |world, n| Box::pin(world.public(&world.ours, n)) },
    Case { name: "public-read-by-hand", requests: 5_000, run: |world, n| Box::pin(world.public(&world.theirs, n)) },
    Case { name: "login", requests: 10, run: |world, n| Box::pin(world.login(&world.ours, n)) },
    Case { name: "login-by-hand", requests: 10, run: |world, n| Box::pin(world.login(&world.theirs, n)) },
    Case { name: "refresh", requests: 200, run: |world, n| Box::pin(world.refresh(&world.ours, &world.sessions, n)) },
    Case {
        name: "refresh-by-hand",
        requests: 200,
        run: |world, n| Box::pin(world.refresh(&world.theirs, &world.sessions_by_hand, n)),
    },
];

/// Reads under way at the same time.
const AT_ONCE: usize = 20;

/// Both applications over one database.
pub(crate) struct World {
    ours: Call,
    /// Ours, but every token is verified each time.
    forgetful: Call,
    theirs: Call,
    token: String,
    /// The token of somebody with twenty lists.
    collector: String,
    path: String,
    /// Refresh tokens.
    sessions: Vec<RefCell<String>>,
    sessions_by_hand: Vec<RefCell<String>>,
    _folder: TempDir,
}

pub(crate) const LOGIN: &str =
    r#"{"data":{"type":"access-tokens","attributes":{"username":"sonia@acme.com","password":"change123"}}}"#;

const COLLECTOR: &str =
    r#"{"data":{"type":"access-tokens","attributes":{"username":"bill.martin@acme.com","password":"change123"}}}"#;

/// A public verb that needs no database.
pub(crate) enum Ping {}

impl Route for Ping {}

impl OpenRoute for Ping {}

pub(crate) const PING: RouteDef = RouteDef {
    application: "storefront",
    verb: Verb::List,
    path: "/pings",
    operation_id: "get-collection-of-pings",
    summary: "Nothing.",
    protection: Protection::Public,
    response: Some(BodyDef { schema: SchemaDef::of::<ErrorDocument>("ErrorDocument"), example: "{}" }),
    source: "requests.rs",
    ..RouteDef::of("pings", "Nothing.")
};

#[derive(serde::Serialize)]
pub(crate) struct Pinged {
    name: &'static str,
    #[serde(rename = "numberOfItems")]
    number_of_items: i64,
    #[serde(rename = "createdAt")]
    created_at: DateTime,
    #[serde(rename = "updatedAt")]
    updated_at: DateTime,
}

impl Resource for Pinged {
    const TYPE: &'static str = "pings";
}

pub(crate) struct PingDocument;

impl Document for PingDocument {
    type Attributes = Pinged;
}

pub(crate) async fn ping(cx: Anyone<Ping>) -> Outcome<Reply<PingDocument>> {
    let epoch = DateTime(time::PrimitiveDateTime::MIN);
    let attributes = Pinged { name: "Ping", number_of_items: 0, created_at: epoch, updated_at: epoch };
    Reply::one(&cx, Entity { id: Some("DE".into()), attributes }).await
}

pub(crate) fn mount() -> Mount {
    let mut mount = (PROGRAM.mount)();
    mount.operations.push(Operation::new(&PING, || actix_web::web::to(ping)));
    mount
}

pub(crate) fn settings(folder: &TempDir) -> Settings {
    settings_in(folder.path())
}

pub(crate) fn settings_in(folder: &Path) -> Settings {
    let mut settings: Settings = glue_core::settings::defaults(PROGRAM.config).unwrap_or_default();
    settings.database.url.0 = format!("sqlite://{}", folder.join("bench.sqlite3").display());
    settings.database.sqlite_sync = SqliteSync::Normal;
    // A handful of sessions stands for many.
    settings.auth.exchanges = 0;
    // Kept between runs: making a key takes a different number of instructions each time.
    settings.auth.key_file = concat!(env!("CARGO_TARGET_TMPDIR"), "/bench-key.pem").into();
    settings
}

pub(crate) fn seeded(settings: &Settings) {
    #[expect(clippy::expect_used, reason = "a bench without a database is no bench")]
    let mut conn = Conn::open(&settings.database.url.0, SqliteSync::Off).expect("a database");
    let _ = storefront::wiring::PROGRAM.schema.up(&mut conn);
    let _ = demo::DATA.load(&mut conn, &settings.auth, Clock::system().now());
    for list in 1..=20 {
        let (key, at) = (1_000 + list, "'2026-01-01 00:00:00.000000'");
        let mut sql = format!(
            "INSERT INTO spy_wishlist (id_wishlist, uuid, fk_customer, name, created_at, updated_at)
             SELECT {key}, '0198f3c2-7d1e-7a52-9f0c-{list:012}', id_customer, 'List {list}', {at}, {at}
             FROM spy_customer WHERE customer_reference = 'DE--4';"
        );
        for item in 0..3 {
            sql.push_str(&format!(
                "INSERT INTO spy_wishlist_item (fk_wishlist, sku, created_at, updated_at) VALUES ({key}, '{list}_{item}', {at}, {at});"
            ));
        }
        let _: diesel::QueryResult<()> = glue_core::on_dialect!(&mut conn, c => c.batch_execute(&sql));
    }
}

#[expect(clippy::expect_used, reason = "a bench without its parts is no bench")]
impl World {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let settings = settings(&folder);
        seeded(&settings);
        let db = Db::start(settings.database.executor()).expect("an executor");
        let ours = served(&settings, &db).await;
        let mut unremembered = settings.clone();
        unremembered.auth.verified_tokens = 0;
        let forgetful = served(&unremembered, &db).await;
        let hand = Rc::new(init_service(HandWritten::app(&settings, db)).await);
        let theirs: Call = Rc::new(move |request| {
            let call = hand.call(request);
            Box::pin(async move { call.await.expect("an answer") })
        });
        let (token, collector, path, sessions, sessions_by_hand) = Default::default();
        let mut world =
            Self { ours, forgetful, theirs, token, collector, path, sessions, sessions_by_hand, _folder: folder };
        let answer = world.send(&world.ours, post("/access-tokens", LOGIN)).await;
        world.token = json(&answer, "/data/attributes/accessToken");
        world.sessions = world.begin().await;
        world.sessions_by_hand = world.begin().await;
        let answer = world.send(&world.ours, post("/access-tokens", COLLECTOR)).await;
        world.collector = json(&answer, "/data/attributes/accessToken");
        let body = r#"{"data":{"type":"wishlists","attributes":{"name":"Bench"}}}"#;
        let create = post("/wishlists", body).insert_header(("authorization", format!("Bearer {}", world.token)));
        let answer = world.send(&world.ours, create).await;
        world.path = format!("/wishlists/{}", json(&answer, "/data/id"));
        world
    }

    async fn send(&self, call: &Call, request: TestRequest) -> Vec<u8> {
        let response = call(request.to_request()).await;
        let status = response.status();
        let body = to_bytes(response.into_body()).await.expect("a body").to_vec();
        assert!(status.is_success(), "{status} {}", String::from_utf8_lossy(&body));
        body
    }

    /// Sessions as they are after logins: their refresh tokens.
    async fn begin(&self) -> Vec<RefCell<String>> {
        let mut sessions = Vec::new();
        for _ in 0..AT_ONCE {
            let answer = self.send(&self.ours, post("/access-tokens", LOGIN)).await;
            sessions.push(json(&answer, "/data/attributes/refreshToken").into());
        }
        sessions
    }

    async fn read(&self, call: &Call, requests: usize) {
        let authorization = format!("Bearer {}", self.token);
        let one = || {
            let request = TestRequest::get().uri(&self.path).insert_header(("authorization", authorization.as_str()));
            self.send(call, request.insert_header(("accept", MEDIA_TYPE)))
        };
        // Several at once, as a server meets them: otherwise waking the executor's threads is all that is measured.
        for _ in 0..requests / AT_ONCE {
            futures_util::future::join_all((0..AT_ONCE).map(|_| one())).await;
        }
    }

    /// Twenty lists with three items each, included: two queries.
    async fn collection(&self, call: &Call, requests: usize) {
        let authorization = format!("Bearer {}", self.collector);
        let one = || {
            let request = TestRequest::get().uri("/wishlists?include=wishlist-items");
            self.send(call, request.insert_header(("authorization", authorization.as_str())))
        };
        for _ in 0..requests / AT_ONCE {
            futures_util::future::join_all((0..AT_ONCE).map(|_| one())).await;
        }
    }

    async fn public(&self, call: &Call, requests: usize) {
        for _ in 0..requests {
            self.send(call, TestRequest::get().uri("/pings").insert_header(("accept", MEDIA_TYPE))).await;
        }
    }

    async fn login(&self, call: &Call, requests: usize) {
        for _ in 0..requests {
            self.send(call, post("/access-tokens", LOGIN)).await;
        }
    }

    /// Several sessions at once, each exchanged again and again.
    async fn refresh(&self, call: &Call, sessions: &[RefCell<String>], requests: usize) {
        let one = async |session: &RefCell<String>| {
            let request = TestRequest::post()
                .uri("/token")
                .insert_header(("content-type", "application/x-www-form-urlencoded"))
                .set_payload(format!("grant_type=refresh_token&refresh_token={}", session.take()));
            session.replace(json(&self.send(call, request).await, "/refresh_token"));
        };
        for _ in 0..requests / AT_ONCE {
            futures_util::future::join_all(sessions.iter().map(&one)).await;
        }
    }
}

/// Ours, with these settings.
#[expect(clippy::expect_used, reason = "a bench without its parts is no bench")]
async fn served(settings: &Settings, db: &Db) -> Call {
    let program = Program { mount, ..PROGRAM };
    let site = program.site(settings, db.clone(), Clock::system()).await.expect("a storefront");
    let service = Rc::new(init_service(site.app()).await);
    Rc::new(move |request| {
        let call = service.call(request);
        Box::pin(async move { call.await.expect("an answer") })
    })
}

fn post(path: &str, body: &'static str) -> TestRequest {
    TestRequest::post().uri(path).insert_header(("content-type", MEDIA_TYPE)).set_payload(body)
}

fn json(bytes: &[u8], pointer: &str) -> String {
    let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    value.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
