//! A server in a process of its own, and its clients here.
//!
//! The serving process is forked before this one starts any thread, so that all executors can be
//! had in it. It binds, says where, serves until SIGTERM, whose handler calls `Stopper::stop`, and
//! says what became of its clients. What it holds afterwards that it did not hold before makes it
//! panic.

#![allow(dead_code, reason = "each test binary uses its part")]

mod net;
mod work;

use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use process::{Child, Exit};
use server::{Executor, Request, Server, Stopper, Transport};
use syscall::Deadline;
use testkit::cases::{next_of, pipe, tell};

#[allow(unused_imports, reason = "each test binary uses its part")]
pub(crate) use net::{Address, Bound, Client, Place, dgram, stream};
#[allow(unused_imports, reason = "each test binary uses its part")]
pub(crate) use work::{Gate, Script, answer, framed, straight};

/// How a case wants its server.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub(crate) struct Wish {
    pub(crate) at_once: Option<usize>,
    pub(crate) each: Option<Duration>,
    pub(crate) grace: Duration,
    /// Stopped before it serves.
    pub(crate) stopped: bool,
    /// Has a child of its own, which has ended.
    pub(crate) foreign: bool,
    /// The most descriptors it may have.
    pub(crate) files: Option<u64>,
    /// Those in the backlog are let in at a stop.
    pub(crate) last_call: bool,
    /// May leave a thread behind.
    pub(crate) untidy: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            at_once: None,
            each: None,
            grace: testkit::LIMIT,
            stopped: false,
            foreign: false,
            files: None,
            last_call: false,
            untidy: false,
        }
    }
}

/// What became of the clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) clients: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) panicked: u64,
    pub(crate) dropped: u64,
    pub(crate) peak: u64,
    pub(crate) pauses: u64,
}

static STOPPER: OnceLock<Stopper> = OnceLock::new();

extern "C" fn on_term(_: i32) {
    if let Some(stopper) = STOPPER.get() {
        let _ = stopper.stop();
    }
}

/// A process that serves.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    said: OwnedFd,
    heard: String,
    gate: OwnedFd,
    pub(crate) at: Address,
    _place: Place,
}

/// Starts a server. `bind` and `handler` run in its process.
pub(crate) fn start<T, E, H>(
    bind: impl FnOnce(&Place) -> (T, Address),
    executor: E,
    handler: impl FnOnce(Gate) -> H,
    wish: Wish,
) -> Running
where
    T: Transport<Request: Request>,
    E: Executor<T, H>,
{
    let place = Place::new();
    let (said, say) = pipe();
    let (gate, open) = pipe();
    let child = process::fork(|| {
        let serve = || {
            let (transport, at) = bind(&place);
            tell(&say, &at.to_string());
            let mut server = Server::new(transport, executor, handler(Gate::new(gate))).unwrap();
            server = server.grace(wish.grace);
            if let Some(clients) = wish.at_once {
                server = server.at_once(clients);
            }
            if wish.last_call {
                server = server.last_call();
            }
            if let Some(limit) = wish.each {
                server = server.time_for_each(limit);
            }
            let ends = std::sync::Arc::new(Mutex::new(0));
            let told = std::sync::Arc::clone(&ends);
            server = server.on_end(move |_, _| *told.lock().unwrap() += 1);
            STOPPER.set(server.stopper()).unwrap();
            let action =
                SigAction::new(SigHandler::Handler(on_term), SaFlags::empty(), SigSet::empty());
            // SAFETY: the handler makes one write(2) on a descriptor that is never closed.
            unsafe { sigaction(Signal::SIGTERM, &action) }.unwrap();
            if wish.stopped {
                server.stopper().stop().unwrap();
            }
            // It can be stopped from here on.
            tell(&say, " ready");
            if let Some(files) = wish.files {
                let limit = nix::sys::resource::Resource::RLIMIT_NOFILE;
                nix::sys::resource::setrlimit(limit, files, files).unwrap();
            }
            let served = server.serve().unwrap();
            assert_eq!(*ends.lock().unwrap(), served.clients, "each end is told once");
            served
        };
        let foreign = wish
            .foreign
            .then(|| std::process::Command::new("sh").args(["-c", "exit 3"]).spawn().unwrap());
        let before = testkit::leaks::Holdings::now();
        let s = serve();
        let leaked = before.leaked(&testkit::leaks::Holdings::now());
        // The stopper's eventfd is held by the static, and by nothing else.
        let over: Vec<&str> = leaked.lines().filter(|line| !line.contains("eventfd")).collect();
        assert!(wish.untidy || over.is_empty(), "{leaked}");
        assert!(wish.untidy || leaked.lines().count() == 1, "{leaked}");
        if let Some(mut foreign) = foreign {
            assert_eq!(foreign.wait().unwrap().code(), Some(3), "somebody else waited for it");
        }
        tell(
            &say,
            &format!(
                "{} {} {} {} {} {} {}",
                s.clients, s.done, s.failed, s.panicked, s.dropped, s.peak, s.pauses
            ),
        );
        0
    })
    .unwrap();
    drop(say);
    let mut text = String::new();
    // It may be faster, and have said everything by now.
    let (at, heard) = loop {
        let more = next_of(&said);
        assert!(!more.is_empty(), "it ended before it was ready: {text}");
        text.push_str(&more);
        if let Some((at, rest)) = text.split_once(" ready") {
            break (Address::parse(at), rest.to_owned());
        }
    };
    Running { child, said, heard, gate: open, at, _place: place }
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.child.pid().as_raw().cast_unsigned()
    }

    pub(crate) fn stop(&self) {
        self.child.terminate().unwrap();
    }

    /// Lets a handler go on that waits at the gate.
    pub(crate) fn open_gate(&self) {
        tell(&self.gate, "x");
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ended(mut self) -> Counts {
        let exit = self.child.join(Deadline::after(testkit::LIMIT / 3)).unwrap();
        let state = testkit::proc::report(self.pid());
        assert_eq!(exit, Some(Exit::Code(0)), "it did not end well\n{state}");
        self.counts()
    }

    /// What it has said before it ended.
    #[track_caller]
    pub(crate) fn counts(self) -> Counts {
        let mut text = self.heard;
        std::fs::File::from(self.said).read_to_string(&mut text).unwrap();
        let numbers: Vec<u64> = text.split(' ').map(|n| n.parse().unwrap()).collect();
        let [clients, done, failed, panicked, dropped, peak, pauses] = numbers[..] else {
            panic!("{text:?}");
        };
        assert_eq!(clients, done + failed + panicked + dropped);
        Counts { clients, done, failed, panicked, dropped, peak, pauses }
    }

    /// Stops it and waits for its end.
    #[track_caller]
    pub(crate) fn finish(self) -> Counts {
        self.stop();
        self.ended()
    }
}

/// True when there is nothing to read now.
pub(crate) fn is_silent(client: &impl std::os::fd::AsFd) -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    poll(&mut [PollFd::new(client.as_fd(), PollFlags::POLLIN)], PollTimeout::ZERO) == Ok(0)
}

/// Runs the same in many threads and joins each: a scope alone only waits for their closures.
pub(crate) fn side_by_side(count: usize, work: impl Fn(usize) + Sync) {
    std::thread::scope(|scope| {
        let work = &work;
        let all: Vec<_> = (0..count).map(|n| scope.spawn(move || work(n))).collect();
        for one in all {
            one.join().unwrap();
        }
    });
}
