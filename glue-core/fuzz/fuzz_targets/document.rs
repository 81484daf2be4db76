//! Any bytes as the body of a write.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glue_core::testing::attack::document(bytes));
