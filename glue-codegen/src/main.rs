//! `glue`: definitions in, code and documents out.

use std::process::ExitCode;

fn main() -> ExitCode {
    glue_codegen::cli::run()
}
