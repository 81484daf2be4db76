//! `glue`: definitions in, code and documents out.

mod cli;
mod steps;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
