//! Day 1: what one exchange over the network looks like, layer by layer.
//!
//! Watch for:
//! - the handshake has three steps, and the third is the client's; accept takes no part in it;
//! - shutdown closes one direction: the other one still works;
//! - who closes first is left with TIME_WAIT, even when its program is gone;
//! - every layer adds its own addresses: ports, IP addresses, hardware addresses;
//! - UDP has none of these states: a datagram is sent, and that is all.
//!
//! Cohesion and coupling, in small: each file does one job (`handshake.rs`, `tcp.rs`, `udp.rs`,
//! `layers.rs`), and all of them know the kernel only through three functions of `kernel.rs`.

mod handshake;
mod kernel;
mod layers;
mod tcp;
mod udp;

use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::process::ExitCode;

use cli::{Demo, Outcome};
use socket2::{Domain, SockAddr, Socket, Type};

fn main() -> ExitCode {
    Demo { id: cli::id!(), about: env!("CARGO_PKG_DESCRIPTION"), lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    handshake::run()?;
    tcp::run()?;
    udp::run()
}

/// Port 0 lets the kernel choose one.
fn listen(backlog: i32) -> io::Result<Socket> {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    listener.listen(backlog)?;
    Ok(listener)
}

/// An address of the kernel as one of IPv4, which all sockets here have.
fn v4(address: &SockAddr) -> Outcome<SocketAddrV4> {
    Ok(address.as_socket_ipv4().ok_or("this is no IPv4 address")?)
}
