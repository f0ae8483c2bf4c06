//! What the machine says of itself is no part of a recording.

use super::run::{MONDAY, plain, step, value};
use crate::call::{Bytes, Value};
use crate::pid::Pid;
use crate::record::{Recording, Surroundings, difference};
use crate::state::{Change, Object, Process, Socket, Status};
use crate::step::{Event, Step};

/// Reads a file to its end, in pieces of these sizes.
fn reading(object: &Object, pieces: &[i64]) -> Recording {
    let process = Process {
        name: "demo".into(),
        parent: Pid::Number(MONDAY.tracer),
        status: Status::Ready,
        descriptors: [(3, plain(object.clone()))].into(),
        blocked: 0,
        pending: 0,
        ignored: 0,
        caught: 0,
    };
    let mut steps = vec![step(value(Value::Fd(3)), "openat", vec![], 8)];
    let pid = Pid::Number(MONDAY.parent);
    steps[0].changes = vec![Change::Process(pid, Box::new(process))];
    for &piece in pieces {
        let bytes = Bytes { head: piece.to_string().into(), length: 9 };
        let room = Value::Int(4096);
        let begin = vec![Value::Fd(3), Value::Later, room.clone()];
        steps.push(step(Event::Enter, "read", begin, 9));
        let end = vec![Value::Fd(3), Value::Bytes(bytes), room];
        let mut end = step(value(Value::Int(piece)), "read", end, 9);
        let mut moved = object.clone();
        if let Object::File { offset, .. } = &mut moved {
            *offset = piece.unsigned_abs();
        }
        end.changes = vec![Change::Descriptor(pid, 3, Box::new(plain(moved)))];
        steps.push(end);
    }
    steps.push(step(Event::Enter, "close", vec![Value::Fd(3)], 10));
    for (number, step) in (1..).zip(&mut steps) {
        step.number = number;
    }
    let mut recording = Recording::new("", vec![], steps);
    let folders = Vec::new();
    recording.normalise(&Surroundings { folders, ..MONDAY.surroundings() });
    recording
}

fn file(path: &str) -> Object {
    Object::File { path: path.into(), offset: 0 }
}

#[test]
fn the_machines_text_is_read_once() {
    let netlink = || Object::Socket(Socket { kind: "netlink".into(), ..Socket::default() });
    for object in [file("/proc/net/tcp"), file("/sys/class/net/lo/mtu"), netlink()] {
        let [one, other] = [&[10, 20, 30, 0][..], &[50, 0]].map(|it| reading(&object, it));
        assert_eq!(one, other);
        assert_eq!(difference(&one, &other), None);
        let shown: Vec<_> = one.steps.iter().map(|step| (step.number, answer(step))).collect();
        let more = "Some(More)".to_owned();
        let none = || "None".to_owned();
        assert_eq!(shown, [(1, "Some(Fd(3))".into()), (2, none()), (3, more), (4, none())]);
    }
}

fn answer(step: &Step) -> String {
    let value = match &step.event {
        Event::Return { answer: crate::call::Answer::Value(value), .. } => Some(value),
        _ => None,
    };
    format!("{value:?}")
}

#[test]
fn other_files_are_the_programs_own() {
    for path in ["/process", "/tmp/proc/x", "data"] {
        let recording = reading(&file(path), &[10, 0]);
        assert_eq!(recording.steps.len(), 6);
        assert_eq!(answer(&recording.steps[2]), "Some(Int(10))");
    }
}

#[test]
fn numbers_of_processes_are_renamed_in_structs_too() {
    let sent = |pid: i32| {
        let head = [&7_i32.to_le_bytes()[..], &pid.to_le_bytes()].concat();
        let bytes = Value::Bytes(Bytes { length: 8, head });
        let mut recording =
            Recording::new("", vec![], vec![step(Event::Enter, "write", vec![bytes], 3)]);
        recording.normalise(&MONDAY.surroundings());
        match recording.steps.remove(0).call.unwrap().args.remove(0) {
            Value::Bytes(bytes) => bytes.head,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(sent(MONDAY.child), [7, 0, 0, 0, 2, 0, 0, 0]);
    assert_eq!(sent(77_777), [[7, 0, 0, 0], 77_777_i32.to_le_bytes()].concat());
}

#[test]
fn terminals_are_numbered() {
    let path = Value::Text("/dev/pts/16".into());
    let other = Value::Text("/dev/pts/3".into());
    let calls = [path.clone(), other, path].map(|it| step(Event::Enter, "openat", vec![it], 1));
    let mut recording = Recording::new("", vec![], calls.into());
    recording.normalise(&Surroundings::default());
    let args = recording.steps.iter().map(|step| step.call.as_ref().unwrap().args[0].to_string());
    assert_eq!(args.collect::<Vec<_>>(), ["\"/dev/pts/#1\"", "\"/dev/pts/#2\"", "\"/dev/pts/#1\""]);
}
