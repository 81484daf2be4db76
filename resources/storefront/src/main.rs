//! The storefront: what customers' frontends talk to.

use std::process::ExitCode;

fn main() -> ExitCode {
    glue_app::run(&storefront::wiring::PROGRAM)
}
