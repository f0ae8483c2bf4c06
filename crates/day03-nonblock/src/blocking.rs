//! Waiting is not working: what a blocked thread costs, and what one that computes.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cli::Outcome;
use nix::libc;
use sockets::tcp;

use crate::accept::next_client;
use crate::task::Task;

const WHILE: Duration = Duration::from_millis(300);

/// poll(2) is a system call of its own on x86; elsewhere libc makes it out of ppoll(2).
#[cfg(target_arch = "x86_64")]
const POLL: i64 = libc::SYS_poll;
#[cfg(not(target_arch = "x86_64"))]
const POLL: i64 = libc::SYS_ppoll;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();

    // Blocking is the default, and it is not slow: the kernel takes the thread off the processor
    // until there is a client. The price is another one: it can wait for one thing only.
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let waiter = Task::start(move || listener.accept().map(drop))?;
    waiter.until_asleep_in(libc::SYS_accept4)?;
    let (state, cost) = waiter.watch(WHILE)?;
    writeln!(out, "blocked in accept: state {state}, {cost} ms of processor time in 300 ms")?;
    TcpStream::connect(address)?;
    waiter.join()??;
    writeln!(out, "a client has come: accept has returned")?;

    // The same on a non-blocking listener, where the waiting is a call of its own.
    let listener = tcp::Listen::new().nonblocking(true).on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let waiter = Task::start(move || next_client(&listener).map(drop))?;
    waiter.until_asleep_in(POLL)?;
    let (state, cost) = waiter.watch(WHILE)?;
    writeln!(out, "not now, so poll: state {state}, {cost} ms of processor time in 300 ms")?;
    TcpStream::connect(address)?;
    waiter.join()??;

    // IO-bound and CPU-bound say where the time goes and not how much of it there is.
    let stop = Arc::new(AtomicBool::new(false));
    let until = Arc::clone(&stop);
    let counter = Task::start(move || while !until.load(Ordering::Relaxed) {})?;
    let (state, cost) = counter.watch(WHILE)?;
    stop.store(true, Ordering::Relaxed);
    counter.join()?;
    writeln!(out, "computing: state {state}, more than 0 ms of processor time: {}", cost > 0)?;
    Ok(())
}
