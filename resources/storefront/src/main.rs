//! The storefront: what customers' frontends talk to.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::run(&storefront::wiring::PROGRAM)
}
