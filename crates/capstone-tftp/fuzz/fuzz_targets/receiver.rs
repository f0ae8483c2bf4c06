//! A receiver whose peer says anything at any time.
#![no_main]

#[path = "../play/receiver.rs"]
mod receiver;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| receiver::play(bytes));
