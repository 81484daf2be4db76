//! What the number of operations costs: the same public read through a table of ten rows and one of two thousand.

use std::rc::Rc;

use actix_web::dev::Service;
use actix_web::test::{TestRequest, init_service};
use glue_app::Program;
use glue_core::clock::Clock;
use glue_core::db::Db;
use glue_core::route::{Operation, RouteDef};
use glue_core::server::Mount;
use storefront::wiring::PROGRAM;
use tempfile::TempDir;

use super::cases::{self, PING, ping};
use super::{ROUNDS, cpu_micros, median, say};

const REQUESTS: usize = 20_000;

fn mount(rows: usize) -> Mount {
    let mut operations = vec![Operation::new(&PING, || actix_web::web::to(ping))];
    for number in 1..rows {
        let (resource, path): (&'static str, &'static str) =
            (format!("pings-{number}").leak(), format!("/pings-{number}").leak());
        let def: &'static RouteDef = Box::leak(Box::new(RouteDef { resource, path, operation_id: resource, ..PING }));
        operations.push(Operation::new(def, || actix_web::web::to(ping)));
    }
    Mount { operations, ..Mount::default() }
}

#[expect(clippy::expect_used, reason = "a bench without its parts is no bench")]
pub(crate) async fn compare() {
    let folder = TempDir::new().expect("a folder");
    let settings = cases::settings(&folder);
    cases::seeded(&settings);
    let db = Db::start(settings.database.executor()).expect("an executor");
    let mut costs = Vec::new();
    for mount in [(|| mount(10)) as fn() -> Mount, || mount(2_000)] {
        let site =
            Program { mount, ..PROGRAM }.site(&settings, db.clone(), Clock::system()).await.expect("a storefront");
        costs.push(Rc::new(init_service(site.app()).await));
    }
    let [few, many] = costs.as_slice() else { return };
    let mut ratios = Vec::new();
    for round in 0..=ROUNDS {
        let mut taken = Vec::new();
        for service in [few, many] {
            let before = cpu_micros();
            for _ in 0..REQUESTS {
                let answer = service.call(TestRequest::get().uri("/pings").to_request()).await.expect("an answer");
                assert!(answer.status().is_success());
            }
            taken.push((cpu_micros() - before) / REQUESTS as f64);
        }
        if let ([few, many], true) = (taken.as_slice(), round > 0) {
            ratios.push(many / few);
        }
    }
    say(&format!("routing: 2,000 operations against 10, ratio {:.3}\n", median(&mut ratios)));
}
