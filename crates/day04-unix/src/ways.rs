//! Stream, datagram, pair, abstract name.

use std::io::{self, Read as _, Write as _};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener, UnixStream};

use cli::Outcome;
use nix::sys::socket::{getsockopt, sockopt::PeerCredentials};

use crate::scratch::Scratch;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let scratch = Scratch::new()?;

    let path = scratch.path().join("stream");
    let listener = UnixListener::bind(&path)?;
    let mut client = UnixStream::connect(&path)?;
    let (mut server, from) = listener.accept()?;
    client.write_all(b"one")?;
    client.write_all(b"two")?;
    let got = server.read(&mut [0; 64])?;
    writeln!(out, "stream: 3 + 3 bytes sent, one read gives {got}: no borders, as with TCP")?;
    // A client needs no address. And the kernel vouches for who it is, which TCP cannot.
    let peer = getsockopt(&server, PeerCredentials)?.pid().cast_unsigned();
    let ours = peer == std::process::id();
    writeln!(out, "  the client has a name: {}; its pid is known: {ours}", !from.is_unnamed())?;

    let path = scratch.path().join("datagram");
    let server = UnixDatagram::bind(&path)?;
    let client = UnixDatagram::unbound()?;
    client.send_to(b"one", &path)?;
    client.send_to(b"two!", &path)?;
    let (first, from) = server.recv_from(&mut [0; 64])?;
    let second = server.recv(&mut [0; 64])?;
    writeln!(out, "datagram: 3 and 4 bytes sent, reads give {first} and {second}")?;
    // Who wants an answer has to bind a path of its own first.
    writeln!(out, "  the sender can be answered: {}", !from.is_unnamed())?;

    let (mut left, mut right) = UnixStream::pair()?;
    left.write_all(b"ping")?;
    let mut ping = [0; 4];
    right.read_exact(&mut ping)?;
    right.write_all(b"pong!")?;
    drop(right);
    let back = left.read_to_end(&mut Vec::new())?;
    writeln!(out, "pair: {} bytes there, {back} bytes back, no name at all", ping.len())?;

    // A name that begins with a zero byte is no path: no file, and gone with the socket.
    let name = format!("day04-unix-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name)?;
    let listener = UnixListener::bind_addr(&address)?;
    let taken = UnixListener::bind_addr(&address)
        .map_or_else(|e| format!("{:?}", e.kind()), |_| "Ok".into());
    UnixStream::connect_addr(&address)?;
    drop(listener);
    let again = UnixListener::bind_addr(&address).is_ok();
    writeln!(out, "abstract: bind twice {taken}; after close bind works again: {again}")?;
    Ok(())
}
