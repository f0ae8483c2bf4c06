//! Those in the backlog when a server is stopped: their connections are open, as they see it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::{Read as _, Write as _};

use common::{Bound as _, Client, Gate, Script, Wish, start, stream};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use server::{Executor, Fork, Iterative, Multiplexed, Pool, Sessions, Tcp, Thread};
use testkit::{proc, until};

testkit::cases!(by_the_iterative_one, by_fork, by_thread, by_pool, by_loop);

const MANY: usize = 6;

fn by_the_iterative_one() {
    all_are_served(Iterative);
}

fn by_fork() {
    all_are_served(Fork);
}

fn by_thread() {
    all_are_served(Thread);
}

fn by_pool() {
    all_are_served(Pool::of(MANY));
}

fn by_loop() {
    all_are_served(Multiplexed);
}

type Scripts = Sessions<Box<dyn Fn() -> Script + Send + Sync>>;

fn scripts(gate: Gate) -> Scripts {
    Sessions(Box::new(move || Script(gate.clone())))
}

fn all_are_served(executor: impl Executor<Tcp, Scripts>) {
    let wish = Wish { last_call: true, ..Wish::default() };
    let server = start(Tcp::bound, executor, scripts, wish);
    let pid = Pid::from_raw(server.pid().cast_signed());
    // It does not run while they come; so it is told of them and of the stop at once.
    until("it waits", || proc::asleep_in(server.pid(), server.pid()));
    kill(pid, Signal::SIGSTOP).unwrap();
    until("it has stopped", || (proc::stat(server.pid())?.state == 'T').then_some(()));
    let mut clients: Vec<Client> = (0..MANY).map(|_| stream(&server.at).unwrap()).collect();
    for client in &mut clients {
        client.write_all(b"hello").unwrap();
    }
    server.stop();
    kill(pid, Signal::SIGCONT).unwrap();
    for mut client in clients {
        let mut heard = [0; 5];
        client.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"hello");
        client.leave();
    }
    let counts = server.ended();
    assert_eq!((counts.clients, counts.done), (MANY as u64, MANY as u64));
}
