//! A room, played with any bytes, beside a model of it that is too simple to be wrong.
#![no_main]

#[path = "../play/room.rs"]
mod room;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| room::play(bytes));
