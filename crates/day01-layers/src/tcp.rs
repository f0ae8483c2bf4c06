//! One TCP exchange from connect to close, with the states of both ends after each step.
//!
//! One thread plays both ends: nothing here waits for what has not been sent.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddrV4};
use std::time::Duration;

use cli::Outcome;
use socket2::{Domain, Socket, Type};

use crate::kernel::{listed, state};
use crate::{layers, listen, v4};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "{:<60} {:<12} server", "one TCP exchange", "client")?;

    // connect comes back although nobody has called accept: the kernel shakes hands by itself.
    let (listener, client) = connected()?;
    let states = (state(&client)?, state(&listener)?);
    row("connect; nobody has called accept", states.0, &format!("{} (listener)", states.1))?;
    let (server, _) = listener.accept()?;
    row("accept", state(&client)?, state(&server)?)?;

    client.send(b"hello")?;
    hear(&server, 5)?;
    server.send(b"world!")?;
    hear(&client, 6)?;
    row("5 bytes there, 6 bytes back", state(&client)?, state(&server)?)?;
    layers::run(&client, b"hello")?;

    // shutdown sends a FIN: "I say no more". It closes one direction, not the connection, and the
    // other side may go on talking: the half close. What it sends carries the ACK of our FIN.
    client.shutdown(Shutdown::Write)?;
    let end = (&server).read(&mut [0; 8])?;
    server.send(b"the rest")?;
    hear(&client, 8)?;
    let step = format!("client: shutdown(Write); server: read gives {end}, sends 8");
    row(&step, state(&client)?, state(&server)?)?;

    // The server's FIN and the last ACK. With SO_LINGER close waits for that ACK; without it the
    // server would be in LAST_ACK for an instant that nobody can rely on seeing.
    let (ours, theirs) = (v4(&client.local_addr()?)?, v4(&client.peer_addr()?)?);
    server.set_linger(Some(Duration::from_secs(10)))?;
    drop(server);
    let end = (&client).read(&mut [0; 8])?;
    pair(&format!("server: close; client: read gives {end}"), ours, theirs)?;

    // The socket of the client is done. Its pair of addresses is not: who closes first keeps it
    // for a minute, so that a late segment cannot hit a new connection of the same pair.
    writeln!(out, "  the client's own socket, asked at the same time: {}", state(&client)?)?;
    drop(client);
    pair("client: close; no descriptor is left", ours, theirs)?;

    // A RST instead of a FIN: no goodbye, no TIME_WAIT, and an error for the other side.
    let (listener, client) = connected()?;
    let (server, _) = listener.accept()?;
    let (ours, theirs) = (v4(&client.local_addr()?)?, v4(&client.peer_addr()?)?);
    client.set_linger(Some(Duration::ZERO))?;
    drop(client);
    let Err(error) = (&server).read(&mut [0; 8]) else { return Err("no reset has come".into()) };
    let step = format!("another one, reset; server: {error}");
    row(&step, listed("tcp", ours, theirs)?, state(&server)?)
}

/// A listener, and a client whose connection stands in its queue.
fn connected() -> Outcome<(Socket, Socket)> {
    let listener = listen(5)?;
    let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    client.connect(&listener.local_addr()?)?;
    Ok((listener, client))
}

/// TCP keeps the bytes and their order, not the borders of the sends.
fn hear(mut socket: &Socket, bytes: usize) -> io::Result<()> {
    socket.read_exact(&mut vec![0; bytes])
}

/// Both ends by /proc/net/tcp, which also knows those that belong to no descriptor.
fn pair(step: &str, client: SocketAddrV4, server: SocketAddrV4) -> Outcome {
    row(step, listed("tcp", client, server)?, listed("tcp", server, client)?)
}

fn row(step: &str, client: &str, server: &str) -> Outcome {
    writeln!(io::stdout(), "  {step:<58} {client:<12} {server}")?;
    Ok(())
}
