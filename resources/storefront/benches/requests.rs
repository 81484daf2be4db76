//! What a request costs, beside a hand-written actix-web handler that does the same work: the same token verified with
//! the same library and the key parsed once, the same row from the same database on the same executor.
//!
//! `cargo bench -p storefront` prints CPU microseconds per request of this process, as the median of alternating
//! rounds, and the ratios; then the reads over sockets, each side in a server of its own.
//! `cargo bench -p storefront --bench requests -- <case> <requests>` runs one case only, for `valgrind --tool=callgrind`.

#[path = "requests/cases.rs"]
mod cases;
#[path = "requests/hand_written.rs"]
mod hand_written;
#[path = "requests/refresh.rs"]
mod refresh;
#[path = "requests/routing.rs"]
mod routing;
#[path = "requests/storm.rs"]
mod storm;
#[path = "requests/wire.rs"]
mod wire;

use std::io::Write;

use cases::{CASES, World};

/// Rounds of each side, alternating, so that a drift of the machine hits both.
const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let system = actix_web::rt::System::new();
    match arguments.as_slice() {
        [serve, side, folder] if serve == "serve" => system.block_on(wire::serve(side, folder)),
        [case, requests] => system.block_on(single(case, requests.parse().unwrap_or(1_000))),
        _ => {
            system.block_on(compare());
            system.block_on(routing::compare());
            wire::run();
            storm::run();
        }
    }
}

async fn single(name: &str, requests: usize) {
    let world = World::new().await;
    if let Some(case) = CASES.iter().find(|case| case.name == name) {
        (case.run)(&world, requests).await;
    }
}

async fn compare() {
    let world = World::new().await;
    say("CPU-µs per request, median of alternating rounds\n");
    for pair in CASES.chunks(2) {
        let [ours, theirs] = pair else { continue };
        let (mut left, mut right, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let (one, two) = (measure(&world, ours).await, measure(&world, theirs).await);
            // The first round warms caches and statements up.
            if round > 0 {
                left.push(one);
                right.push(two);
                ratios.push(one / two);
            }
        }
        let line = format!(
            "{:<28} {:>9.2}   {:<28} {:>9.2}   ratio {:.3}\n",
            ours.name,
            median(&mut left),
            theirs.name,
            median(&mut right),
            median(&mut ratios)
        );
        say(&line);
    }
}

async fn measure(world: &World, case: &cases::Case) -> f64 {
    let before = cpu_micros();
    (case.run)(world, case.requests).await;
    (cpu_micros() - before) / case.requests as f64
}

/// User and system time of all threads of this process so far, in microseconds.
fn cpu_micros() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    used.tv_sec as f64 * 1e6 + used.tv_nsec as f64 / 1e3
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
