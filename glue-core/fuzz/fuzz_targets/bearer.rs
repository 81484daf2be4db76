//! Any bytes as an `Authorization` header.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glue_core::testing::attack::bearer(bytes));
