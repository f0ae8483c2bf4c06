//! TFTP on UDP: one loop for all transfers of a worker.
//!
//! A worker is a thread with a listening socket of its own. They share the port by SO_REUSEPORT: the
//! kernel deals requests out by their source, so that a repeated request comes to where its transfer
//! is, and workers have nothing to tell each other.
//!
//! ```text
//!  request ─► listener ─► admit ─► transfer, with a socket (its TID) and a file of its own
//!  packets ───────────────────────►   │  ▲
//!  the clock ─► alarms ──────────────►┘  └─ files, read ahead and written behind
//! ```
//!
//! - `listener.rs`: where requests come in, and at which of our addresses;
//! - `admit.rs`: what becomes of a request;
//! - `transfer.rs`: a transfer's turn; `table.rs`: all of them, and who gives way; `alarms.rs`: time;
//! - `worker.rs`: the loop; `door.rs`: who is let in; `upload.rs`: a refusal of the store as an ERROR.
//!
//! A transfer's socket is not connected, because a stranger's packet must be answered (RFC 1350
//! section 4), which the kernel would not do.

mod admit;
mod alarms;
mod door;
mod listener;
mod table;
mod transfer;
mod upload;
mod worker;

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use server::Stopper;
use socket2::SockRef;
use sockets::udp::Bind;
use syscall::{Context as _, Errno, Error, Result};

use crate::store::Store;
use crate::tftp::packet::Direction;
use crate::tftp::{End, Timing, options};
use worker::Worker;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is agreed to, for one transfer.
    pub limits: options::Limits,
    /// When packets are repeated, and when peers are given up.
    pub timing: Timing,
    /// Transfers of a worker at once, and of one peer's address among them. Beyond that, one whose
    /// peer has never answered gives way to a new one.
    pub transfers: usize,
    /// See `transfers`.
    pub of_one_peer: usize,
    /// Bytes of windows of a worker, in all; when they become scarce, windows become smaller.
    pub memory: usize,
    /// At the end, how long to go on with what has begun.
    pub grace: Duration,
}

impl Default for Options {
    /// A thousand transfers in 64 MiB, all of one peer if he wants.
    fn default() -> Self {
        Self {
            limits: options::Limits::default(),
            timing: Timing::default(),
            transfers: 1000,
            of_one_peer: 1000,
            memory: 64 << 20,
            grace: Duration::from_secs(10),
        }
    }
}

/// A transfer that is over, or a request that did not become one.
#[derive(Debug)]
pub struct Report<'a> {
    /// Who.
    pub peer: SocketAddr,
    /// What; `None` when it was no request at all.
    pub wanted: Option<Wanted<'a>>,
    /// Bytes of the file that have crossed the wire, each once.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub end: &'a End,
}

/// What a peer asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Read or written.
    pub direction: Direction,
    /// As the peer said it; not fit for a terminal.
    pub name: &'a [u8],
}

/// Listening sockets for so many workers. Nobody else may have the port, not even another server of
/// the same user, which SO_REUSEPORT alone would let share it.
///
/// # Errors
/// EADDRINUSE, EACCES, EADDRNOTAVAIL, EMFILE.
pub fn listen(address: SocketAddr, workers: usize) -> Result<Vec<UdpSocket>> {
    let bind = Bind::new().nonblocking(true);
    // The first is bound without the option, which fails when anybody is there, and gets it then.
    let mut listeners = vec![bind.on(address)?];
    // Port 0 is a certain one by now.
    let address = listeners[0].local_addr().call("getsockname")?;
    SockRef::from(&listeners[0]).set_reuse_port(workers > 1).call("setsockopt")?;
    let bind = bind.reuse_port(true);
    for _ in 1..workers {
        listeners.push(bind.on(address)?);
    }
    Ok(listeners)
}

/// Serves until `stop`, and then until what has begun is done or the grace is over. One worker for
/// each listener; `told` hears of every transfer and every refused request, from all of them.
///
/// # Errors
/// EMFILE, ENFILE, ENOMEM before it begins; nothing that a peer or the network can cause.
pub fn serve(
    listeners: Vec<UdpSocket>,
    store: &Store,
    options: &Options,
    stop: &Stopper,
    told: &(dyn Fn(&Report<'_>) + Sync),
) -> Result<()> {
    let workers = listeners.into_iter().map(|listener| Worker::new(listener, store, options, stop));
    let workers = workers.collect::<Result<Vec<_>>>()?;
    std::thread::scope(|scope| {
        let threads: Vec<_> = workers
            .into_iter()
            .enumerate()
            .map(|(at, worker)| {
                let thread = std::thread::Builder::new().name(format!("tftp-{at}"));
                thread.spawn_scoped(scope, move || worker.work(told))
            })
            .collect();
        let mut result = Ok(());
        for thread in threads {
            // EAGAIN: no thread; those that there are serve alone. A panic is passed on.
            let ended = match thread.call("clone") {
                Ok(thread) => thread.join().unwrap_or(Err(Error::new("join", Errno::EIO))),
                Err(error) => Err(error),
            };
            result = result.and(ended);
        }
        result
    })
}

/// The loopback address in place of the unspecified one: where a socket that hears everywhere can
/// certainly be reached from this machine.
#[must_use]
pub fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip([127, 0, 0, 1].into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip([0, 0, 0, 0, 0, 0, 0, 1].into()),
        _ => {}
    }
    address
}
