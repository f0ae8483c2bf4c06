//! What is done for a client: it is told who serves it. Three times the same, because a
//! connection, an event loop and a datagram ask for different things.

use std::io::{self, Read as _, Write as _};
use std::os::unix::process::parent_id;

use server::{Connection, Datagram, DatagramSocket, Next, Reply, Session, Stream};

/// Who runs this: process, parent, thread. Linux names a thread by a number of the same kind, and
/// a process's first thread has the number of the process.
pub(crate) fn who() -> io::Result<String> {
    // The link says PID/task/TID, for the thread that reads it.
    let link = std::fs::read_link("/proc/thread-self")?;
    let thread = link.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(format!("{} {} {thread}", std::process::id(), parent_id()))
}

/// StreamRequestHandler: `rfile` and `wfile` are one connection here. It is written straight
/// through, and waits for its client wherever it has to.
pub(crate) fn stream<S: Stream>(client: &Connection<S>) -> io::Result<()> {
    let (mut from, mut to) = (client, client);
    while from.read(&mut [0; 64])? > 0 {
        to.write_all(who()?.as_bytes())?;
    }
    Ok(())
}

/// DatagramRequestHandler: one comes in, one goes out.
pub(crate) fn datagram<S: DatagramSocket>(asked: &Datagram<S>) -> io::Result<()> {
    asked.reply(who()?.as_bytes())
}

/// The same for an event loop, where nobody may wait: bytes in, bytes out.
pub(crate) struct Who;

impl Session for Who {
    fn received(&mut self, _: &[u8], reply: &mut Reply) -> io::Result<Next> {
        reply.push(who()?.as_bytes());
        Ok(Next::Read)
    }
}
