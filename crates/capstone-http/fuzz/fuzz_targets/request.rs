//! Any bytes as a stream of requests, beside a strict reading, cut into reads in different ways.
#![no_main]

#[path = "../../tests/common/ours.rs"]
mod ours;
#[path = "../play/request.rs"]
mod request;
#[path = "../../tests/common/strict/mod.rs"]
mod strict;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| request::play(bytes));
