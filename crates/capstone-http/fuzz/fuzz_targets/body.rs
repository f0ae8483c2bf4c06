//! Any bytes as a body in chunks, beside a strict reading, under limits of all sizes.
#![no_main]

#[path = "../play/body.rs"]
mod body;
#[path = "../../tests/common/strict/mod.rs"]
#[allow(dead_code, reason = "only the part about chunks is asked")]
mod strict;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::play(bytes));
