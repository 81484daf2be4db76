//! The generator's tests: one binary, through its public surface.

mod diagnostics;
mod generation;
mod project;
mod readme;
mod workspace;
