//! Which steps of a loop are told, written as letters: those that are the same are the same step.

use super::*;
use crate::task::Task;

fn step(number: usize) -> Told {
    let step = Step {
        number: u32::try_from(number).unwrap(),
        task: Task::FIRST,
        event: Event::Enter,
        call: None,
        place: Place::default(),
        output: None,
        changes: Vec::new(),
    };
    step.into()
}

fn same(letter: u8) -> Likeness {
    Likeness { same: Some(letter.into()), alike: letter.into() }
}

/// The numbers of the steps that are told, of those that are the same where these letters are;
/// and how many steps are told as one, how many times.
fn told(letters: &str) -> (Vec<usize>, Vec<(u32, u32)>) {
    let mut rounds = Rounds::default();
    let mut all = Vec::new();
    for (number, letter) in letters.bytes().enumerate() {
        if let Fate::Told(before, this) = rounds.step(same(letter), step(number)) {
            all.extend(before.into_iter().chain([*this]));
        }
    }
    all.extend(rounds.interrupt());
    let (mut told, mut again) = (Vec::new(), Vec::new());
    for Told { step, .. } in all {
        match step.event {
            Event::Again { steps, times } => again.push((steps, times)),
            _ => told.push(step.number as usize),
        }
    }
    (told, again)
}

#[test]
fn the_first_rounds_are_told_and_the_last_one() {
    let (all, again) = told(&format!("xy{}z", "ab".repeat(50)));
    let expected: Vec<usize> = (0..26).chain([100, 101, 102]).collect();
    assert_eq!((all, again), (expected, vec![(2, 37)]));
}

#[test]
fn a_round_that_ends_early_is_told_as_far_as_it_got() {
    let (all, again) = told(&format!("{}az", "abcdefghij".repeat(9)));
    assert_eq!(all, (0..30).chain([90, 91]).collect::<Vec<_>>());
    assert_eq!(again, [(10, 6)]);
}

#[test]
fn what_is_done_some_times_is_told() {
    for letters in ["a".repeat(24), "abcde".repeat(4), "abacadaeafagahaiajakalam".into()] {
        assert_eq!(told(&letters).0, (0..letters.len()).collect::<Vec<_>>(), "{letters}");
    }
    // Reads of one file make no loop of their own within a round.
    let (all, again) = told(&"orrrrrrrc".repeat(20));
    assert_eq!(all, (0..27).chain(171..180).collect::<Vec<_>>());
    assert_eq!(again, [(9, 16)]);
}

#[test]
fn a_loop_longer_than_any_is_told() {
    let mut rounds = Rounds::default();
    for number in 0..400 {
        let what = same(u8::try_from(number % 90).unwrap());
        assert!(matches!(rounds.step(what, step(number)), Fate::Told(..)), "{number}");
    }
    assert!(rounds.past.len() <= 2 * LONGEST);
}

#[test]
fn what_only_does_the_same_is_told_for_longer() {
    let mut rounds = Rounds::default();
    for number in 0..100 {
        let what = Likeness { same: Some(number), alike: number % 2 };
        let number = usize::try_from(number).unwrap();
        let told = matches!(rounds.step(what, step(number)), Fate::Told(..));
        assert_eq!(told, number < 40, "{number}");
    }
    let last: Vec<_> = rounds.interrupt().iter().map(|told| told.step.number).collect();
    assert_eq!(last, [0, 98, 99]);
}

#[test]
fn what_is_told_as_one_ends_where_the_last_round_begins() {
    let mut rounds = Rounds::default();
    let look = |parent: i32| {
        let process = crate::state::Process {
            name: String::new(),
            parent: parent.into(),
            status: crate::state::Status::Ready,
            descriptors: std::collections::BTreeMap::new(),
            blocked: 0,
            pending: 0,
            ignored: 0,
            caught: 0,
        };
        Rc::new(State { processes: [(1.into(), process)].into() })
    };
    for number in 0..50_u8 {
        rounds.step(same(number % 2), step(number.into()));
        if rounds.wants_look() {
            rounds.seen(&look(number.into()));
        }
    }
    let last = rounds.interrupt();
    assert_eq!(last[0].seen, Some(look(47)));
    assert!(last[1..].iter().all(|told| told.seen.is_none()));
}
