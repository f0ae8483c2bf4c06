//! A run of a small demo as the engine would tell it, with the numbers of one day or another.

use std::collections::BTreeMap;

use crate::call::{Address, Answer, Bytes, Call, Class, Value};
use crate::pid::Pid;
use crate::record::{Recording, Surroundings};
use crate::state::{Change, Descriptor, Object, Process, Socket, Status};
use crate::step::{Birth, Effect, End, Event, Location, Output, Place, Step, Stream};
use crate::task::Task;

/// What is different in every run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) tracer: i32,
    pub(super) parent: i32,
    pub(super) child: i32,
    pub(super) port: u16,
    pub(super) client: u16,
    pub(super) inode: u64,
    pub(super) random: &'static str,
    pub(super) root: &'static str,
}

pub(super) const MONDAY: Day = Day {
    tracer: 4100,
    parent: 4101,
    child: 4107,
    port: 40_001,
    client: 51_234,
    inode: 7_795_821,
    random: "k3mRwd",
    root: "/home/ann/nine-days",
};

/// The numbers have wrapped, and have another length.
pub(super) const TUESDAY: Day = Day {
    tracer: 4_194_301,
    parent: 4_194_302,
    child: 312_345,
    port: 33_999,
    client: 33_998,
    inode: 123_456,
    random: "Zz09aA",
    root: "/work",
};

pub(super) const CHILD: Task = Task { process: 2, thread: 1 };

impl Day {
    pub(super) fn surroundings(&self) -> Surroundings {
        let tasks = [(self.parent, Task::FIRST), (self.child, CHILD)].into();
        let folders = vec![(self.root.into(), ".".into())];
        Surroundings { tasks, folders }
    }

    fn process(&self, parent: i32) -> Process {
        let pipe = Object::Pipe {
            inode: self.inode,
            path: None,
            writes: true,
            queued: Some(0),
            capacity: Some(65_536),
        };
        let listener = Socket {
            kind: "tcp".into(),
            local: Some(address(self.port)),
            state: Some("LISTEN".into()),
            ..Socket::default()
        };
        Process {
            name: "demo".into(),
            parent: parent.into(),
            status: Status::Ready,
            descriptors: [(1, plain(pipe)), (3, plain(Object::Socket(listener)))].into(),
            blocked: 0,
            pending: 0,
            ignored: 1 << 12,
            caught: 0,
        }
    }

    /// bind, getsockname, a line of output, a fork, an accept, a write that names a process, a
    /// signal, an end.
    pub(super) fn recording(&self) -> Recording {
        let any = Value::Address(address(0));
        let chosen = Value::Address(address(self.port));
        let peer = Value::Address(address(self.client));
        let text = format!("child {} of {}\n", self.child, self.parent);
        let length = i64::try_from(text.len()).unwrap();
        let bytes = Bytes { head: text.as_bytes().into(), length: text.len() as u64 };
        let written = [Value::Fd(4), Value::Bytes(bytes), Value::Int(length)];
        let path = format!("/tmp/.tmp{}/log-{}", self.random, self.child);
        let mut order = vec![
            Change::Process(self.parent.into(), Box::new(self.process(self.tracer))),
            Change::Process(self.child.into(), Box::new(self.process(self.parent))),
        ];
        // As a map would give them.
        order.sort_by_key(|change| matches!(change, Change::Process(pid, _) if *pid == Pid::Number(self.parent.max(self.child))));
        let said = format!("listening on 127.0.0.1:{}, pid {}\n", self.port, self.parent);
        let mut steps = vec![
            step(Event::Enter, "bind", vec![Value::Fd(3), any, Value::Int(16)], 12),
            step(value(Value::Int(0)), "getsockname", vec![Value::Fd(3), chosen], 13),
            step(value(Value::Int(0)), "write", vec![], 14),
            step(value(Value::Pid(self.child.into())), "fork", vec![], 20),
            step(value(Value::Fd(4)), "accept4", vec![Value::Fd(3), peer], 22),
            step(value(Value::Int(length)), "write", written.into(), 23),
            step(value(Value::Fd(5)), "openat", vec![Value::Text(path)], 24),
        ];
        steps[2].output = Some(Output { stream: Stream::Out, text: said });
        steps[3].changes = order;
        let task = CHILD;
        let born = Event::Born { parent: Task::FIRST, how: Birth::Fork };
        steps.push(Step { task, ..step(born, "", vec![], 0) });
        let path = format!("{}/target/debug/demo", self.root);
        steps.push(Step { task, ..step(Event::Exec { path }, "", vec![], 0) });
        steps.push(Step { task, ..step(Event::Ended(End::Code(3)), "", vec![], 0) });
        let (signal, sender, effect) = (17, Some(self.child.into()), Effect::Ignored);
        steps.push(step(Event::Signal { signal, sender, effect }, "", vec![], 0));
        for (number, step) in (1..).zip(&mut steps) {
            step.number = number;
        }
        let program = format!("{}/target/debug/demo", self.root);
        Recording::new(program, vec!["--port".into(), "0".into()], steps)
    }
}

pub(super) fn address(port: u16) -> Address {
    Address::V4(format!("127.0.0.1:{port}").parse().unwrap())
}

pub(super) fn plain(object: Object) -> Descriptor {
    Descriptor { object, nonblocking: false, close_on_exec: false, locks: Vec::new() }
}

pub(super) fn value(value: Value) -> Event {
    Event::Return { answer: Answer::Value(value), fault: None }
}

/// Without a call if it has no name, and nowhere in line 0.
pub(super) fn step(event: Event, name: &'static str, args: Vec<Value>, line: u32) -> Step {
    let (file, function) = ("src/main.rs".into(), "demo::main".into());
    let stack = if line == 0 { vec![] } else { vec![Location { file, line, function }] };
    let call = Call { name: name.into(), class: Class::Socket, args };
    Step {
        number: 0,
        task: Task::FIRST,
        event,
        call: (!name.is_empty()).then_some(call),
        place: Place { stack, api: None, libc: None },
        output: None,
        changes: Vec::new(),
    }
}

/// Three lines would do; here every line says which one it is.
pub(super) fn sources() -> BTreeMap<String, Vec<String>> {
    let lines = (1..=30).map(|line| format!("    line {line};")).collect();
    [("src/main.rs".into(), lines)].into()
}
