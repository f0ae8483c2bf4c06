//! Loops in one step: what is folded, what is not, and that the state behind it is right.

use super::run::{plain, step, value};
use crate::call::{Answer, Value};
use crate::pid::Pid;
use crate::record::Recording;
use crate::record::fold::{LONGEST, MORE, SHOWN};
use crate::state::{Change, Object, Process, State, Status};
use crate::step::{Event, Output, Step, Stream};
use crate::task::Task;

const P2: Task = Task { process: 2, thread: 1 };

/// A letter is a kind of step: a line.
fn steps(text: &str) -> Vec<Step> {
    let step = |(number, letter): (u32, char)| Step {
        number,
        ..step(Event::Enter, "read", vec![Value::Int(number.into())], letter.into())
    };
    (1..).zip(text.chars()).map(step).collect()
}

fn folded(steps: Vec<Step>) -> Vec<Step> {
    let mut recording = Recording::new("", vec![], steps);
    recording.fold();
    recording.steps
}

/// As letters, and what is folded as `(steps×times)`.
fn shown(steps: &[Step]) -> String {
    let letter = |step: &Step| match step.event {
        Event::Again { steps, times } => format!("({steps}×{times})"),
        _ => char::from_u32(step.place.stack[0].line).unwrap().into(),
    };
    steps.iter().map(letter).collect()
}

fn fold(text: &str) -> String {
    let folded = folded(steps(text));
    assert_eq!(folded.last().map(|step| step.number), u32::try_from(text.chars().count()).ok());
    shown(&folded)
}

#[test]
fn a_loop_is_shown_a_few_times_and_then_told() {
    assert_eq!((SHOWN, MORE), (4, 4));
    assert_eq!(fold(&"a".repeat(100)), "aaaa(1×96)");
    assert_eq!(fold(&format!("xy{}z", "abc".repeat(10))), "xyabcabcabcabc(3×6)z");
    assert_eq!(
        fold(&format!("{}ab", "abc".repeat(10))),
        "abcabcabcabc(3×6)ab",
        "a half one at the end"
    );
    assert_eq!(fold(&format!("{}{}", "ab".repeat(9), "c".repeat(9))), "abababab(2×5)cccc(1×5)");
}

#[test]
fn what_is_below_the_threshold_stays() {
    for text in ["a", "ab", "aaaaaaa", "abcabcabcabcabcabcabc", "abacabadabacaba"] {
        assert_eq!(fold(text), text);
    }
    for period in 1..=LONGEST {
        let text: String = ('一'..).take(period).collect();
        for (times, is_folded) in [(SHOWN + MORE - 1, false), (SHOWN + MORE, true)] {
            let steps = steps(&text.repeat(times));
            assert_eq!(folded(steps.clone()) != steps, is_folded, "{period} × {times}");
        }
    }
    let long: String = ('一'..).take(LONGEST + 1).collect();
    assert_eq!(fold(&long.repeat(12)), long.repeat(12), "too long to be seen as one");
}

#[test]
fn a_short_loop_in_a_long_one_does_not_hide_it() {
    let text = "aaaaab".repeat(20);
    assert_eq!(fold(&text), format!("{}(6×16)", "aaaaab".repeat(4)));
}

#[test]
fn only_what_is_the_same_is_folded() {
    let alike = |change: &dyn Fn(&mut Step)| {
        let mut steps = steps(&"a".repeat(30));
        change(&mut steps[15]);
        folded(steps).iter().filter(|step| matches!(step.event, Event::Again { .. })).count() == 1
    };
    assert!(alike(&|_| ()));
    assert!(alike(&|step| step.call.as_mut().unwrap().args.push(Value::Null)), "arguments");
    assert!(!alike(&|step| step.task = P2));
    assert!(!alike(&|step| step.event = Event::Blocked));
    assert!(!alike(&|step| step.event = value(Value::Int(1))));
    assert!(!alike(&|step| step.place.stack[0].line = 1));
    assert!(!alike(&|step| step.call.as_mut().unwrap().name = "write".into()));
    assert!(!alike(&|step| step.output = Some(Output { stream: Stream::Out, text: "x".into() })));
    let mut errors = steps(&"a".repeat(30));
    for (step, errno) in errors.iter_mut().zip(1..) {
        step.event = Event::Return { answer: Answer::Error(errno), fault: None };
    }
    assert_eq!(folded(errors.clone()), errors, "another error each time");
}

#[test]
fn several_tasks_in_turns_are_one_loop() {
    let mut steps = steps(&"ab".repeat(50));
    steps.iter_mut().skip(1).step_by(2).for_each(|step| step.task = P2);
    assert_eq!(shown(&folded(steps)), "abababab(2×46)");
}

/// Changes that come and go: descriptors that are opened, moved and closed, a process that has
/// another state, one that is there for a while.
fn changes(number: u32) -> Vec<Change> {
    let pid = Pid::Task(Task::FIRST);
    let fd = i32::try_from(number % 5).unwrap();
    let file = Object::File { path: "f".into(), offset: number.into() };
    let process = Process {
        name: "demo".into(),
        parent: Pid::OUTSIDE,
        status: Status::Ready,
        descriptors: [(fd, plain(Object::Timer))].into(),
        blocked: number.into(),
        pending: 0,
        ignored: 0,
        caught: 0,
    };
    match number % 7 {
        0 => vec![Change::Closed(pid, fd)],
        1 => vec![Change::Process(Pid::Task(P2), Box::new(process))],
        2 if number.is_multiple_of(3) => vec![Change::Gone(Pid::Task(P2))],
        3 => vec![Change::Status(pid, Status::Asleep), Change::Parent(Pid::Task(P2), pid)],
        4 if number == 4 => vec![Change::Process(pid, Box::new(process))],
        _ => vec![Change::Descriptor(pid, fd, Box::new(plain(file)))],
    }
}

#[test]
fn the_state_behind_every_step_is_what_it_was() {
    let mut seed = 3_u64;
    for _ in 0..300 {
        let mut text = String::new();
        while text.len() < 400 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let [period, times] =
                [(seed >> 40) % 9 + 1, (seed >> 50) % 30].map(|it| usize::try_from(it).unwrap());
            let part: String =
                (0..period).map(|index| b"aabcdab"[(index * 5 + times) % 7] as char).collect();
            text += &part.repeat(times);
        }
        let mut steps = steps(&text);
        for step in &mut steps {
            step.changes = changes(step.number);
        }
        let mut states = vec![State::default()];
        for step in &steps {
            let mut state = states[states.len() - 1].clone();
            step.changes.iter().for_each(|change| state.apply(change));
            states.push(state);
        }
        let folded = folded(steps);
        let mut state = State::default();
        for step in &folded {
            step.changes.iter().for_each(|change| state.apply(change));
            assert_eq!(state, states[step.number as usize], "{text}\n{}", shown(&folded));
        }
        assert_eq!(state, states[states.len() - 1]);
        // Every step is there, or stands for those that are not.
        let stands = folded.windows(2).all(|pair| match pair[1].event {
            Event::Again { steps, times } => pair[1].number - pair[0].number == steps * times,
            _ => pair[1].number == pair[0].number + 1,
        });
        assert!(stands, "{}", shown(&folded));
    }
}

#[test]
fn what_is_folded_is_written_and_read() {
    let mut recording =
        Recording::new("", vec![], folded(steps(&format!("x{}y", "abc".repeat(100)))));
    recording.steps[3].number += 1;
    let mut file = Vec::new();
    recording.write(&mut file).unwrap();
    assert_eq!(Recording::read(&file[..]).unwrap(), recording);
    let text = String::from_utf8(file).unwrap();
    assert!(text.contains(r#"{"task":"P1","event":{"again":{"steps":3,"times":96}}}"#), "{text}");
    assert_eq!(text.matches("\"number\"").count(), 2, "only what cannot be told: {text}");
}
