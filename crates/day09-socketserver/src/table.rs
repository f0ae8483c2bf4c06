//! Each server of socketserver, by its name there and by its parts here; and those that it lacks.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;

use cli::Outcome;
use server::classes::{
    ForkingTcpServer, ForkingUdpServer, ForkingUnixDatagramServer, ForkingUnixStreamServer,
    TcpServer, ThreadingTcpServer, ThreadingUdpServer, ThreadingUnixDatagramServer,
    ThreadingUnixStreamServer, UdpServer, UnixDatagramServer, UnixStreamServer,
};
use server::{Executor, Multiplexed, Pool, Server, Sessions, Tcp, Transport, Udp, Unix, UnixDgram};
use syscall::Result;

use crate::client::{Address, Visit};
use crate::handlers::{Who, datagram, stream};

pub(crate) fn run() -> Outcome {
    writeln!(io::stdout(), "every server is started, asked by three clients, and stopped:")?;
    let place = Place::new()?;
    let (ip, path) = (SocketAddr::from(([127, 0, 0, 1], 0)), place.0.join("server"));
    // Bound anew for each: a server that has ended has closed its socket, and removed its file.
    let (tcp, udp) = (|| Tcp::bind(ip), || Udp::bind(ip));
    let (unix, dgram) = (|| Unix::bind(&path), || UnixDgram::bind(&path));

    // The first four have no mixin: the serving thread does it all, one client after the other.
    row("TCPServer", TcpServer::of(tcp()?, stream)?)?;
    row("UDPServer", UdpServer::of(udp()?, datagram)?)?;
    row("UnixStreamServer", UnixStreamServer::of(unix()?, stream)?)?;
    row("UnixDatagramServer", UnixDatagramServer::of(dgram()?, datagram)?)?;

    // ForkingMixIn is the type Fork. These come before all threads: a process that has threads
    // must not fork, and `process::fork` refuses.
    row("ForkingTCPServer", ForkingTcpServer::of(tcp()?, stream)?)?;
    row("ForkingUDPServer", ForkingUdpServer::of(udp()?, datagram)?)?;
    row("ForkingUnixStreamServer", ForkingUnixStreamServer::of(unix()?, stream)?)?;
    row("ForkingUnixDatagramServer", ForkingUnixDatagramServer::of(dgram()?, datagram)?)?;

    // ThreadingMixIn is the type Thread. From here on the bounds ask more of a handler: Send,
    // Sync and 'static. A counter in a Cell would not compile.
    row("ThreadingTCPServer", ThreadingTcpServer::of(tcp()?, stream)?)?;
    row("ThreadingUDPServer", ThreadingUdpServer::of(udp()?, datagram)?)?;
    row("ThreadingUnixStreamServer", ThreadingUnixStreamServer::of(unix()?, stream)?)?;
    row("ThreadingUnixDatagramServer", ThreadingUnixDatagramServer::of(dgram()?, datagram)?)?;

    // What Python's module has no class for. A pool's worker goes from client to client: one is
    // enough to see it. An event loop cannot run a handler that waits, so
    // for connections it takes sessions: `stream` in their place does not compile.
    row("-", Server::new(tcp()?, Pool::of(1), stream)?)?;
    row("-", Server::new(udp()?, Pool::of(1), datagram)?)?;
    row("-", Server::new(unix()?, Pool::of(1), stream)?)?;
    row("-", Server::new(dgram()?, Pool::of(1), datagram)?)?;
    row("-", Server::new(tcp()?, Multiplexed, Sessions(|| Who))?)?;
    row("-", Server::new(udp()?, Multiplexed, datagram)?)?;
    row("-", Server::new(unix()?, Multiplexed, Sessions(|| Who))?)?;
    row("-", Server::new(dgram()?, Multiplexed, datagram)?)
}

/// Serves in this thread. The clients are a process of their own, which ends the server when it
/// has been served: a stop may come from anywhere.
fn row<T, E, H>(name: &str, server: Server<T, E, H>) -> Outcome
where
    T: Transport + Address,
    E: Executor<T, H>,
{
    let visit = Visit::start(&server)?;
    let served = server.serve()?;
    let who = visit.who_answered()?;
    let (transport, executor) = (short::<T>(), short::<E>());
    let clients = served.clients;
    writeln!(
        io::stdout(),
        "  {name:<27} {transport:<9} {executor:<11} {clients} clients, served by {who}"
    )?;
    Ok(())
}

/// A type's name without the modules that it lies in.
fn short<T>() -> &'static str {
    std::any::type_name::<T>().rsplit("::").next().unwrap_or_default()
}

/// A directory of our own for the sockets with a path.
struct Place(std::path::PathBuf);

impl Place {
    fn new() -> Result<Self> {
        use syscall::Context as _;
        let name = format!("day09-socketserver-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).call_on("mkdir", path.display())?;
        Ok(Self(path))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = std::fs::remove_dir_all(Path::new(&self.0));
    }
}
