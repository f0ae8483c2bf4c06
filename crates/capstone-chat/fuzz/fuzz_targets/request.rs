//! Any bytes as a request, a name, and a text for a terminal.
#![no_main]

#[path = "../play/request.rs"]
mod request;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| request::play(bytes));
