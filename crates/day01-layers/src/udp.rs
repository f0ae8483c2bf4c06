//! UDP beside it: no handshake, no close, no states.

use std::io::{self, Write as _};
use std::net::{SocketAddrV4, UdpSocket};
use std::time::Duration;

use cli::Outcome;

use crate::kernel::listed;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "the same with UDP")?;
    let (server, client) = (bind()?, bind()?);
    let (ours, theirs) = (address(&client)?, address(&server)?);
    let nobody = SocketAddrV4::new([0, 0, 0, 0].into(), 0);

    // The first thing on the wire is the datagram itself. It comes whole or not at all.
    client.send_to(b"hello", theirs)?;
    let (got, from) = server.recv_from(&mut [0; 64])?;
    let known = from == ours.into();
    writeln!(
        out,
        "  5 bytes sent, nothing before them: {got} bytes came, from the client: {known}"
    )?;
    writeln!(
        out,
        "  the kernel's word for both: {}, {}",
        row(ours, nobody)?,
        row(theirs, nobody)?
    )?;

    // connect sends nothing. It writes the peer down: a default target and a filter.
    client.connect(theirs)?;
    writeln!(out, "  the client after connect: {}", row(ours, theirs)?)?;
    writeln!(out, "  the server after that: {}", row(theirs, nobody)?)?;

    // So it also succeeds when nobody is there. This port is taken, and deaf to us: its owner has
    // connected it to somebody else.
    let deaf = bind()?;
    deaf.connect(theirs)?;
    client.connect(address(&deaf)?)?;
    client.send(b"hello")?;
    client.set_read_timeout(Some(Duration::from_secs(10)))?;
    // An ICMP message has come back: the error is reported by the next call.
    let Err(error) = client.recv(&mut [0; 64]) else { return Err("somebody has answered".into()) };
    writeln!(out, "  to a port where nobody listens: connect and send succeed; recv: {error}")?;

    // The whole datagram must fit into one IP packet: 65535 - 20 of IP - 8 of UDP.
    for length in [65_507, 65_508] {
        match server.send_to(&vec![0; length], theirs) {
            Ok(sent) => writeln!(out, "  a datagram of {length} bytes: {sent} sent")?,
            Err(error) => writeln!(out, "  a datagram of {length} bytes: {error}")?,
        }
    }
    Ok(())
}

fn bind() -> io::Result<UdpSocket> {
    UdpSocket::bind("127.0.0.1:0")
}

fn address(socket: &UdpSocket) -> Outcome<SocketAddrV4> {
    crate::v4(&socket.local_addr()?.into())
}

fn row(local: SocketAddrV4, peer: SocketAddrV4) -> Outcome<&'static str> {
    listed("udp", local, peer)
}
