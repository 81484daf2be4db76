//! The backend: what back-office users' tools talk to.

use std::process::ExitCode;

fn main() -> ExitCode {
    glue_app::run(&backend::wiring::PROGRAM)
}
