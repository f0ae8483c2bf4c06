//! The server, one system call after the other: socket, bind, listen, accept, recv, send, close.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;

use cli::Outcome;
use socket2::{Domain, Protocol, Socket, Type};
use sockets::tcp;
use syscall::{Context as _, retry};

use crate::lines::{Lines, shown};

/// From nothing to a listening socket.
pub(crate) fn listen(address: SocketAddr, backlog: i32) -> Outcome<Socket> {
    // socket: the family (IPv4 or IPv6), the kind (STREAM: a stream of bytes), the protocol. What
    // comes back is a descriptor, which programs that we start do not inherit (SOCK_CLOEXEC).
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Without this a server that has closed connections itself cannot start again for a minute:
    // they are in TIME_WAIT and still use the port. It does not let two servers share it.
    socket.set_reuse_address(true)?;
    // bind: the socket gets its name, one address and one port. With port 0 the kernel chooses.
    socket.bind(&address.into()).call_on("bind", address)?;
    // listen: from now on the kernel finishes handshakes by itself and puts the connections into
    // a queue. The number is the length of that queue, not the number of clients.
    socket.listen(backlog).call_on("listen", address)?;
    Ok(socket)
}

/// An iterative server: one client after the other, and everybody else waits in the queue.
/// Ends after `visitors` clients; without a number, never.
pub(crate) fn serve(listener: &Socket, visitors: Option<usize>) -> Outcome {
    let (mut served, mut crowded) = (0, false);
    while visitors != Some(served) {
        // accept: blocks until the queue holds a finished connection, and gives a NEW socket for
        // it. The listener stays what it is. An error is no reason to leave this loop:
        let (client, address) = match retry(|| listener.accept()) {
            Ok((client, address)) => (client, address.as_socket()),
            // this client has gone again before its turn (ECONNABORTED) …
            Err(error) if tcp::concerns_one_connection(&error) => continue,
            // … or descriptors are scarce (EMFILE), which passes. Said once, tried again.
            Err(error) if tcp::is_out_of_resources(&error) => {
                if !std::mem::replace(&mut crowded, true) {
                    writeln!(io::stderr(), "new clients have to wait: {error}")?;
                }
                std::thread::sleep(std::time::Duration::from_millis(100));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        crowded = false;
        let (fd, from) = (client.as_raw_fd(), address.map_or(String::new(), |a| a.to_string()));
        writeln!(io::stdout(), "  server: accept gave fd {fd}, a client at {from}")?;
        let end = talk(&client)?;
        writeln!(io::stdout(), "  server: {end}; closing fd {fd}")?;
        // close: leaving the scope would do it as well. The client's recv sees the end.
        drop(client);
        served += 1;
    }
    Ok(())
}

/// Sends every line back until "##" comes on a line of its own. How the conversation ended is
/// this client's affair: whatever it was, the server goes on.
fn talk(client: &Socket) -> Outcome<String> {
    let mut lines = Lines::default();
    let mut bytes = [0; 4096];
    loop {
        // recv: blocks until there is something, then gives at most as much as fits. read is recv
        // without flags. 0 is no message but the end: the other side has closed or shut down.
        let n = match retry(|| (&*client).read(&mut bytes)) {
            Ok(0) => return Ok("the client has ended without ##".into()),
            Ok(n) => n,
            Err(error) => return Ok(format!("recv failed: {error}")),
        };
        writeln!(io::stdout(), "  server: recv gave {n} bytes: {}", shown(&bytes[..n]))?;
        // One send of the client is not one recv here. A line ends at its newline, and nowhere
        // else: so the mark is looked for in lines, never in what a recv has brought.
        lines.push(&bytes[..n]);
        loop {
            match lines.next() {
                Ok(Some(line)) if line == b"##" => return Ok("## came".into()),
                Ok(Some(line)) => {
                    if let Err(error) = send_all(client, &[&line, &b"\n"[..]].concat()) {
                        return Ok(format!("send failed: {error}"));
                    }
                }
                Ok(None) => break,
                Err(error) => return Ok(error.to_string()),
            }
        }
    }
}

/// send gives the number of bytes that the kernel has taken, which may be fewer than offered.
pub(crate) fn send_all(socket: &Socket, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let taken = retry(|| socket.send(bytes))?;
        bytes = &bytes[taken..];
    }
    Ok(())
}
