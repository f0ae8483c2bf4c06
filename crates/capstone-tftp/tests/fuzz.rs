//! The fuzz targets without a fuzzer: their corpus, and what is made out of it. With one:
//! `cd crates/capstone-tftp && cargo +nightly fuzz run sender`.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "../fuzz/play/options.rs"]
mod options;
#[path = "../fuzz/play/packet.rs"]
mod packet;
#[path = "../fuzz/play/receiver.rs"]
mod receiver;
#[path = "../fuzz/play/sender.rs"]
mod sender;

use std::path::Path;

use fastrand::Rng;

/// What has broken programs before, or means something here.
const PIECES: [&[u8]; 16] = [
    b"\0\x01f\0octet\0",
    b"\0\x02f\0netascii\0",
    b"\0\x03\0\x01",
    b"\0\x04\0\0",
    b"\0\x05\0\x04no\0",
    b"\0\x06",
    b"blksize\0",
    b"timeout\x003\0",
    b"tsize\x000\0",
    b"WindowSize\x0065535\0",
    b"65464\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff\xff",
];

/// Every file of the corpus, and thousands of others that come out of each by a few mistakes.
fn replay(target: &str, play: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(folder).unwrap();
    let corpus: Vec<_> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(corpus.len() >= 7, "the corpus of {target} is not there");
    for bytes in &corpus {
        play(bytes);
    }
    let mut random = Rng::with_seed(20_261_121);
    for _ in 0..20_000 {
        let mut bytes = random.choice(&corpus).unwrap().clone();
        for _ in 0..random.usize(1..8) {
            mistake(&mut bytes, &mut random);
        }
        play(&bytes);
    }
}

/// A byte changes, comes or goes, the end is cut off or grows, or a piece comes in between.
fn mistake(bytes: &mut Vec<u8>, random: &mut Rng) {
    let at = random.usize(..=bytes.len());
    match random.u8(0..7) {
        0 => bytes.insert(at, random.u8(..)),
        1 => bytes.truncate(at.max(4)),
        2 if at < bytes.len() => bytes[at] ^= 1 << random.u8(0..8),
        3 if at < bytes.len() => bytes[at] = random.u8(..),
        4 if at < bytes.len() => drop(bytes.remove(at)),
        5 => bytes.extend(std::iter::repeat_with(|| random.u8(..)).take(at.min(100))),
        _ => drop(bytes.splice(at..at, random.choice(PIECES).unwrap().iter().copied())),
    }
}

#[test]
fn packets() {
    replay("packet", packet::play);
}

#[test]
fn both_sides_of_the_options() {
    replay("options", options::play);
}

#[test]
fn a_sender_and_anything() {
    replay("sender", sender::play);
}

#[test]
fn a_receiver_and_anything() {
    replay("receiver", receiver::play);
}
