//! Any bytes as a packet, and as text.
#![no_main]

#[path = "../play/packet.rs"]
mod packet;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packet::play(bytes));
