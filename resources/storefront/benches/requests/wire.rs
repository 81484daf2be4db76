//! The same requests over sockets: each side in a server process of its own, its CPU time read from the kernel, so that
//! the client's work on the same machine does not count.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use actix_web::HttpServer;
use glue_app::Program;
use glue_core::clock::Clock;
use glue_core::db::Db;
use storefront::wiring::PROGRAM;
use tempfile::TempDir;

use super::cases::{self, LOGIN};
use super::hand_written::HandWritten;
use super::{ROUNDS, median, say};

const CLIENTS: usize = 4;
const REQUESTS: usize = 5_000;

/// Measures both sides in alternating rounds.
#[expect(clippy::expect_used, reason = "a bench without its servers is no bench")]
pub(crate) fn run() {
    let folder = TempDir::new().expect("a folder");
    cases::seeded(&cases::settings(&folder));
    let ours = Side::start("ours", &folder).expect("a server");
    let theirs = Side::start("by-hand", &folder).expect("a server");
    let token = ours.login().expect("a token");
    say("over sockets, server CPU-µs per request\n");
    let ping = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\naccept: application/vnd.api+json\r\n\r\n");
    let wishlist = ours.wishlist(&token).expect("a wishlist");
    let read = format!("GET /wishlists/{wishlist} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    let pairs = [
        ("public-read", ping("/pings"), ping("/pings")),
        ("public-read, bare by hand", ping("/pings"), ping("/bare-pings")),
        ("protected-read", read.clone(), read),
    ];
    for (name, request, by_hand) in pairs {
        let (mut left, mut right, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let (one, two) = (ours.cost(&request), theirs.cost(&by_hand));
            // The first round warms caches and statements up.
            if round > 0 {
                left.push(one);
                right.push(two);
                ratios.push(one / two);
            }
        }
        let (left, right, ratio) = (median(&mut left), median(&mut right), median(&mut ratios));
        say(&format!("{name:<28} {left:>9.2}   by hand {right:>9.2}   ratio {ratio:.3}\n"));
    }
}

/// The server process of one side: prints its address, then serves until it is killed.
#[expect(clippy::expect_used, reason = "a bench without its parts is no bench")]
pub(crate) async fn serve(side: &str, folder: &str) {
    let mut settings = cases::settings_in(std::path::Path::new(folder));
    settings.server.port = 0;
    settings.server.workers = 1;
    let db = Db::start(settings.database.executor()).expect("an executor");
    let bound = |address: std::net::SocketAddr| say(&format!("{address}\n"));
    if side == "ours" {
        let program = Program { mount: cases::mount, ..PROGRAM };
        let site = program.site(&settings, db, Clock::system()).await.expect("a storefront");
        site.serve(&settings.server, bound).await.expect("a server");
    } else {
        let server = HttpServer::new(move || HandWritten::app(&settings, db.clone())).workers(1);
        let server = server.bind(("127.0.0.1", 0)).expect("a port");
        server.addrs().first().copied().map(bound);
        server.run().await.expect("a server");
    }
}

struct Side {
    process: Child,
    address: String,
}

impl Drop for Side {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Side {
    fn start(side: &str, folder: &TempDir) -> Option<Self> {
        let mut command = Command::new(std::env::current_exe().ok()?);
        command.args(["serve", side]).arg(folder.path()).stdout(Stdio::piped());
        let mut process = command.spawn().ok()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take()?).read_line(&mut line).ok()?;
        Some(Self { process, address: line.trim().to_owned() })
    }

    fn login(&self) -> Option<String> {
        let answer = self.call(&format!(
            "POST /access-tokens HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{LOGIN}",
            LOGIN.len()
        ))?;
        Some(answer.split_once("\"accessToken\":\"")?.1.split('"').next()?.to_owned())
    }

    fn wishlist(&self, token: &str) -> Option<String> {
        let body = r#"{"data":{"type":"wishlists","attributes":{"name":"Bench"}}}"#;
        let answer = self.call(&format!(
            "POST /wishlists HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        ))?;
        Some(answer.split_once("\"id\":\"")?.1.split('"').next()?.to_owned())
    }

    fn call(&self, request: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    /// CPU microseconds of the server per request.
    fn cost(&self, request: &str) -> f64 {
        let before = self.cpu_micros();
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| self.drive(request));
            }
        });
        (self.cpu_micros() - before) / (CLIENTS * REQUESTS) as f64
    }

    #[expect(clippy::expect_used, reason = "a lost answer would falsify the figure")]
    fn drive(&self, request: &str) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let _ = stream.set_nodelay(true);
        let mut buffer = [0_u8; 8192];
        for _ in 0..REQUESTS {
            stream.write_all(request.as_bytes()).expect("a request");
            // The answer is short: it arrives in one piece on the loopback.
            let read = stream.read(&mut buffer).expect("an answer");
            assert!(buffer.get(..read).is_some_and(|answer| answer.starts_with(b"HTTP/1.1 200")), "not 200");
        }
    }

    /// What the kernel counted for all threads of the server so far, in microseconds.
    fn cpu_micros(&self) -> f64 {
        let folder = format!("/proc/{}/task", self.process.id());
        let threads = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let nanos = threads.filter_map(|thread| {
            let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<f64>().ok()
        });
        nanos.sum::<f64>() / 1e3
    }
}
