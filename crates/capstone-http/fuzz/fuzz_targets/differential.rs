//! Any bytes as a head, beside somebody else's parser.
#![no_main]

#[path = "../play/differential.rs"]
mod differential;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| differential::play(bytes));
