//! The fuzz targets without a fuzzer: their corpus, and streams that are made out of it. With one:
//! `cd crates/capstone-http && cargo +nightly fuzz run request` (or `body`, `differential`).

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "../fuzz/play/body.rs"]
mod body;
#[path = "../fuzz/play/differential.rs"]
mod differential;
#[path = "common/ours.rs"]
mod ours;
#[path = "../fuzz/play/request.rs"]
mod request;
#[path = "common/strict/mod.rs"]
mod strict;

use std::path::Path;

use fastrand::Rng;

type Play = fn(&[u8]);

const TARGETS: [(&str, Play); 3] =
    [("request", request::play), ("body", body::play), ("differential", differential::play)];

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let all: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    assert!(all.len() >= 7, "the corpus of {target} is not there");
    all
}

#[test]
fn the_corpus() {
    for (target, play) in TARGETS {
        for bytes in corpus(target) {
            play(&bytes);
        }
    }
}

/// Every beginning of everything in the corpus: no index is off by one.
#[test]
fn all_beginnings() {
    for (target, play) in TARGETS {
        for bytes in corpus(target) {
            for end in 0..bytes.len() {
                play(&bytes[..end]);
            }
        }
    }
}

/// Two pieces of the corpus together, with what usually breaks parsers in between.
#[test]
fn offspring_of_the_corpus() {
    const PIECES: [&[u8]; 20] = [
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b" ",
        b"\t",
        b":",
        b"0",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b";a=\"",
        b"Host: a\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"\r\n\r\n",
        b"HTTP/1.1",
        b"%2f",
        b"/../",
        b"\xff",
        b"GET / HTTP/1.1\r\n",
    ];
    let mut random = Rng::with_seed(20_261_121);
    for (target, play) in TARGETS {
        let all = corpus(target);
        for _ in 0..20_000 {
            let mut bytes = random.choice(&all).unwrap().clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..=bytes.len());
                let to = random.usize(at..=bytes.len().min(at + 8));
                match random.u8(0..4) {
                    0 => drop(bytes.drain(at..to)),
                    1 => drop(bytes.splice(at..at, random.choice(PIECES).unwrap().iter().copied())),
                    2 => drop(bytes.splice(at..to, random.choice(&all).unwrap().iter().copied())),
                    _ => bytes[at..to].iter_mut().for_each(|byte| *byte = random.u8(..)),
                }
            }
            play(&bytes);
        }
    }
}
