//! What happens on the wire around a request (RFC 9110, RFC 9112), in each profile and dialect.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::HttpResponse;
use glue_core::profile::{Dialect, Profile};
use glue_core::request::RequestContext;
use glue_core::request::hooks::{AfterAction, Hooks};
use glue_core::settings::ServerSettings;
use glue_core::testing::{Caller, TestParts, TestServer};

use crate::fixture::parts;

const EACH: [(Profile, Dialect); 3] =
    [(Profile::Documented, Dialect::Rest), (Profile::Spryker, Dialect::Rest), (Profile::Spryker, Dialect::Decoupled)];

/// A server, and how many requests its handlers have seen.
struct Served {
    server: TestServer,
    handled: Arc<AtomicUsize>,
    authorization: String,
}

#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl AfterAction for Counting {
    fn after(&self, _: &RequestContext, _: &mut HttpResponse) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Served {
    fn start((profile, dialect): (Profile, Dialect)) -> Self {
        let counting = Counting::default();
        let hooks = Hooks { after: vec![Arc::new(counting.clone())], ..Hooks::default() };
        let server = ServerSettings { body_bytes: 2048, target_bytes: 1024, ..ServerSettings::default() };
        let server = TestServer::start(TestParts { profile, dialect, hooks, server, ..parts() });
        let token = server.token(&Caller::customer(1));
        Self { server, handled: counting.0, authorization: format!("authorization: Bearer {token}\r\n") }
    }

    fn handled(&self) -> usize {
        self.handled.load(Ordering::SeqCst)
    }

    /// Sends a request with these header lines beside the usual ones; nothing follows.
    fn send(&self, line: &str, headers: &str, body: &str) -> String {
        self.server
            .exchange(format!("{line} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n{headers}\r\n{body}").as_bytes())
    }

    /// The head of a request that changes a draft.
    fn patch(&self, headers: &str) -> String {
        format!(
            "PATCH /drafts/plain HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n{}{headers}\r\n",
            self.authorization
        )
    }
}

/// Whether an answer is an error of ours: its status, its headers, its text.
#[track_caller]
fn is_refused(answer: &str, status: u16, text: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
    assert!(answer.contains("x-request-id: ") && answer.contains("x-content-type-options: nosniff"), "{answer}");
    assert!(answer.contains(&format!("\"status\":{status}")) && answer.contains(text), "{answer}");
}

/// RFC 9110 §10.1.1: who asks whether to send a body is told at once that nobody will read it.
#[test]
fn nobody_is_told_to_send_what_nobody_reads() {
    for each in EACH {
        let served = Served::start(each);
        for expect in ["", "expect: 100-continue\r\n"] {
            let large = served.patch(&format!("content-length: 2049\r\n{expect}"));
            is_refused(&served.server.exchange(large.as_bytes()), 413, "Request body is too large.");
            let lost = format!(
                "POST /nothing HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n{expect}content-length: 9\r\n\r\n"
            );
            is_refused(&served.server.exchange(lost.as_bytes()), 404, "");
        }
        let body = r#"{"title":"New"}"#;
        let mut stream = served.server.connect();
        let head = served.patch("if-match: *\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 15\r\n");
        stream.write_all(head.as_bytes()).expect("a head");
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).expect("an interim answer");
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(body.as_bytes()).expect("a body");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("New"), "{answer}");
        assert_eq!(served.handled(), 1, "{each:?}");
    }
}

/// RFC 9112 §9.6: what follows the last request of a connection is not executed, whoever said that it is the last.
#[test]
fn nothing_is_executed_on_a_connection_that_closes() {
    for each in EACH {
        let served = Served::start(each);
        let next = served.patch("if-match: *\r\ncontent-length: 15\r\n") + r#"{"title":"New"}"#;
        let things = "GET /things HTTP/1.1\r\nhost: localhost\r\naccept: application/vnd.api+json\r\n";
        let old = things.replace("HTTP/1.1", "HTTP/1.0");
        for first in [
            format!("{things}connection: close\r\n\r\n"),
            format!("{things}connection: keep-alive, close\r\n\r\n"),
            format!("{old}\r\n"),
        ] {
            let before = served.handled();
            let answer = served.server.exchange(format!("{first}{next}").as_bytes());
            assert_eq!(served.handled() - before, 1, "{each:?} {first} {answer}");
            assert_eq!(answer.matches(" 200 OK").count(), 1, "{answer}");
        }
        let before = served.handled();
        let large = served.patch("if-match: *\r\ntransfer-encoding: chunked\r\n")
            + "1000\r\n"
            + &"x".repeat(4096)
            + "\r\n0\r\n\r\n";
        let answer = served.server.exchange(format!("{large}{next}").as_bytes());
        is_refused(&answer, 413, "Request body is too large.");
        assert_eq!(served.handled(), before, "the server said that it closes: {answer}");
        // Nobody reads these bodies, which have arrived whole: the answers say that they are the last ones.
        let nowhere = "POST /nothing HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n";
        let coded = served.patch("if-match: *\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n");
        for unread in [
            format!("{nowhere}content-length: 2\r\n\r\n{{}}"),
            format!("{nowhere}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"),
            format!("{}content-length: 2\r\n\r\n{{}}", nowhere.replace("localhost", "a b")),
            format!("{coded}{{}}"),
            "POST /openapi.json HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        ] {
            let before = served.handled();
            let answer = served.server.exchange(format!("{unread}{next}").as_bytes());
            assert_eq!(served.handled(), before, "{each:?} {unread}: {answer}");
        }
        let kept = served.server.exchange(format!("{things}\r\n{next}").as_bytes());
        assert_eq!(kept.matches(" 200 OK").count(), 2, "{kept}");
    }
}

/// RFC 9112 §9.3, §9.6: the connection of a last request ends with its answer, and that of any other one stays, whatever
/// came on connections before.
#[test]
fn a_connection_ends_when_it_was_said_to() {
    for each in EACH {
        let served = Served::start(each);
        let live = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n";
        let mut last = served.server.connect();
        last.write_all(format!("{live}connection: close\r\n\r\n{live}\r\n{live}\r\n").as_bytes()).expect("requests");
        let mut answer = String::new();
        // Nothing is shut down here: the server has to.
        last.read_to_string(&mut answer).expect("an end");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("connection: close\r\n"), "{answer}");
        for _ in 0..3 {
            let old = served.server.exchange(b"GET /health/live HTTP/1.0\r\n\r\n");
            assert!(old.starts_with("HTTP/1.0 200 "), "{old}");
            let kept = served.server.exchange(format!("{live}\r\n{live}\r\n{live}\r\n").as_bytes());
            assert_eq!(kept.matches("HTTP/1.1 200 ").count(), 3, "{each:?} {kept}");
            let asked = "GET /health/live HTTP/1.0\r\nconnection: keep-alive\r\n\r\n".repeat(3);
            let kept = served.server.exchange(asked.as_bytes());
            assert_eq!(kept.matches("HTTP/1.0 200 ").count(), 3, "{each:?} {kept}");
        }
    }
}

/// A head that begins on a connection that was used before has as long as the first one; a
/// connection on which nothing begins stays.
#[test]
fn a_head_that_does_not_come_ends_its_connection() {
    let server = ServerSettings { header_seconds: 1, keep_alive_seconds: 60, ..ServerSettings::default() };
    let server = TestServer::start(TestParts { server, ..parts() });
    let live = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let begin = || {
        let mut stream = server.connect();
        stream.write_all(live).expect("a request");
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        stream
    };
    let mut kept = begin();
    let mut half = begin();
    half.write_all(&live[..20]).expect("half a head");
    half.read_to_end(&mut Vec::new()).expect("an end");
    kept.write_all(live).expect("another request");
    kept.shutdown(std::net::Shutdown::Write).expect("an end");
    let mut answers = String::new();
    kept.read_to_string(&mut answers).expect("an answer");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 1, "{answers}");
}

/// A head that begins behind a request, in one piece with it, holds its connection no longer than silence does.
#[test]
fn half_a_head_behind_a_request_ends_its_connection() {
    let server = ServerSettings { keep_alive_seconds: 1, ..ServerSettings::default() };
    let server = TestServer::start(TestParts { server, ..parts() });
    let live = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for behind in [0, 1, 20, live.len() - 2] {
        let mut stream = server.connect();
        stream.write_all(&[live, &live[..behind]].concat()).expect("a request, and what is behind it");
        let mut answers = String::new();
        stream.read_to_string(&mut answers).expect("an end");
        assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 1, "{answers}");
    }
}

/// RFC 9112 §3.2: a host that is none, none at all, or two.
#[test]
fn a_host_is_one_host() {
    for each in EACH {
        let served = Served::start(each);
        let with = |host: &str| {
            let head = format!("GET /things HTTP/1.1\r\n{host}accept: application/vnd.api+json\r\n\r\n");
            served.server.exchange(head.as_bytes())
        };
        for host in [
            "a b",
            "a/b",
            "<x>",
            "user@shop.test",
            "shop.test:http",
            "shop.test:99999",
            "shop.test:80:80",
            ":80",
            "",
            "shop.test:+80",
            "[zz]",
            "[fe80::1%25eth0]",
            "[::1]x",
        ] {
            is_refused(&with(&format!("host: {host}\r\n")), 400, "The Host header is invalid.");
        }
        for host in ["shop.test", "shop.test:", "shop.test:8080", "127.0.0.1:1", "[::1]", "[::1]:8080", "SHOP.test."] {
            let answer = with(&format!("host: {host}\r\n"));
            assert!(answer.starts_with("HTTP/1.1 200 "), "{host}: {answer}");
        }
        for target in ["http://user@shop.test/things", "http://shop.test:99999/things", "ftp://shop.test/things"] {
            is_refused(&served.send(&format!("GET {target}"), "", ""), 400, "The Host header is invalid.");
        }
        let whole =
            "GET http://shop.test/things HTTP/1.1\r\nhost: shop.test\r\naccept: application/vnd.api+json\r\n\r\n";
        assert!(served.server.exchange(whole.as_bytes()).starts_with("HTTP/1.1 200 "));
        // The parser refuses these by itself, and closes.
        for none in ["", "host: a\r\nhost: a\r\n"] {
            let answer = with(none);
            assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("connection: close"), "{answer}");
        }
        let old = served.server.exchange(b"GET /health/live HTTP/1.0\r\n\r\n");
        assert!(old.starts_with("HTTP/1.0 200 "), "{old}");
    }
}

/// RFC 9110 §15.5.15: a target has a length.
#[test]
fn a_target_is_not_endless() {
    for each in EACH {
        let served = Served::start(each);
        let accept = "accept: application/vnd.api+json\r\n";
        for path in ["/things?x=", "/nothing/", "/health/live?x="] {
            let fits = format!("GET {path}{}", "x".repeat(1024 - path.len()));
            assert!(!served.send(&fits, accept, "").starts_with("HTTP/1.1 414 "));
            is_refused(&served.send(&format!("{fits}x"), accept, ""), 414, "The request target is too long.");
        }
    }
}

/// RFC 9110 §15.5.16: a body in a coding that nobody speaks, whatever is in it.
#[test]
fn a_coded_body_is_refused() {
    for each in EACH {
        let served = Served::start(each);
        for coding in ["gzip", "br", "identity, gzip", "x"] {
            let head = served.patch(&format!("if-match: *\r\ncontent-encoding: {coding}\r\ncontent-length: 15\r\n"));
            let answer = served.server.exchange((head + r#"{"title":"New"}"#).as_bytes());
            is_refused(&answer, 415, "Unsupported content coding.");
            assert!(answer.contains("accept-encoding: identity\r\n"), "{answer}");
        }
        let head = served.patch("if-match: *\r\ncontent-encoding: Identity\r\ncontent-length: 15\r\n");
        let answer = served.server.exchange((head + r#"{"title":"New"}"#).as_bytes());
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert_eq!(served.handled(), 1);
    }
}

/// RFC 9110 §7.8: another protocol is not spoken; the answer comes in this one, and says that the connection ends with it.
#[test]
fn an_upgrade_is_answered_in_http_1() {
    for each in EACH {
        let served = Served::start(each);
        for protocol in ["h2c", "websocket", "TLS/1.2"] {
            let headers = format!(
                "connection: upgrade, http2-settings\r\nupgrade: {protocol}\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n"
            );
            let answer = served.send("GET /health/live", &headers, "");
            assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(r#"{"status":"live"}"#), "{answer}");
            assert!(answer.contains("connection: close\r\n"), "{answer}");
        }
    }
}

/// B4: what the parser refuses has no more than a status; nothing of it reaches an application.
#[test]
fn what_is_no_request_is_refused() {
    for each in EACH {
        let served = Served::start(each);
        for (bytes, status) in [
            ("garbage\r\n\r\n".to_owned(), 400),
            ("GET /th ings HTTP/1.1\r\nhost: a\r\n\r\n".to_owned(), 400),
            ("GET /things HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n".to_owned(), 400),
            ("POST /things HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n".to_owned(), 400),
            (
                "POST /things HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"
                    .to_owned(),
                400,
            ),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 400),
            (format!("GET /things HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(200)), 431),
        ] {
            let answer = served.server.exchange(bytes.as_bytes());
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{bytes}: {answer}");
            assert!(answer.contains("content-length: 0\r\nconnection: close\r\n"), "{answer}");
        }
        assert_eq!(served.handled(), 0);
    }
}
