//! Type, domain, descriptor and names: s.type, s.family, s.fileno(), s.getsockname() and
//! s.getpeername() in Python.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsFd, AsRawFd as _};

use cli::Outcome;
use nix::errno::Errno;
use socket2::{SockAddr, SockRef};
use sockets::tcp;

use crate::say;

pub(crate) fn run() -> Outcome {
    say("attributes")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    row("listener", &listener)?;
    let client = tcp::Connect::new().to(listener.local_addr()?)?;
    row("client", &client)?;
    // A new socket for this client, with the listener's address and port: one port, many sockets.
    let (accepted, _) = listener.accept()?;
    row("accepted", &accepted)?;
    let datagrams = UdpSocket::bind("127.0.0.1:0")?;
    row("datagrams", &datagrams)?;
    same_names(&client, &accepted)?;

    // The notes call the number positive and each one different. It is the lowest that is free.
    let number = datagrams.as_raw_fd();
    drop(datagrams);
    let next = UdpSocket::bind("127.0.0.1:0")?;
    say(&format!("  close descriptor {number}, open a socket: descriptor {}", next.as_raw_fd()))?;
    // dup(2): two numbers for one socket. In Rust each is an owner of its own and closed once.
    let copy = next.try_clone()?;
    let same = socket_id(&copy)? == socket_id(&next)?;
    let numbers = (next.as_raw_fd(), copy.as_raw_fd());
    say(&format!("  dup: descriptors {} and {}, the same socket: {same}", numbers.0, numbers.1))
}

fn row(name: &str, socket: &impl AsFd) -> Outcome {
    let facts = SockRef::from(socket);
    let fd = socket.as_fd().as_raw_fd();
    say(&format!("  {name:<9} fd {fd}, {:?}, {:?}", facts.r#type()?, facts.domain()?))?;
    let (ours, peer) = (facts.local_addr(), facts.peer_addr());
    say(&format!("    name {}, peer {}", address(ours), address(peer)))
}

/// A socket without a peer has no peer's name: ENOTCONN is an answer, too.
fn address(name: std::io::Result<SockAddr>) -> String {
    match name {
        Ok(name) => name.as_socket().map_or("none".into(), |address| address.to_string()),
        Err(error) => error
            .raw_os_error()
            .map_or(error.to_string(), |number| format!("{:?}", Errno::from_raw(number))),
    }
}

/// One connection is two names, and each side has them the other way round.
fn same_names(client: &std::net::TcpStream, accepted: &std::net::TcpStream) -> Outcome {
    let crossed = client.local_addr()? == accepted.peer_addr()?
        && client.peer_addr()? == accepted.local_addr()?;
    say(&format!("  the client's name is the accepted one's peer, and vice versa: {crossed}"))
}

/// `socket:[12345]`: what stands behind a descriptor.
fn socket_id(socket: &impl AsFd) -> std::io::Result<std::path::PathBuf> {
    fs::read_link(format!("/proc/self/fd/{}", socket.as_fd().as_raw_fd()))
}
