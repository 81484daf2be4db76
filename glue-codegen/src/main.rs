//! `glue`: definitions in, code and documents out.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
