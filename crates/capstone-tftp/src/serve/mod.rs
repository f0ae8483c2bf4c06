//! One program for both protocols: `capstone-tftp serve DIR`.
//!
//! - `places.rs`: where to listen;
//! - `log.rs`: what is told of clients.
//!
//! ```text
//!                    keeper: signals, children
//!                     │ fork              │ fork
//!                     ▼                   ▼
//!  TCP ─► one of five models      UDP ─► a thread for each processor
//!                     └────► Store ◄──────┘
//! ```

mod log;
mod places;

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::time::Duration;

use cli::Outcome;
use server::Stopper;
use service::{Keeper, Level, ready};

pub use crate::server::tcp::Model;
use crate::server::{tcp, udp};
use crate::store::{Rules, Store};
use places::Places;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to speak the course's protocol.
    pub tcp: Option<SocketAddr>,
    /// Where to speak the real TFTP.
    pub udp: Option<SocketAddr>,
    /// Who serves the clients of TCP.
    pub model: Model,
    /// How many threads serve those of UDP.
    pub workers: usize,
    /// What may be uploaded.
    pub rules: Rules,
    /// The most clients of TCP at once; `None`: the model's own number.
    pub clients: Option<usize>,
    /// The most transfers by UDP at once.
    pub transfers: usize,
    /// How long a client of TCP may take to get ahead.
    pub idle: Duration,
    /// What is told on standard error.
    pub log: Level,
    /// At the end, how long transfers that are under way may go on.
    pub grace: Duration,
}

/// Serves the files of a folder until SIGINT or SIGTERM. Prints `listening on tcp ADDR` and
/// `listening on udp ADDR` when it can be reached.
///
/// # Errors
/// There is no such folder, an address is taken or none of ours; nothing that clients can cause.
pub fn run(folder: &Path, options: &Options) -> Outcome {
    let places = Places::handed_over()?;
    // Before anything listens: a mistake in the name is no server at all.
    let store = Store::open(folder, options.rules);
    let store = store.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut places = places.open(options.tcp, options.udp, options.workers)?;
    let tcp = places.tcp.as_ref().map(TcpListener::local_addr).transpose()?;
    let udp = places.udp.first().map(UdpSocket::local_addr).transpose()?;

    let mut keeper = Keeper::new("capstone-tftp", options.log, options.grace)?;
    // Each child closes what belongs to the other: nobody keeps a port whose server has gone.
    if tcp.is_some() {
        keeper.start("tcp", |stopper| {
            let Places { tcp, udp } = std::mem::take(&mut places);
            drop(udp);
            tcp.map_or(Ok(()), |listener| serve_tcp(listener, store.clone(), options, stopper))
        })?;
    }
    if udp.is_some() {
        keeper.start("udp", |stopper| {
            let Places { tcp, udp } = std::mem::take(&mut places);
            drop(tcp);
            serve_udp(udp, &store, options, stopper)
        })?;
    }
    drop(places);
    let places = [("tcp", tcp), ("udp", udp)];
    for (protocol, address) in places.iter().filter_map(|(p, a)| a.map(|a| (p, a))) {
        ready::listening(format_args!("{protocol} {address}"))?;
    }
    keeper.keep()
}

fn serve_tcp(listener: TcpListener, store: Store, options: &Options, stopper: &Stopper) -> Outcome {
    let options = tcp::Options {
        model: options.model,
        at_once: options.clients,
        patience: options.idle,
        grace: options.grace,
        tell: log::of_tcp(options.log),
    };
    tcp::serve(listener, store, &options, stopper)?;
    Ok(())
}

fn serve_udp(
    sockets: Vec<UdpSocket>,
    store: &Store,
    options: &Options,
    stopper: &Stopper,
) -> Outcome {
    let (level, grace) = (options.log, options.grace);
    // The number is for all of them; a worker gets its share.
    let transfers = options.transfers.div_ceil(sockets.len());
    let udp = udp::Options { transfers, of_one_peer: transfers, grace, ..udp::Options::default() };
    Ok(udp::serve(sockets, store, &udp, stopper, &log::of_udp(level))?)
}
