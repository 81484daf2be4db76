//! Any text as a query string.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| glue_core::testing::attack::query(text));
