//! Any text as a definition file: problems, never a panic, and what is accepted renders to Rust.
#![no_main]

use glue_codegen::definition;
use glue_codegen::diagnostic::Problems;
use glue_codegen::source::Source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let source = Source::new("x.resource.yml", text);
    let mut problems = Problems::default();
    let _ = definition::read(&source, &mut problems);
    for problem in problems.sorted() {
        let _ = problem.to_string();
    }
});
