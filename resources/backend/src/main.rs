//! The backend: what back-office users' tools talk to.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::run(&backend::wiring::PROGRAM)
}
