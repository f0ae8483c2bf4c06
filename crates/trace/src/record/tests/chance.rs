//! Recordings by chance: the same seed gives the same run, with the numbers of any world.

use std::time::Duration;

use super::run::{plain, step};
use super::world::{TASKS, World};
use crate::call::{Address, Answer, Bytes, Value};
use crate::pid::Pid;
use crate::record::Recording;
use crate::state::{Backlog, Change, Object, Process, Socket, Status};
use crate::step::{Birth, Effect, End, Event, Output, Stream};
use crate::task::Task;

/// xorshift64*: enough for tests.
pub(super) struct Chance<'a>(u64, &'a World);

impl<'a> Chance<'a> {
    pub(super) fn new(seed: u64, world: &'a World) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, world)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn either<T>(&mut self, one: T, other: T) -> T {
        if self.below(2) == 0 { one } else { other }
    }

    fn pid(&mut self) -> Pid {
        self.pick(&self.1.pids).into()
    }

    fn text(&mut self) -> String {
        (0..self.below(4)).map(|_| self.piece()).collect()
    }

    fn piece(&mut self) -> String {
        let world = self.1;
        match self.below(9) {
            0 => format!("pid {} ", self.pick(&world.pids[1..])),
            1 => format!("127.0.0.1:{}\n", self.pick(&world.ports)),
            2 => format!("/tmp/.tmp{}/", self.pick(&world.randoms)),
            3 => format!("pipe:[{}]", self.pick(&world.inodes)),
            4 => format!(" {}/src/main.rs ", world.root),
            5 => format!("{} ", self.below(900)),
            6 => "再见\\ ".into(),
            7 => format!("-{};", self.pick(&world.pids[1..])),
            _ => "\u{1}\" ".into(),
        }
    }

    fn address(&mut self) -> Address {
        let port = self.pick(&self.1.ports);
        match self.below(6) {
            0 => Address::V4(format!("127.0.0.1:{port}").parse().unwrap()),
            1 => Address::V6(format!("[fe80::1%3]:{port}").parse().unwrap()),
            2 => Address::V4("10.0.0.1:80".parse().unwrap()),
            3 => Address::Path(self.text()),
            4 => Address::Abstract(self.text()),
            _ => self.either(Address::Unnamed, Address::Family(40)),
        }
    }

    fn value(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 10 } else { 12 }) {
            0 => Value::Int(-1),
            1 => Value::Name("SOCK_STREAM".into()),
            2 => Value::Fd(3),
            3 => Value::Pid(self.pid()),
            4 => self.either(Value::Null, Value::Later),
            5 => Value::Address(self.address()),
            6 => Value::Time(Some(Duration::from_nanos(self.below(4_000_000_000)))),
            7 => Value::Time(None),
            8 => Value::Text(self.text()),
            9 => {
                // Short enough to be whole in every world.
                let head = self.piece().into_bytes();
                let length = head.len() as u64;
                Value::Bytes(Bytes { head, length })
            }
            10 => Value::List((0..self.below(3)).map(|_| self.value(depth - 1)).collect()),
            _ => Value::Fields(vec![("a".into(), self.value(depth - 1))]),
        }
    }

    fn object(&mut self) -> Object {
        let inode = self.pick(&self.1.inodes);
        match self.below(10) {
            0 => Object::File { path: self.text(), offset: self.below(100) },
            1 => Object::Pipe { inode, path: None, writes: true, queued: Some(0), capacity: None },
            2 => Object::Epoll { watches: [(3, 1), (4, 5)].into() },
            3 => Object::Event { count: u64::MAX },
            4 => Object::Signals { mask: 1 << 63 },
            5 => Object::Queue { name: self.text(), queued: Some(1), capacity: None },
            6 => Object::Process { pid: Some(self.pid()) },
            7 => self.either(Object::Timer, Object::Terminal),
            8 => Object::Other(self.text()),
            _ => Object::Socket(Socket {
                kind: "tcp".into(),
                local: Some(self.address()),
                peer: Some(self.address()),
                backlog: Some(Backlog { waiting: 1, limit: None }),
                readable: Some(5),
                ..Socket::default()
            }),
        }
    }

    fn change(&mut self, pid: i32) -> Change {
        let pid = pid.into();
        match self.below(7) {
            0 => Change::Status(pid, self.pick(&[Status::Asleep, Status::Zombie])),
            1 => Change::Parent(pid, self.pid()),
            2 => Change::Name(pid, self.text()),
            3 => Change::Closed(pid, 3),
            4 => Change::Signals(pid, [1, 2, 3, 1 << 63]),
            5 => Change::Descriptor(pid, 4, Box::new(plain(self.object()))),
            _ => {
                let descriptors = (0..3).map(|fd| (fd, plain(self.object()))).collect();
                let (name, parent, status) = (self.text(), self.pid(), Status::Ready);
                let (blocked, pending, ignored, caught) = (0, 1, 0, 0);
                Change::Process(
                    pid,
                    Box::new(Process {
                        name,
                        parent,
                        status,
                        descriptors,
                        blocked,
                        pending,
                        ignored,
                        caught,
                    }),
                )
            }
        }
    }

    fn event(&mut self) -> Event {
        let answer = match self.below(3) {
            0 => Answer::Value(self.value(1)),
            1 => Answer::Error(111),
            _ => Answer::Interrupted,
        };
        match self.below(9) {
            0 => Event::Blocked,
            1 | 2 => Event::Return { answer, fault: Some("short".into()) },
            3 => Event::Signal { signal: 17, sender: Some(self.pid()), effect: Effect::Handled },
            4 => Event::Born { parent: Task::FIRST, how: Birth::Thread },
            5 => Event::Exec { path: self.text() },
            6 => Event::Ended(self.pick(&[End::Thread, End::Code(3), End::Signal(9)])),
            7 => {
                let sleeper = step(Event::Enter, "read", vec![self.value(2)], 3);
                Event::Stuck(vec![(Task::FIRST, sleeper.call, sleeper.place)])
            }
            _ => Event::Enter,
        }
    }

    pub(super) fn recording(&mut self) -> Recording {
        let steps = (1..12).map(|number| {
            let args = (0..3).map(|_| self.value(2)).collect();
            let name = self.pick(&["bind", "read", "write", ""]);
            let event = self.event();
            let mut step = step(event, name, args, number % 4);
            step.number = number;
            step.task = self.pick(&TASKS);
            if self.below(3) == 0 {
                step.output = Some(Output { stream: Stream::Err, text: self.text() });
            }
            // One process after the other, in the order of a map.
            let tasks = [1, 2, 4].map(|index| self.1.pids[index]);
            let mut changes: Vec<_> =
                tasks.into_iter().map(|pid| (pid, self.change(pid))).collect();
            changes.sort_by_key(|(pid, _)| *pid);
            step.changes = changes.into_iter().map(|(_, change)| change).collect();
            step
        });
        let mut steps: Vec<_> = steps.collect();
        // The kernel has chosen all ports before anybody asks for one again.
        let ports = self.1.ports.map(|port| format!("127.0.0.1:{port}").parse().unwrap());
        let ports = ports.map(|address| Value::Address(Address::V4(address)));
        steps.insert(0, step(Event::Enter, "getsockname", ports.into(), 1));
        Recording::new(self.text(), vec!["--demo".into()], steps)
    }
}
