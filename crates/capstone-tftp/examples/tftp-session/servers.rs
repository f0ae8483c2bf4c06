//! The two servers, each in a process of its own. Its socket is there before the process is, so that
//! nobody can ask too early; and this process keeps no copy of it.

use std::net::{Ipv4Addr, SocketAddr};

use capstone_tftp::server::tcp::{self, Model};
use capstone_tftp::server::udp;
use capstone_tftp::store::Store;
use cli::Outcome;
use process::{Deadline, Process, Started};
use server::Stopper;
use sockets::tcp::Listen;

/// Port 0: the kernel chooses.
const ANY: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

/// The course's protocol, a process for each client.
pub(crate) fn tcp(store: &Store, stopper: &Stopper) -> Outcome<(Started, SocketAddr)> {
    let listener = Listen::new().on(ANY.into())?;
    let address = listener.local_addr()?;
    let serve = move || {
        let options = tcp::Options { model: Model::Fork, ..tcp::Options::default() };
        Ok(tcp::serve(listener, store.clone(), &options, stopper).map(drop)?)
    };
    Ok((start("tcp", serve)?, address))
}

/// The real TFTP, by one thread.
pub(crate) fn udp(store: &Store, stopper: &Stopper) -> Outcome<(Started, SocketAddr)> {
    let sockets = udp::listen(ANY.into(), 1)?;
    let address = sockets.first().ok_or("no socket")?.local_addr()?;
    let serve = move || Ok(udp::serve(sockets, store, &udp::Options::default(), stopper, &|_| ())?);
    Ok((start("udp", serve)?, address))
}

fn start(name: &str, serve: impl FnOnce() -> Outcome) -> Outcome<Started> {
    let work = || match serve() {
        Ok(()) => 0,
        failed => {
            let _ = cli::exit(name, failed);
            1
        }
    };
    // A daemon: where the story breaks off, it ends as well.
    Ok(Process::new(work).name(name).daemon(true).start()?)
}

/// It was asked to.
pub(crate) fn ends(server: &mut Started) -> Outcome {
    let name = server.name().to_owned();
    let exit = server.join(Deadline::Never)?.ok_or("it has no end")?;
    if exit.success() { Ok(()) } else { Err(format!("{name} has ended badly: {exit}").into()) }
}
