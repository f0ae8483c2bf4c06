//! Listening sockets, one for each event loop.

use std::net::{SocketAddr, TcpListener};

use socket2::SockRef;
use sockets::tcp::Listen;
use syscall::{Context as _, Result};

/// How many connections may wait until they are accepted; the kernel takes at most
/// net.core.somaxconn.
const BACKLOG: u16 = 4096;

/// Listens, with so many sockets. Nobody else may have the port, not even another server of the
/// same user, which SO_REUSEPORT alone would let share it.
///
/// # Errors
/// EADDRINUSE, EACCES, EADDRNOTAVAIL, EMFILE.
pub fn listen(address: SocketAddr, workers: usize) -> Result<Vec<TcpListener>> {
    let listen = Listen::new().backlog(BACKLOG).nonblocking(true);
    // The first is bound without the option, which fails when anybody is there, and gets it then.
    let first = listen.on(address)?;
    // Port 0 is a certain one by now.
    let address = first.local_addr().call("getsockname")?;
    SockRef::from(&first).set_reuse_port(workers > 1).call("setsockopt SO_REUSEPORT")?;
    let mut listeners = vec![first];
    for _ in 1..workers {
        listeners.push(listen.clone().reuse_port(true).on(address)?);
    }
    Ok(listeners)
}
