//! One suite for every server: it runs under the tracer, at full speed, while faults happen to its
//! calls; its clients run outside, and every byte that they are owed comes back.
//!
//! A test binary of its own, `tests/faults.rs`, holds the one line
//! `testkit::fault_suite!(env!("CARGO_BIN_EXE_day04-poll"), "server");`. With `--nocapture` each
//! test says how often its faults have come to pass.
//!
//! What no suite injects: EINTR into every single wait, because a wait that always fails is never
//! over; it is every second one.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is a failed test")]

mod clients;
mod traced;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use trace::Error;

use crate::need::say_skipped;
use crate::program::Program;
use crate::skip;
use clients::CLIENTS;
pub use clients::Talk;
pub use trace::{Act, Fault, Fd};
use traced::{Outcome, Traced};

/// Makes the tests of one server role, for what it is:
///
/// - nothing more: an echo server that is told by level;
/// - `epoll`: the same, on epoll;
/// - `edge`: on epoll, told by edge;
/// - `log`: appends lines to a file, by level, with clients that block;
/// - `web`: serves one blocking client after the other.
#[macro_export]
macro_rules! fault_suite {
    ($program:expr, $role:expr) => {
        $crate::fault_suite!(@tests $program, $role, Echo;
            interrupted_waits, short_reads, short_writes, no_descriptor_left, aborted_connections,
            reads_that_find_nothing, writes_without_room, accepts_that_find_nothing, all_at_once);
    };
    ($program:expr, $role:expr, epoll) => {
        $crate::fault_suite!($program, $role);
        $crate::fault_suite!(@tests $program, $role, Echo; no_memory_to_watch);
    };
    // An edge is told once, so EAGAIN must be believed: the kernel never says it while there is
    // something, and a server that waits for the next edge then is right.
    ($program:expr, $role:expr, edge) => {
        $crate::fault_suite!(@tests $program, $role, Echo;
            interrupted_waits, short_reads, short_writes, no_descriptor_left, aborted_connections,
            no_memory_to_watch);
    };
    // Its clients block: EAGAIN cannot happen to them, EINTR can.
    ($program:expr, $role:expr, log) => {
        $crate::fault_suite!(@tests $program, $role, Lines;
            interrupted_waits, short_reads, short_writes, no_descriptor_left, aborted_connections,
            accepts_that_find_nothing, interrupted_reads, interrupted_writes);
    };
    // It waits in accept and read, and in poll only when an answer does not fit.
    ($program:expr, $role:expr, web) => {
        $crate::fault_suite!(@tests $program, $role, Web;
            short_reads, short_writes, no_descriptor_left, aborted_connections,
            interrupted_reads, interrupted_accepts, writes_without_room_and_interrupted_waits);
    };
    (@tests $program:expr, $role:expr, $talk:ident; $($case:ident),+) => {
        $(#[test] fn $case() {
            $crate::faults::$case(&$crate::faults::Server {
                program: $program.into(),
                root: env!("CARGO_MANIFEST_DIR"),
                role: $role,
                talk: $crate::faults::Talk::$talk,
            });
        })+
    };
}

/// A server, and how clients talk to it.
#[derive(Clone, Debug)]
pub struct Server {
    /// The path of the program.
    pub program: PathBuf,
    /// The folder of its source: faults happen to calls that come from there.
    pub root: &'static str,
    /// The role; the address is its argument.
    pub role: &'static str,
    /// What its clients do.
    pub talk: Talk,
}

const SOCKET: Fd = Fd::Kind("socket:");

fn fails(call: &'static str, errno: i32) -> Fault {
    Fault::on(&[call], Act::Error(errno))
}

fn short(call: &'static str, length: u64) -> Fault {
    Fault::on(&[call], Act::Short(length)).fd(SOCKET).every(1)
}

/// EINTR at every second wait; the short reads are there for more waits.
pub fn interrupted_waits(server: &Server) {
    survive(server, vec![short("@read", 30), fails("@wait", libc::EINTR).every(2)]);
}

/// One byte a read, and seven.
pub fn short_reads(server: &Server) {
    survive(server, vec![short("@read", 1)]);
    survive(server, vec![short("@read", 7)]);
}

/// One byte a write, and seven.
pub fn short_writes(server: &Server) {
    survive(server, vec![short("@write", 1)]);
    survive(server, vec![short("@write", 7)]);
}

/// EAGAIN at every second read of a socket that has been reported as readable.
pub fn reads_that_find_nothing(server: &Server) {
    survive(server, vec![fails("@read", libc::EAGAIN).fd(SOCKET).every(2)]);
}

/// EAGAIN at every second write.
pub fn writes_without_room(server: &Server) {
    survive(server, vec![fails("@write", libc::EAGAIN).fd(SOCKET).every(2)]);
}

/// EAGAIN at every second accept.
pub fn accepts_that_find_nothing(server: &Server) {
    survive(server, vec![fails("@accept", libc::EAGAIN).every(2)]);
}

/// EMFILE: the connection stays in the queue.
pub fn no_descriptor_left(server: &Server) {
    survive(server, vec![fails("@accept", libc::EMFILE).every(3).times(5)]);
}

/// ECONNABORTED concerns one connection only.
pub fn aborted_connections(server: &Server) {
    survive(server, vec![fails("@accept", libc::ECONNABORTED).every(2)]);
}

/// EINTR at every second read that may sleep.
pub fn interrupted_reads(server: &Server) {
    survive(server, vec![fails("@read", libc::EINTR).fd(SOCKET).every(2)]);
}

/// EINTR at every second write that may sleep.
pub fn interrupted_writes(server: &Server) {
    survive(server, vec![fails("@write", libc::EINTR).fd(SOCKET).every(2)]);
}

/// EINTR at every second accept that may sleep.
pub fn interrupted_accepts(server: &Server) {
    survive(server, vec![fails("@accept", libc::EINTR).every(2)]);
}

/// EAGAIN at every second write, and the wait for room is interrupted as well.
pub fn writes_without_room_and_interrupted_waits(server: &Server) {
    survive(
        server,
        vec![
            fails("@write", libc::EAGAIN).fd(SOCKET).every(2),
            fails("@wait", libc::EINTR).every(2),
        ],
    );
}

/// ENOMEM for some of those that are to be watched. The first three are the server's own: its
/// listener, and what else it watches.
pub fn no_memory_to_watch(server: &Server) {
    survive(server, vec![fails("epoll_ctl", libc::ENOMEM).nth(4).every(4).times(4)]);
}

/// Several kinds in one run.
pub fn all_at_once(server: &Server) {
    survive(
        server,
        vec![
            fails("@wait", libc::EINTR).every(3),
            fails("@accept", libc::ECONNABORTED).every(5),
            fails("@accept", libc::EMFILE).nth(7).times(1),
            fails("@read", libc::EAGAIN).fd(SOCKET).every(3),
            fails("@write", libc::EAGAIN).fd(SOCKET).every(3),
            short("@read", 7),
            short("@write", 7),
        ],
    );
}

/// Runs the server with these faults until all clients have what they want.
fn survive(server: &Server, faults: Vec<Fault>) {
    let scene = clients::Scene::new(server.talk);
    let expected = scene.expected(|| Program::new(&server.program).args(scene.args(server.role)));
    let play = |address| scene.play(address, &expected);
    run(server, scene.args(server.role), faults, play);
}

/// For a server of another kind: runs it with these arguments and faults while `play`, in the
/// caller's thread, is its clients. It fails when `play` gives a sentence instead of how many
/// clients were turned away, when the server does not live on, and when a fault never came to pass.
pub fn survives(
    server: &Server,
    args: &[&str],
    faults: Vec<Fault>,
    play: impl FnOnce(SocketAddr) -> Result<u32, String>,
) {
    run(server, args.iter().map(ToString::to_string).collect(), faults, play);
}

fn run(
    server: &Server,
    args: Vec<String>,
    faults: Vec<Fault>,
    play: impl FnOnce(SocketAddr) -> Result<u32, String>,
) {
    let traced = match Traced::start(server, args, faults) {
        Err(error @ Error::Denied(_)) => skip!("{error}"),
        traced => traced.unwrap(),
    };
    let answers = play(traced.address());
    let (turned_away, outcome) = match answers {
        Ok(turned_away) => (turned_away, traced.stop()),
        // Its end, or where it was when the time was over, tells why.
        Err(error) => panic!("{error}\n{}", traced.wait()),
    };
    assert!(outcome.serves(), "it serves no longer\n{outcome}");
    // Who cannot be watched is the only one who may be turned away.
    let refusals = outcome.faults.iter().filter(|(fault, _)| fault.starts_with("epoll_ctl"));
    let refused: u32 = refusals.map(|(_, fired)| fired).sum();
    assert_eq!(turned_away, refused, "clients were turned away\n{outcome}");
    tell(server, &outcome, CLIENTS, turned_away);
}

/// For a program that ends by itself, such as a client: runs it with these arguments and faults, and
/// gives its exit status and what it has said. It fails when the program ends in another way, and
/// when a fault never came to pass.
///
/// `None`, after a word about it: this machine allows no tracing.
pub fn ends(client: &Server, args: &[&str], faults: Vec<Fault>) -> Option<(i32, String)> {
    let outcome = match traced::run(client, args.iter().map(ToString::to_string).collect(), faults)
    {
        Err(error @ Error::Denied(_)) => {
            say_skipped(&error.to_string());
            return None;
        }
        outcome => outcome.unwrap(),
    };
    tell(client, &outcome, 1, 0);
    let status = outcome.status().unwrap_or_else(|outcome| panic!("{outcome}"));
    Some((status, outcome.said().to_owned()))
}

/// A line for each fault, all of which must have happened.
fn tell(server: &Server, outcome: &Outcome, clients: u32, turned_away: u32) {
    let file = server.program.file_name().unwrap_or_default().display();
    for (fault, fired) in &outcome.faults {
        assert!(*fired > 0, "a fault never came to pass\n{outcome}");
        let role = server.role;
        let line = format!("| {file} {role} | {fault} | {fired} | {clients} | {turned_away} |");
        // Not captured, like a skip: without a reader nobody misses it.
        let _ = writeln!(io::stdout(), "{line}");
    }
}
