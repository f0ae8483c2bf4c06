//! Two runs are equal, and say what they are meant to say.

use super::run::{self, MONDAY, TUESDAY, step, value};
use crate::call::{Address, Bytes, Call, Value};
use crate::pid::Pid;
use crate::record::{Recording, Surroundings};
use crate::state::Change;
use crate::step::{Event, Step};
use crate::task::Task;

fn normalised(mut recording: Recording, surroundings: &Surroundings) -> Recording {
    recording.normalise(surroundings);
    recording
}

/// One call, normalised with nothing known.
fn alone(name: &'static str, args: Vec<Value>) -> Vec<Value> {
    let recording = Recording::new("", vec![], vec![step(Event::Enter, name, args, 1)]);
    let mut recording = normalised(recording, &Surroundings::default());
    recording.steps.remove(0).call.unwrap().args
}

#[test]
fn two_runs_are_equal() {
    let [monday, tuesday] =
        [MONDAY, TUESDAY].map(|day| normalised(day.recording(), &day.surroundings()));
    for (one, other) in monday.steps.iter().zip(&tuesday.steps) {
        assert_eq!(one, other);
    }
    assert_eq!(monday, tuesday);
    assert_ne!(MONDAY.recording(), TUESDAY.recording());
}

#[test]
fn every_name_is_where_it_belongs() {
    let run = normalised(TUESDAY.recording(), &TUESDAY.surroundings());
    let child = Pid::Task("P2".parse().unwrap());
    let port = |port| Value::Address(Address::Ephemeral { ip: [127, 0, 0, 1].into(), port });
    let args = |number: usize| &run.steps[number - 1].call.as_ref().unwrap().args;
    assert_eq!(run.program, "./target/debug/demo");
    assert_eq!(args(1)[1], Value::Address(run::address(0)));
    assert_eq!(args(2)[1], port(1));
    let said = &run.steps[2].output.as_ref().unwrap().text;
    assert_eq!(said, "listening on 127.0.0.1:port#1, pid P1\n");
    assert_eq!(run.steps[3].event, value(Value::Pid(child)));
    assert_eq!(args(5)[1], port(2));
    let bytes = Bytes { head: b"child P2 of P1\n".into(), length: 15 };
    assert_eq!(args(6)[1..], [Value::Bytes(bytes), Value::Int(15)]);
    assert_eq!(run.steps[5].event, value(Value::Int(15)));
    assert_eq!(args(7)[0], Value::Text("/tmp/.tmp#1/log-P2".into()));
    assert_eq!(run.steps[8].event, Event::Exec { path: "./target/debug/demo".into() });
    let [Change::Process(first, process), Change::Process(second, other)] =
        &run.steps[3].changes[..]
    else {
        panic!("{:?}", run.steps[3].changes)
    };
    assert_eq!((*first, process.parent), (Pid::Task(Task::FIRST), Pid::OUTSIDE));
    assert_eq!((*second, other.parent), (child, Pid::Task(Task::FIRST)));
    let json = serde_json::to_string(&process.descriptors[&1]).unwrap();
    assert!(json.contains("\"inode\":1,"), "{json}");
    let Event::Signal { sender, .. } = run.steps[10].event else { panic!() };
    assert_eq!(sender, Some(child));
}

#[test]
fn a_port_that_somebody_asks_for_stays() {
    let address = |port: u16| Value::Address(run::address(port));
    assert_eq!(alone("bind", vec![address(40_000)]), [address(40_000)]);
    assert_eq!(alone("connect", vec![address(8080)]), [address(8080)]);
    assert_ne!(alone("connect", vec![address(40_000)]), [address(40_000)]);

    // It was the kernel's choice first: asked for again, it is still the same port.
    let steps = ["getsockname", "bind"].map(|it| step(Event::Enter, it, vec![address(40_000)], 1));
    let again = normalised(Recording::new("", vec![], steps.into()), &Surroundings::default());
    let args = |step: &Step| step.call.as_ref().unwrap().args.clone();
    assert_eq!(args(&again.steps[0]), args(&again.steps[1]));
    assert_ne!(args(&again.steps[1]), [address(40_000)]);

    // The other way round, it is the program's.
    let steps = ["bind", "getsockname"].map(|it| step(Event::Enter, it, vec![address(40_000)], 1));
    let own = Recording::new("", vec![], steps.into());
    assert_eq!(normalised(own.clone(), &Surroundings::default()), own);

    let steps = vec![step(Event::Enter, "connect", vec![address(40_000)], 1)];
    let given = Recording::new("", vec!["127.0.0.1:40000".into()], steps);
    assert_eq!(normalised(given.clone(), &Surroundings::default()), given);
}

#[test]
fn groups_and_strangers_have_names_and_special_numbers_stay() {
    let tasks = [(4101, Task::FIRST)].into();
    let surroundings = Surroundings { tasks, folders: vec![] };
    for (number, name) in [
        (4101, "P1"),
        (-4101, "-P1"),
        (5000, "P0"),
        (0, "0"),
        (1, "1"),
        (-1, "-1"),
        (i32::MIN, "-2147483648"),
        (99_999_999, "99999999"),
    ] {
        let args = vec![Value::Pid(number.into())];
        let run = Recording::new("", vec![], vec![step(Event::Enter, "kill", args, 1)]);
        let run = normalised(run, &surroundings);
        let Call { args, .. } = run.steps[0].call.as_ref().unwrap();
        let Value::Pid(pid) = args[0] else { panic!() };
        assert_eq!(pid.to_string(), name);
    }
}

#[test]
fn processes_that_nobody_has_named_stay_two() {
    let mut run = TUESDAY.recording();
    run.normalise(&Surroundings::default());
    let [Change::Process(first, _), Change::Process(second, _)] = &run.steps[3].changes[..] else {
        panic!("{:?}", run.steps[3].changes)
    };
    let mut both = [*first, *second];
    both.sort();
    assert_eq!(both, [Pid::Number(TUESDAY.child), Pid::Number(TUESDAY.parent)]);
}

#[test]
fn what_is_left_of_a_time_limit_is_the_limit() {
    use std::time::Duration;
    for (nanos, limit) in [
        (1_999_987_123, 2_000_000_000),
        (249_700_001, 250_000_000),
        (250_000_000, 250_000_000),
        (1_250_000_000, 1_250_000_000),
        (10_000_000, 10_000_000),
        (9_999_999_999, 10_000_000_000),
        (99, 99),
        (0, 0),
    ] {
        let [nanos, limit] = [nanos, limit].map(|n| Value::Time(Some(Duration::from_nanos(n))));
        assert_eq!(alone("ppoll", vec![nanos]), [limit]);
    }
    let endless = vec![Value::Time(None), Value::Time(Some(Duration::MAX))];
    assert_eq!(alone("ppoll", endless.clone()), endless);
}

#[test]
fn random_bytes_are_forgotten() {
    let random = Bytes { head: vec![1, 2, 3], length: 3 };
    let left = Bytes { head: vec![], length: 3 };
    assert_eq!(alone("getrandom", vec![Value::Bytes(random.clone())]), [Value::Bytes(left)]);
    assert_eq!(alone("read", vec![Value::Bytes(random.clone())]), [Value::Bytes(random)]);
}

#[test]
fn a_name_at_the_cut_is_the_same_in_every_run() {
    // So many bytes that the process's number is cut in two, or has moved the cut.
    for filler in 0..64 {
        let runs = [1234, 123_456].map(|pid| {
            let text = format!(
                "{:x<filler$} {pid} and then some more, until it is far too long \
                                for what is kept of it",
                ""
            );
            let head = text.as_bytes()[..Bytes::SHOWN].into();
            let bytes = vec![Value::Bytes(Bytes { head, length: 1000 })];
            let steps = vec![step(Event::Enter, "write", bytes, 1)];
            let tasks = [(pid, Task::FIRST)].into();
            let surroundings = Surroundings { tasks, folders: vec![] };
            let once = normalised(Recording::new("", vec![], steps), &surroundings);
            assert_eq!(normalised(once.clone(), &surroundings), once);
            let Value::Bytes(bytes) = &once.steps[0].call.as_ref().unwrap().args[0] else {
                panic!()
            };
            bytes.head.clone()
        });
        assert_eq!(runs[0], runs[1], "after {filler}: {:?}", String::from_utf8_lossy(&runs[0]));
    }
}
