//! Any options, by both sides.
#![no_main]

#[path = "../play/options.rs"]
mod options;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| options::play(bytes));
