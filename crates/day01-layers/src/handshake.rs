//! The three-way handshake, stopped after each of its steps.

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::{Domain, Socket, Type};

use crate::kernel::{defer_accept, listed, state};
use crate::{listen, v4};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "the handshake, step by step")?;
    let new = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    writeln!(out, "  a new socket: {}", state(&new)?)?;

    // 1. The client sends a SYN. Here nobody answers it, because the queue of the listener is full:
    // a queue of 0 holds one connection, the next SYN is dropped.
    let listener = listen(0)?;
    writeln!(out, "  after listen: {}", state(&listener)?)?;
    let address = listener.local_addr()?;
    let first = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    first.connect(&address)?;
    // A listener is readable when a connection stands in its queue.
    poll(&mut [PollFd::new(listener.as_fd(), PollFlags::POLLIN)], PollTimeout::NONE)?;
    new.set_nonblocking(true)?;
    let Err(error) = new.connect(&address) else { return Err("the queue is not full".into()) };
    writeln!(out, "  a SYN that nobody answers ({error}): the client is {}", state(&new)?)?;

    // 2. The server answers SYN and ACK. With TCP_DEFER_ACCEPT it stays there until data comes.
    // 3. The client sends the third segment, its ACK. For the client that is the end of it.
    let listener = listen(5)?;
    defer_accept(&listener, 10)?;
    let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    client.connect(&listener.local_addr()?)?;
    let (ours, theirs) = (v4(&client.local_addr()?)?, v4(&client.peer_addr()?)?);
    let half = listed("tcp", theirs, ours)?;
    writeln!(out, "  connect is back: the client is {}, the server is {half}", state(&client)?)?;
    client.send(b"x")?;
    let (server, _) = listener.accept()?;
    writeln!(out, "  data has come: the server is {}", state(&server)?)?;
    Ok(())
}
