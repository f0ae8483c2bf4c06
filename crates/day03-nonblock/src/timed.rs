//! A time limit for one call, and its surprises.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use cli::Outcome;
use socket2::SockRef;
use sockets::tcp;

use crate::nonblocking::told;

const LIMIT: Duration = Duration::from_millis(100);

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "with a limit of 100 ms")?;
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;

    // accept waits like a read, so SO_RCVTIMEO limits it; std has no method for that.
    SockRef::from(&listener).set_read_timeout(Some(LIMIT))?;
    told("accept, nobody comes", listener.accept().map(drop))?;

    // The kind is WouldBlock, because the kernel says EAGAIN, as if the socket did not block.
    // Whoever matches TimedOut never sees it.
    let mut client = TcpStream::connect(address)?;
    let (server, _) = listener.accept()?;
    client.set_read_timeout(Some(LIMIT))?;
    let start = Instant::now();
    told("read, nothing comes", client.read(&mut [0; 8]).map(drop))?;
    writeln!(out, "  it waited at least that long: {}", start.elapsed() >= LIMIT)?;

    // To the kernel a zero means "no limit", to people "do not wait": std refuses to choose.
    told("a limit of zero", client.set_read_timeout(Some(Duration::ZERO)))?;
    // What waits for ever is None.
    client.set_read_timeout(None)?;
    writeln!(out, "  None, and then               {:?}", client.read_timeout()?)?;
    drop(server);

    // connect is the other way round: here the kind is TimedOut. A queue of length 0 holds one
    // connection; to the next one the kernel does not answer. std makes the socket non-blocking,
    // connects (EINPROGRESS) and waits by poll: that returns 0, no errno, and std finds the word.
    let full = tcp::Listen::new().backlog(0).on("127.0.0.1:0".parse()?)?;
    let address = full.local_addr()?;
    let _waiting = TcpStream::connect(address)?;
    told("connect, no answer", TcpStream::connect_timeout(&address, LIMIT).map(drop))?;
    Ok(())
}
