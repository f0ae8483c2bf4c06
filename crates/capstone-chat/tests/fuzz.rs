//! The fuzz targets without a fuzzer: their corpus, and stories that are made out of it. With one:
//! `cd crates/capstone-chat && cargo +nightly fuzz run room`.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "common/mutate.rs"]
mod mutate;
#[path = "../fuzz/play/request.rs"]
mod request;
#[path = "../fuzz/play/room.rs"]
mod room;

use std::path::Path;

use fastrand::Rng;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(folder).unwrap();
    let all: Vec<_> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(all.len() >= 7, "the corpus of {target} is not there");
    all
}

#[test]
fn the_corpus_of_the_room() {
    for story in corpus("room") {
        room::play(&story);
    }
}

#[test]
fn the_corpus_of_requests() {
    for bytes in corpus("request") {
        request::play(&bytes);
    }
}

#[test]
fn any_bytes_as_requests() {
    let mut random = Rng::with_seed(20_260_103);
    for _ in 0..20_000 {
        request::play(&mutate::datagram(&mut random));
    }
}

/// Stories in which most requests make sense, so that something happens.
#[test]
fn a_room_does_what_a_model_of_it_does() {
    let mut random = Rng::with_seed(20_260_104);
    for _ in 0..3000 {
        let mut story = Vec::new();
        for _ in 0..random.usize(0..60) {
            let name = random.choice(["a", "b", "c", "d", "e", "f", "管理员"]).unwrap();
            let text = "x".repeat(random.usize(0..4));
            let bytes = match random.u8(0..8) {
                0..3 => format!("L {name}").into_bytes(),
                3..6 => format!("C {name} {text}").into_bytes(),
                6 => format!("Q {name}").into_bytes(),
                _ => mutate::datagram(&mut random),
            };
            let bytes = &bytes[..bytes.len().min(127)];
            story.extend([random.u8(0..12), u8::try_from(bytes.len()).unwrap()]);
            story.extend_from_slice(bytes);
        }
        room::play(&story);
    }
}
