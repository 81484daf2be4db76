//! A storefront as a process of its own, on a port from the kernel.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A running storefront; it ends with the test.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) folder: TempDir,
}

/// What a server answered, as it stood on the wire.
pub(crate) struct Wire {
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
    command.current_dir(folder.path()).env_clear();
    command.env("GLUE__SERVER__PORT", "0").env("GLUE__AUTH__HASH_MEMORY_KIB", "8").env("GLUE__AUTH__HASH_PASSES", "1");
    command
}

impl Process {
    pub(crate) fn start() -> Self {
        Self::start_in(TempDir::new().expect("a folder"), &[])
    }

    pub(crate) fn start_in(folder: TempDir, environment: &[(&str, &str)]) -> Self {
        let mut command = command(&folder);
        command.envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit("http://").next().expect("an address").to_owned();
        Self { child, address, folder }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream
    }

    pub(crate) fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Wire {
        let mut stream = self.connect();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).expect("a request");
        stream.write_all(body).expect("a body");
        read(stream)
    }

    pub(crate) fn login(&self) -> String {
        let answer = self.call(
            "POST",
            "/token",
            &[("content-type", "application/x-www-form-urlencoded")],
            b"grant_type=password&username=sonia@acme.com&password=change123",
        );
        let json: serde_json::Value = serde_json::from_str(&answer.body).expect(&answer.body);
        json["access_token"].as_str().expect("a token").to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn read(mut stream: TcpStream) -> Wire {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("an answer");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Wire { head: head.to_owned(), body: body.to_owned() }
}

/// The status line's phrase, the exact media type (reference/framework.md §11.4).
#[test]
fn the_status_line_and_the_media_type_are_exact() {
    let server = Process::start();
    let answer = server.call(
        "POST",
        "/access-tokens",
        &[],
        br#"{"data":{"type":"access-tokens","attributes":{"username":"","password":""}}}"#,
    );
    assert!(answer.head.starts_with("HTTP/1.1 422 Unprocessable Content\r\n"), "{}", answer.head);
    assert!(answer.head.contains("content-type: application/vnd.api+json\r\n"), "{}", answer.head);
}

/// Whoever starts it twice is told what to do.
#[test]
fn a_taken_port_is_told_with_a_way_out() {
    let server = Process::start();
    let port = server.address.rsplit(':').next().expect("a port");
    let second = command(&server.folder).env("GLUE__SERVER__PORT", port).output().expect("a process");
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success());
    assert!(told.contains(&format!(":{port} is taken")) && told.contains("GLUE__SERVER__PORT="), "{told}");
}

/// B13: a body that never ends is cut at its deadline, and nobody else waits for it.
#[test]
fn a_body_that_never_ends_is_cut() {
    let folder = TempDir::new().expect("a folder");
    let server = Process::start_in(folder, &[("GLUE__SERVER__BODY_SECONDS", "1")]);
    for (request, framing, status) in [
        ("POST /wishlists", "content-length: 100\r\n\r\n{", 408),
        ("POST /wishlists", "transfer-encoding: chunked\r\n\r\n5\r\n{", 408),
        ("POST /access-tokens", "transfer-encoding: chunked\r\n\r\n7fffffffffffffff\r\n{", 408),
        ("POST /nothing", "transfer-encoding: chunked\r\n\r\n5\r\n{", 404),
        ("GET /stores", "transfer-encoding: chunked\r\n\r\n5\r\n{", 200),
        ("DELETE /wishlists/x", "transfer-encoding: chunked\r\n\r\n", 401),
    ] {
        let mut slow = server.connect();
        let half = format!("{request} HTTP/1.1\r\nhost: localhost\r\n{framing}");
        slow.write_all(half.as_bytes()).expect("half a request");
        assert!(server.call("GET", "/stores", &[], b"").head.starts_with("HTTP/1.1 200"));
        // Reads until the server closes the connection.
        let answer = read(slow);
        assert!(answer.head.starts_with(&format!("HTTP/1.1 {status}")), "{half}: {}", answer.head);
    }
}

/// B6: ten megabytes are refused with an answer that their sender gets to read.
#[test]
fn a_large_body_is_refused_over_the_wire() {
    let server = Process::start();
    let answer = server.call("POST", "/wishlists", &[], &vec![b'a'; 10 * 1024 * 1024]);
    assert!(answer.head.starts_with("HTTP/1.1 413"), "{}", answer.head);
}

/// K2, K3: what was acknowledged survives `kill -9`.
#[test]
fn what_was_acknowledged_survives_a_kill() {
    let mut server = Process::start();
    let token = server.login();
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    let created =
        server.call("POST", "/wishlists", &headers, br#"{"data":{"type":"wishlists","attributes":{"name":"Kept"}}}"#);
    assert!(created.head.starts_with("HTTP/1.1 201"), "{}", created.body);
    server.child.kill().expect("a signal");
    server.child.wait().expect("an end");
    let folder = std::mem::replace(&mut server.folder, TempDir::new().expect("a folder"));
    let again = Process::start_in(folder, &[]);
    let listed = again.call("GET", "/wishlists", &headers, b"");
    assert!(listed.body.contains("Kept"), "{}", listed.body);
}

/// S3: the log names requests and never a secret.
#[test]
fn the_log_holds_no_secret() {
    let mut server = Process::start();
    let token = server.login();
    let authorization = format!("Bearer {token}");
    server.call("GET", "/wishlists", &[("authorization", &authorization), ("x-request-id", "my-request.7")], b"");
    server.call("GET", &format!("/wishlists?access_token={token}"), &[], b"");
    server.child.kill().expect("a signal");
    let mut log = String::new();
    server.child.stderr.take().expect("its log").read_to_string(&mut log).expect("a log");
    assert!(log.contains("my-request.7") && log.contains("get-collection-of-wishlists"), "{log}");
    assert!(!log.contains("change123") && !log.contains(&token) && !log.contains("grt_"), "{log}");
}

/// S4, S5: what happened to credentials stands in the audit log, one line each, whatever was sent as a name.
#[test]
fn the_audit_log_names_what_happened() {
    let mut server = Process::start();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let post = |path: &str, body: &str| server.call("POST", path, &form, body.as_bytes());
    post("/token", "grant_type=password&username=sonia@acme.com&password=change123");
    post("/token", "grant_type=password&username=a%0Aevent=%22login_succeeded%22&password=wrong-1");
    post("/token", "grant_type=password;password=wrong-2");
    post("/token", &format!("grant_type=password&username={}&password=wrong-3", "n".repeat(50_000)));
    post("/oauth/revoke", "token=some-token&client_id=frontend");
    server.login();
    server.child.kill().expect("a signal");
    let mut log = String::new();
    server.child.stderr.take().expect("its log").read_to_string(&mut log).expect("a log");
    let audit: Vec<&str> = log.lines().filter(|line| line.contains("audit")).collect();
    let events = |event: &str| audit.iter().filter(|line| line.contains(&format!("event=\"{event}\""))).count();
    assert_eq!((events("token_granted"), events("token_refused"), events("token_revoked")), (2, 3, 1), "{log}");
    assert!(audit.iter().all(|line| line.contains("request_id=") && line.len() < 1_000), "{log}");
    assert!(!log.contains("wrong-") && !log.contains("some-token"), "{log}");
}

/// SIGTERM: requests in flight are answered, the exit code is 0.
#[test]
fn a_stop_is_orderly() {
    let mut server = Process::start();
    server.login();
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
    assert!(server.child.wait().expect("an end").success());
}

/// Metrics stand on a port of their own; what is asked for there is not counted, what is asked of the application is.
#[test]
fn requests_are_counted_by_operation_and_status() {
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let port = port.to_string();
    let folder = TempDir::new().expect("a folder");
    let mut server = Process::start_in(folder, &[("GLUE__METRICS__PORT", &port)]);
    for (path, times) in [("/stores", 3), ("/wishlists", 2), ("/nothing", 1)] {
        for _ in 0..times {
            server.call("GET", path, &[], b"");
        }
    }
    assert!(server.call("GET", "/metrics", &[], b"").head.starts_with("HTTP/1.1 404"), "not on the application's port");
    server.address = format!("127.0.0.1:{port}");
    let text = server.call("GET", "/metrics", &[], b"").body;
    for (operation, status, count) in
        [("get-collection-of-stores", "2xx", 3), ("get-collection-of-wishlists", "4xx", 2), ("-", "4xx", 2)]
    {
        let line = format!(
            "http_requests_total{{application=\"storefront\",operation=\"{operation}\",status=\"{status}\"}} {count}"
        );
        assert!(text.contains(&line), "{line}\nin\n{text}");
    }
    assert!(text.contains("http_request_duration_seconds_bucket{"), "{text}");
    assert!(text.contains("db_queue_length{queue=\"reads\"} 0"), "{text}");
}

/// H6, K2: a token that was revoked before a kill is refused by the very first answer after it; nobody is let in before it is
/// known what ended.
#[test]
fn h6_a_revoked_token_is_refused_after_a_kill() {
    let mut server = Process::start();
    let token = server.login();
    let bearer = format!("Bearer {token}");
    let list = |server: &Process| server.call("GET", "/wishlists", &[("authorization", &bearer)], b"");
    assert!(list(&server).head.starts_with("HTTP/1.1 200"));
    let ended = server.call("DELETE", "/refresh-tokens/mine", &[("authorization", &bearer)], b"");
    assert!(ended.head.starts_with("HTTP/1.1 204"), "{}", ended.head);
    server.child.kill().expect("a signal");
    server.child.wait().expect("an end");
    let folder = std::mem::replace(&mut server.folder, TempDir::new().expect("a folder"));
    let server = Process::start_in(folder, &[]);
    for _ in 0..4 {
        assert!(list(&server).head.starts_with("HTTP/1.1 401"));
    }
}

/// R5, K5: without a database nobody knows what ended: tokens are neither good nor bad, and the application is not ready.
#[test]
fn tokens_are_not_judged_without_what_ended() {
    let server = Process::start();
    let bearer = format!("Bearer {}", server.login());
    let key = server.folder.path().join("var/oauth-private.pem").display().to_string();
    let nowhere = [
        ("GLUE__DATABASE__URL", "sqlite:///nowhere/glue.sqlite3"),
        ("GLUE__DATABASE__PREPARE", "false"),
        ("GLUE__AUTH__KEY_FILE", key.as_str()),
    ];
    let started = Process::start_in(TempDir::new().expect("a folder"), &nowhere);
    for (path, headers) in [("/wishlists", &[("authorization", bearer.as_str())][..]), ("/health/ready", &[])] {
        let answer = started.call("GET", path, headers, b"");
        assert!(answer.head.starts_with("HTTP/1.1 503"), "{path}: {}", answer.head);
        assert!(answer.head.contains("retry-after: "), "{path}: {}", answer.head);
    }
}

/// L: what the process writes is for its owner alone.
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Process::start();
    let folder = server.folder.path().join("var");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

/// M6, S1: production does not start on what everybody knows, and says what that is; development says so when strangers can
/// reach it.
#[test]
fn m6_production_refuses_what_everybody_knows() {
    let seeded = TempDir::new().expect("a folder");
    let seed = |folder: &TempDir| assert!(command(folder).arg("seed").status().expect("a process").success());
    assert!(command(&seeded).arg("migrate").status().expect("a process").success());
    seed(&seeded);
    let key = [("GLUE__AUTH__KEY_FILE", "production.pem")];
    let made = Process::start_in(TempDir::new().expect("a folder"), &[]);
    std::fs::copy(made.folder.path().join("var/oauth-private.pem"), seeded.path().join("production.pem"))
        .expect("a key");
    let production = [("GLUE__ENVIRONMENT", "production"), ("GLUE__AUTH__HASH_MEMORY_KIB", "7168")];
    let refused = |more: &[(&str, &str)]| {
        let envs = production.iter().chain(&key).chain(more).copied();
        let output = command(&seeded).envs(envs).output().expect("a process");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = refused(&[]);
    assert!(said.contains("@spryker.com` has the password of the demo data"), "{said}");
    for published in ["development only: set auth.encryption_key", "lxZFUEsBCJ2Yb14IF2ygAHI5N4+ZAUXXaSeeJm6+twsUmIen"] {
        let said = refused(&[("GLUE__PROFILE", "spryker"), ("GLUE__AUTH__ENCRYPTION_KEY", published)]);
        assert!(said.contains("auth.encryption_key") && said.contains("everybody knows"), "{said}");
        assert!(!said.contains(published), "{said}");
    }
    let output = command(&seeded).envs(production).arg("seed").output().expect("a process");
    assert!(!output.status.success(), "nor is it filled with them");
    let mut open = Process::start_in(TempDir::new().expect("a folder"), &[("GLUE__SERVER__HOST", "0.0.0.0")]);
    open.child.kill().expect("a signal");
    let mut log = String::new();
    open.child.stderr.take().expect("its log").read_to_string(&mut log).expect("text");
    assert!(log.contains("STRANGERS CAN REACH THIS"), "{log}");
}
