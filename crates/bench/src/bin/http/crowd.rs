//! The closed loop: each of many connections that stay asks, and asks again as soon as it has its answer.
//! One thread, one epoll.

use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};

use cli::Outcome;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use syscall::{Context as _, retry};

use crate::socket::{Come, Room, Socket};
use crate::wire::Reading;

/// Until the end is looked for, when nothing comes.
const TICK: u16 = 100;
const BATCH: usize = 256;

/// What is asked for, of whom, and what must come.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) server: SocketAddr,
    pub(crate) request: Vec<u8>,
    pub(crate) length: u64,
}

impl Question {
    pub(crate) fn reading(&self) -> Reading {
        Reading::new(b"200", self.length)
    }
}

/// What has been answered so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) answers: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) over: AtomicBool,
}

/// Connections, and who waits for them.
#[derive(Debug)]
pub(crate) struct Crowd<'q> {
    question: &'q Question,
    epoll: Epoll,
    sockets: Vec<Socket>,
    room: Room,
}

impl<'q> Crowd<'q> {
    /// Connects all of them. Each gets its first answer before the next one comes, unless it is long.
    pub(crate) fn gather(question: &'q Question, connections: usize) -> Outcome<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).call("epoll_create1")?;
        let mut crowd = Self { question, epoll, sockets: Vec::new(), room: Room::new() };
        for number in 0..connections {
            let mut socket = Socket::connect(question.server, question.reading())?;
            if question.length < 1 << 20 {
                socket.ask(&question.request)?;
                socket.read_whole(&mut crowd.room)?;
            }
            let event = EpollEvent::new(EpollFlags::EPOLLIN, number as u64);
            crowd.epoll.add(&socket, event).call("epoll_ctl")?;
            crowd.sockets.push(socket);
        }
        Ok(crowd)
    }

    /// Asks until it is over.
    pub(crate) fn run(mut self, tally: &Tally) -> Outcome {
        let mut events = [EpollEvent::empty(); BATCH];
        for socket in &self.sockets {
            socket.ask(&self.question.request)?;
        }
        while !tally.over.load(Relaxed) {
            let n = retry(|| self.epoll.wait(&mut events, TICK)).call("epoll_wait")?;
            let (mut answers, mut bytes) = (0, 0);
            for event in &events[..n] {
                match self.turn(usize::try_from(event.data())?)? {
                    Come::Part(n) => bytes += n as u64,
                    Come::Whole(n) => {
                        bytes += n as u64;
                        answers += 1;
                    }
                    Come::Nothing | Come::End => {}
                }
            }
            tally.answers.fetch_add(answers, Relaxed);
            tally.bytes.fetch_add(bytes, Relaxed);
        }
        Ok(())
    }

    fn turn(&mut self, number: usize) -> Outcome<Come> {
        let Self { question, room, .. } = self;
        let socket = &mut self.sockets[number];
        let come = socket.read(room)?;
        match come {
            Come::Whole(_) => socket.ask(&question.request)?,
            Come::End => return Err("a connection that was to stay has ended".into()),
            Come::Part(_) | Come::Nothing => {}
        }
        Ok(come)
    }
}
