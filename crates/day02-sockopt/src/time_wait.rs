//! SO_REUSEADDR on TCP: starting a server again.
//!
//! Who closes first keeps the connection for a minute more, in TIME_WAIT: a late duplicate of it
//! must not be taken for data of the next one (RFC 9293, section 3.6.1). During this time its port
//! cannot be bound, unless the old socket and the new one both have SO_REUSEADDR.

use std::fs;
use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use cli::Outcome;
use nix::errno::Errno;
use socket2::{Domain, Socket, Type};

use crate::say;

pub(crate) fn run() -> Outcome {
    say("a server that starts again")?;
    // std's TcpListener sets the option unasked; socket2 asks.
    for (old, new) in [(false, false), (false, true), (true, false), (true, true)] {
        let port = serve_one(old)?;
        let again = listen(port, new);
        let said = match again {
            Ok(_) => "bind works".into(),
            Err(error) => error
                .raw_os_error()
                .map_or(error.to_string(), |number| format!("bind: {:?}", Errno::from_raw(number))),
        };
        let (old, new) = (with(old), with(new));
        say(&format!("  first {old} SO_REUSEADDR, TIME_WAIT; second {new}: {said}"))?;
    }
    // It never was a permission to listen twice.
    let first = listen(([127, 0, 0, 1], 0).into(), true)?;
    let port = first.local_addr()?.as_socket().ok_or("an IPv4 socket without an address")?;
    let second = listen(port, true).err().and_then(|error| error.raw_os_error());
    let said =
        second.map_or("bind works".into(), |number| format!("{:?}", Errno::from_raw(number)));
    say(&format!("  first still listening; both with SO_REUSEADDR: {said}"))
}

fn with(reuse: bool) -> &'static str {
    if reuse { "with   " } else { "without" }
}

fn listen(address: SocketAddr, reuse: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&address.into())?;
    socket.listen(8)?;
    Ok(socket)
}

/// A server that has served one client, has closed first, and has ended: its address is in
/// TIME_WAIT.
fn serve_one(reuse: bool) -> Outcome<SocketAddr> {
    let listener = listen(([127, 0, 0, 1], 0).into(), reuse)?;
    let address = listener.local_addr()?.as_socket().ok_or("an IPv4 socket without an address")?;
    let mut client = TcpStream::connect(address)?;
    drop(listener.accept()?);
    client.read_to_end(&mut Vec::new())?;
    drop(client);
    drop(listener);
    // The client's FIN is on its way. The kernel's own table says when it has come.
    while !in_time_wait(address)? {
        thread::yield_now();
    }
    Ok(address)
}

/// Whether a connection whose local end is this address is in TIME_WAIT: the field `st` of
/// /proc/net/tcp is 06 then.
fn in_time_wait(address: SocketAddr) -> Outcome<bool> {
    let SocketAddr::V4(address) = address else { return Ok(false) };
    // 0100007F:1F90: the address as this machine stores it, and the port.
    let ip = u32::from_ne_bytes(address.ip().octets());
    let local = format!("{ip:08X}:{:04X}", address.port());
    let table = fs::read_to_string("/proc/thread-self/net/tcp")?;
    Ok(table.lines().any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields.get(1) == Some(&local.as_str()) && fields.get(3) == Some(&"06")
    }))
}
