//! Where the servers listen. All sockets are there before anything else begins, so that a busy port
//! is one sentence, and whoever reads `listening on …` can be sure of it.

use std::net::{SocketAddr, TcpListener, UdpSocket};

use cli::{Outcome, Usage};
use service::ready;
use sockets::{inherited, tcp};

use crate::server;

/// How many connections may wait until they are accepted; the kernel takes at most
/// net.core.somaxconn. 128 would turn away some of 200 clients that come at once.
const BACKLOG: u16 = 4096;

/// The sockets of both protocols.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) tcp: Option<TcpListener>,
    /// One for each worker: the kernel deals the clients out.
    pub(super) udp: Vec<UdpSocket>,
}

impl Places {
    /// Adds new ones for protocols for which none was handed over.
    ///
    /// # Errors
    /// [`Usage`] when there are none at all; an address is taken, forbidden or not ours.
    pub(super) fn open(
        mut self,
        tcp: Option<SocketAddr>,
        udp: Option<SocketAddr>,
        workers: usize,
    ) -> Outcome<Self> {
        if let (None, Some(address)) = (&self.tcp, tcp) {
            let listen = tcp::Listen::new().backlog(BACKLOG).on(address);
            self.tcp = Some(listen.map_err(|error| ready::refused(address, &error))?);
        }
        if let (true, Some(address)) = (self.udp.is_empty(), udp) {
            // Its workers share the port; another server must not.
            let sockets = server::udp::listen(address, workers);
            self.udp = sockets.map_err(|error| ready::refused(address, &error))?;
        }
        if self.tcp.is_none() && self.udp.is_empty() {
            let why = "serve needs --tcp ADDR, --udp ADDR or both, or sockets by LISTEN_FDS";
            return Err(Usage(why.into()).into());
        }
        Ok(self)
    }

    /// The sockets that were handed over (systemd.socket(5)). Before anything else is opened: it
    /// would get the number of one that was promised and is not there.
    ///
    /// # Errors
    /// One of them is nothing that we serve.
    pub(super) fn handed_over() -> Outcome<Self> {
        let mut places = Self::default();
        for socket in inherited::take()? {
            if !inherited::is_stream(&socket)? {
                places.udp.push(inherited::udp(socket)?);
            } else if places.tcp.replace(inherited::tcp(socket)?).is_some() {
                return Err("more than one TCP socket was handed over".into());
            }
        }
        Ok(places)
    }
}
