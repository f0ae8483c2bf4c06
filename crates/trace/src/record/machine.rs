//! Forgets what the machine says of itself: bytes read below /proc and /sys, over netlink(7) and
//! from getrandom(2). They are others at every look, and so are how many there are and how often
//! somebody has to read until he has them all.

use crate::call::{Answer, Call, Value};
use crate::pid::Pid;
use crate::state::{Change, Descriptor, Object, Process, State};
use crate::step::{Event, Step};
use crate::task::Task;

/// Calls that hand over bytes; the descriptor is their first argument.
const TAKES: [&str; 6] = ["read", "pread64", "readv", "recvfrom", "recvmsg", "getdents64"];
/// Calls that send some: a request to netlink carries the time.
const GIVES: [&str; 3] = ["write", "sendto", "sendmsg"];

/// The steps of a recording, in order. Processes have their names already. Of several reads in a
/// row one is left, and the steps are numbered anew.
pub(super) fn forget(steps: &mut Vec<Step>) {
    let mut state = State::default();
    for step in steps.iter_mut() {
        step.changes.iter_mut().for_each(forget_offset);
        step.changes.retain(|change| is_news(change, &state));
        step.changes.iter().for_each(|change| state.apply(change));
        let Some(call) = &mut step.call else { continue };
        if call.name == "getrandom" {
            call.args.iter_mut().for_each(forget_random);
            continue;
        }
        let takes = TAKES.contains(&&*call.name);
        if !(takes || GIVES.contains(&&*call.name)) || !is_of_machine(call, step.task, &state) {
            continue;
        }
        call.args.iter_mut().for_each(forget_bytes);
        if let Event::Return { answer: Answer::Value(value), .. } = &mut step.event
            && takes
        {
            *value = Value::More;
        }
    }
    once(steps);
}

/// Leaves one of several reads in a row.
fn once(steps: &mut Vec<Step>) {
    let mut kept: Vec<Step> = Vec::with_capacity(steps.len());
    let mut dropped = 0;
    for mut step in steps.drain(..) {
        step.number = step.number.saturating_sub(dropped);
        kept.push(step);
        if let [.., a, b, c, d] = &kept[..]
            && is_same_read((a, b), (c, d))
        {
            let rest = kept.split_off(kept.len() - 2);
            let changes = rest.into_iter().flat_map(|step| step.changes);
            if let Some(last) = kept.last_mut() {
                last.changes.extend(changes);
            }
            dropped += 2;
        }
    }
    *steps = kept;
}

/// Whether two calls, begin and end, read on and on.
fn is_same_read(one: (&Step, &Step), other: (&Step, &Step)) -> bool {
    let same = |a: &Step, b: &Step| {
        let fd =
            |step: &Step| step.call.as_ref().map(|it| (it.name.clone(), it.args.first().cloned()));
        a.task == b.task && a.place == b.place && fd(a) == fd(b)
    };
    let read = |step: &Step| {
        step.output.is_none()
            && matches!(step.event, Event::Return { answer: Answer::Value(Value::More), .. })
    };
    let (a, b) = one;
    let (c, d) = other;
    a.event == Event::Enter
        && c.event == Event::Enter
        && read(b)
        && read(d)
        && same(a, b)
        && same(a, c)
        && same(a, d)
}

/// Whether a descriptor is not what it was.
fn is_news(change: &Change, state: &State) -> bool {
    let Change::Descriptor(pid, fd, now) = change else { return true };
    let process = state.processes.get(pid);
    process.is_none_or(|process| process.descriptors.get(fd) != Some(now))
}

fn is_of_machine(call: &Call, task: Task, state: &State) -> bool {
    let Some(Value::Fd(fd)) = call.args.first() else { return false };
    let process = state.processes.get(&Pid::Task(Task { thread: 1, ..task }));
    let descriptor = process.and_then(|process: &Process| process.descriptors.get(fd));
    descriptor.is_some_and(|descriptor| match &descriptor.object {
        Object::File { path, .. } => is_machines(path),
        Object::Socket(socket) => socket.kind.starts_with("netlink"),
        _ => false,
    })
}

fn is_machines(path: &str) -> bool {
    path.starts_with("/proc/") || path.starts_with("/sys/")
}

fn forget_offset(change: &mut Change) {
    let forget = |descriptor: &mut Descriptor| {
        if let Object::File { path, offset } = &mut descriptor.object
            && is_machines(path)
        {
            *offset = 0;
        }
    };
    match change {
        Change::Process(_, process) => process.descriptors.values_mut().for_each(forget),
        Change::Descriptor(_, _, descriptor) => forget(descriptor),
        _ => {}
    }
}

/// How many there are is the program's own.
fn forget_random(value: &mut Value) {
    if let Value::Bytes(bytes) = value {
        bytes.head.clear();
    }
}

fn forget_bytes(value: &mut Value) {
    match value {
        Value::Bytes(_) => *value = Value::More,
        Value::List(values) => values.iter_mut().for_each(forget_bytes),
        Value::Fields(fields) => fields.iter_mut().for_each(|(_, it)| forget_bytes(it)),
        _ => {}
    }
}
