//! What sessions cost that nobody touches: the chore of every second, the read before the first request, an ending, memory, as
//! the number of live ones grows.
//!
//! `cargo bench -p storefront --bench sessions` measures SQLite; behind `--`, the URL of a server measures that one, on a
//! database of its own: `postgres://user@host/database` (feature `postgres`), `mysql://user@host/database` (feature `mysql`).

use std::io::Write;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use glue_app::Settings;
use glue_core::clock::Clock;
use glue_core::db::{Conn, Db, DbError, SqlDialect, SqliteSync};
use glue_core::on_dialect;
use glue_core::settings::DatabaseUrl;
use oauth::{Caller, PasswordRequest};
use storefront::wiring::PROGRAM;
use tempfile::TempDir;

/// Live access tokens, each of a session of its own; five sessions a person.
const LIVE: [u32; 3] = [1_000, 300_000, 1_500_000];

/// Seconds of chores that are measured.
const CHORES: u32 = 200;

/// Sessions that end, one by one.
const ENDINGS: u32 = 50;

fn main() {
    let server = std::env::args().skip(1).find(|argument| argument.contains("://"));
    let system = actix_web::rt::System::new();
    say(
        "live tokens   chore, CPU-µs   chore, ms   ending seen elsewhere, ms   start to ready, ms   memory, KiB   all ended: start, ms   memory, KiB\n",
    );
    for live in LIVE {
        system.block_on(measure(live, server.as_deref()));
    }
}

#[expect(clippy::expect_used, reason = "a bench without its parts is no bench")]
async fn measure(live: u32, server: Option<&str>) {
    let folder = TempDir::new().expect("a folder");
    let place = Place::new(&folder, server).expect("a database");
    let mut settings: Settings = glue_core::settings::defaults(PROGRAM.config).unwrap_or_default();
    settings.database.url = DatabaseUrl(place.url.clone());
    settings.database.sqlite_sync = SqliteSync::Normal;
    settings.auth.key_file = concat!(env!("CARGO_TARGET_TMPDIR"), "/bench-key.pem").into();
    let clock = Clock::system();
    let mut conn = Conn::open(&place.url, SqliteSync::Off).expect("a connection");
    storefront::wiring::PROGRAM.schema.up(&mut conn).expect("the schema");
    demo::DATA.load(&mut conn, &settings.auth, clock.now()).expect("demo data");
    fill(&mut conn, live).expect("sessions");
    // Gigabytes that wait to be written are no part of what is measured.
    rustix::fs::sync();
    let db = Db::start(settings.database.executor()).expect("an executor");
    let one = PROGRAM.engine(&settings, &db).expect("an engine");
    // The connections of the executor open with their first job.
    db.ping().await.expect("a database");
    let (before, began) = (resident(), Instant::now());
    one.learn_endings(clock.now()).await.expect("storage");
    let (ready, grown) = (began.elapsed(), resident().saturating_sub(before));
    let other = PROGRAM.engine(&settings, &db).expect("an engine");
    other.learn_endings(clock.now()).await.expect("storage");

    let (cpu, began) = (cpu_micros(), Instant::now());
    for _ in 0..CHORES {
        one.reconsider_changed(clock.now()).await.expect("storage");
        one.learn_endings(clock.now()).await.expect("storage");
    }
    let (cpu, chore) = ((cpu_micros() - cpu) / f64::from(CHORES), began.elapsed() / CHORES);

    let mut seen = Duration::ZERO;
    for _ in 0..ENDINGS {
        let request = PasswordRequest {
            caller: Caller::default(),
            grant: "password",
            username: "sonia@acme.com".into(),
            password: glue_app::DEMO_PASSWORD.to_owned().into(),
            scopes: Vec::new(),
        };
        let pair = one.password(request, clock.now()).await.expect("a login");
        let began = Instant::now();
        one.end_sessions(&pair.user, clock.now()).await.expect("storage");
        other.learn_endings(clock.now()).await.expect("storage");
        assert!(other.verify(&pair.access_token, clock.now()).is_err());
        seen += began.elapsed();
    }
    // The worst that can be: all of them end before their time, at once.
    end_all(&mut conn).expect("a statement");
    let third = PROGRAM.engine(&settings, &db).expect("an engine");
    let (before, began) = (resident(), Instant::now());
    third.learn_endings(clock.now()).await.expect("storage");
    let (ended, most) = (began.elapsed(), resident().saturating_sub(before));
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    say(&format!(
        "{live:>11}   {cpu:>13.0}   {:>9.2}   {:>25.2}   {:>18.1}   {grown:>11}   {:>20.0}   {most:>11}\n",
        ms(chore),
        ms(seen / ENDINGS),
        ms(ready),
        ms(ended),
    ));
    drop((one, other, third, db, conn));
    place.remove();
}

/// A database of its own.
struct Place {
    url: String,
    server: Option<String>,
}

const NAME: &str = "glue_bench_sessions";

impl Place {
    fn new(folder: &TempDir, server: Option<&str>) -> Result<Self, DbError> {
        let Some(server) = server else {
            return Ok(Self {
                url: format!("sqlite://{}", folder.path().join("bench.sqlite3").display()),
                server: None,
            });
        };
        run(server, &format!("DROP DATABASE IF EXISTS {NAME}"))?;
        run(server, &format!("CREATE DATABASE {NAME}"))?;
        let (place, _) = server.rsplit_once('/').unwrap_or((server, ""));
        Ok(Self { url: format!("{place}/{NAME}"), server: Some(server.to_owned()) })
    }

    fn remove(self) {
        if let Some(server) = self.server {
            let force = if SqlDialect::of(&server) == Some(SqlDialect::Postgres) { " WITH (FORCE)" } else { "" };
            let _ = run(&server, &format!("DROP DATABASE {NAME}{force}"));
        }
    }
}

fn run(server: &str, statement: &str) -> Result<(), DbError> {
    let mut conn = Conn::open(server, SqliteSync::Off)?;
    Ok(on_dialect!(&mut conn, c => c.batch_execute(statement))?)
}

/// Sessions that began a minute ago, with an access token each that lives for hours.
fn fill(conn: &mut Conn, live: u32) -> Result<(), DbError> {
    let (id, person, now, later, before, after) = match conn {
        Conn::Sqlite(_) => (
            "'00000000-0000-4000-8000-' || printf('%012d', i)",
            "'person ' || (i / 5)",
            "datetime('now', '-1 minute')",
            "datetime('now', '+7 hours')",
            "BEGIN",
            "COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)",
        ),
        #[cfg(feature = "postgres")]
        Conn::Postgres(_) => (
            "'00000000-0000-4000-8000-' || lpad(i::text, 12, '0')",
            "'person ' || (i / 5)",
            "now() - INTERVAL '1 minute'",
            "now() + INTERVAL '7 hours'",
            "BEGIN",
            "COMMIT; ANALYZE; CHECKPOINT",
        ),
        #[cfg(feature = "mysql")]
        Conn::Mysql(_) => (
            "CONCAT('00000000-0000-4000-8000-', LPAD(i, 12, '0'))",
            "CONCAT('person ', i DIV 5)",
            "now() - INTERVAL 1 MINUTE",
            "now() + INTERVAL 7 HOUR",
            "SET max_recursive_iterations = 2000000; START TRANSACTION",
            "COMMIT; ANALYZE TABLE spy_oauth_session, spy_oauth_access_token",
        ),
    };
    let numbers = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {live})");
    let user = r#"'{"customer_reference":"DE--1","id_customer":1}', '["customer"]'"#;
    let statements = format!(
        "{before};
         INSERT INTO spy_oauth_subject (subject, endings, sessions) {numbers} SELECT DISTINCT {person}, 0, 5 FROM n;
         INSERT INTO spy_oauth_session
             (identifier, kind, subject, fk_oauth_client, user_identifier, scopes, issued_scopes, generation,
              authenticated_at, begun_at, capped_at, refreshed_at, expires_at, access_until, exchanges, exchanges_since)
         {numbers} SELECT {id}, 'customer', {person}, 'frontend', {user}, '[\"customer\"]', 0,
             {now}, {now}, {later}, {now}, {later}, {later}, 1, {now} FROM n;
         INSERT INTO spy_oauth_access_token
             (identifier, user_identifier, scopes, fk_oauth_client, expirity_date, family, generation, created_at, updated_at)
         {numbers} SELECT {id}, {user}, 'frontend', {later}, {id}, 0, {now}, {now} FROM n;
         {after}"
    );
    on_dialect!(conn, c => c.batch_execute(&statements))?;
    Ok(())
}

fn end_all(conn: &mut Conn) -> Result<(), DbError> {
    let statement =
        "UPDATE spy_oauth_session SET closed_at = begun_at, ended_at = begun_at, announced_at = CURRENT_TIMESTAMP";
    Ok(on_dialect!(conn, c => c.batch_execute(statement))?)
}

fn cpu_micros() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    used.tv_sec as f64 * 1e6 + used.tv_nsec as f64 / 1e3
}

/// What this process holds in memory, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
