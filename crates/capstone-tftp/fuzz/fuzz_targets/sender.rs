//! A sender whose peer says anything at any time.
#![no_main]

#[path = "../play/sender.rs"]
mod sender;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sender::play(bytes));
