//! The chapter on recordings (docs/recordings.md) shows what is written.

use std::path::Path;

use crate::record::Recording;
use crate::record::fold::{LONGEST, MORE, SHOWN};
use crate::step::Event;

fn chapter() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/recordings.md");
    std::fs::read_to_string(path).unwrap()
}

fn example() -> String {
    let chapter = chapter();
    let example = chapter.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
    example.unwrap().to_owned()
}

#[test]
fn its_example_is_what_is_written() {
    let recording = Recording::read(example().as_bytes()).unwrap();
    let mut file = Vec::new();
    recording.write(&mut file).unwrap();
    assert_eq!(String::from_utf8(file).unwrap(), example());
}

#[test]
fn its_loop_is_folded_as_it_says() {
    let folded = Recording::read(example().as_bytes()).unwrap();
    let at =
        folded.steps.iter().position(|step| matches!(step.event, Event::Again { .. })).unwrap();
    let Event::Again { steps, times } = folded.steps[at].event else { unreachable!() };
    let mut whole = folded.clone();
    let period = whole.steps[at - steps as usize..at].to_vec();
    let all: Vec<_> = (0..times).flat_map(|_| period.clone()).collect();
    whole.steps.splice(at..=at, all);
    for (number, step) in (1..).zip(&mut whole.steps) {
        step.number = number;
    }
    whole.fold();
    assert_eq!(whole, folded);
    assert_eq!((SHOWN, MORE, LONGEST), (4, 4, 64), "the chapter says so in words");
}
