//! Sixty-four clients that log in without a pause, and what that leaves for everybody else. Over sockets, against a
//! server of its own process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{median, say};

const READERS: usize = 16;
const CLIENTS: usize = 64;
const SECONDS: u64 = 4;
const STORMS: usize = 7;
const LOGIN: &str =
    r#"{"data":{"type":"access-tokens","attributes":{"username":"sonia@acme.com","password":"change123"}}}"#;

/// Runs reads alone, then reads under the storm.
pub(crate) fn run() {
    let Ok(folder) = tempfile::TempDir::new() else { return };
    let started = Instant::now();
    let Some((mut server, address)) = start(&folder) else { return };
    let first_start = started.elapsed();
    let _ = server.kill();
    let _ = server.wait();
    let started = Instant::now();
    let Some((mut server, address_again)) = start(&folder) else { return };
    let _ = address;
    let address = address_again;
    let _ = call(&address, "GET /stores HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    say(&format!(
        "start: empty database {} ms, existing database to the first answer {} ms\n",
        first_start.as_millis(),
        started.elapsed().as_millis()
    ));
    say(&format!("memory: idle {} MiB", memory(&server)));
    let token = call(&address, &login_request())
        .and_then(|answer| Some(answer.split_once("\"accessToken\":\"")?.1.split('"').next()?.to_owned()));
    let token = token.unwrap_or_default();
    // Alternating rounds, so that a drift of the machine hits both.
    let (mut kept, mut alone, mut stormed, mut logins) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STORMS {
        let (calm, storm) = (reads(&address, &token, 0), reads(&address, &token, CLIENTS));
        kept.push(100.0 * storm.0 / calm.0);
        alone.push(calm.0);
        stormed.push(storm.0);
        logins.push(storm.1);
    }
    say(&format!(", after {STORMS} storms of {SECONDS} s with {CLIENTS} clients logging in {} MiB\n", memory(&server)));
    let each = kept.iter().map(|share| format!("{share:.0}")).collect::<Vec<_>>().join(", ");
    say(&format!(
        "protected reads/s: alone {:.0}, in the storm {:.0}, kept {:.0} % ({each}), logins/s {:.0}\n",
        median(&mut alone),
        median(&mut stormed),
        median(&mut kept),
        median(&mut logins)
    ));
    let _ = server.kill();
    let _ = server.wait();
}

fn start(folder: &tempfile::TempDir) -> Option<(Child, String)> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_storefront"));
    server
        .current_dir(folder.path())
        .env("GLUE__SERVER__PORT", "0")
        .env("GLUE__SERVER__PUBLIC_URL", "http://localhost:8080");
    let mut server =
        server.env("GLUE__LOG__FILTER", "warn").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut line = String::new();
    BufReader::new(server.stdout.take()?).read_line(&mut line).ok()?;
    Some((server, line.trim().rsplit("http://").next()?.to_owned()))
}

/// Resident MiB.
fn memory(server: &Child) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<usize>().ok()).unwrap_or_default() / 1024
}

fn login_request() -> String {
    format!(
        "POST /access-tokens HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{LOGIN}",
        LOGIN.len()
    )
}

fn call(address: &str, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// Reads and logins per second.
fn reads(address: &str, token: &str, clients: usize) -> (f64, f64) {
    let (stop, read, logged_in) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut threads = Vec::new();
    for _ in 0..clients {
        let (stop, logged_in, address) = (stop.clone(), logged_in.clone(), address.to_owned());
        threads.push(std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                if call(&address, &login_request()).is_some_and(|answer| answer.starts_with("HTTP/1.1 201")) {
                    logged_in.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }
    for _ in 0..READERS {
        let (stop, read, address) = (stop.clone(), read.clone(), address.to_owned());
        let request = format!("GET /wishlists HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
        threads.push(std::thread::spawn(move || {
            let Ok(mut stream) = TcpStream::connect(&address) else { return };
            let mut buffer = [0_u8; 8192];
            while !stop.load(Ordering::Relaxed) {
                // The answer is short: it arrives in one piece on the loopback.
                if stream.write_all(request.as_bytes()).is_err() || stream.read(&mut buffer).is_err() {
                    return;
                }
                read.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    std::thread::sleep(Duration::from_secs(SECONDS));
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        let _ = thread.join();
    }
    let per_second = |count: &AtomicUsize| count.load(Ordering::Relaxed) as f64 / SECONDS as f64;
    (per_second(&read), per_second(&logged_in))
}
