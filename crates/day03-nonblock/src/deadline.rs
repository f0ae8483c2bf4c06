//! A message of forty bytes from two peers: one sends it at once, the other one drips.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use cli::Outcome;
use sockets::tcp;

use crate::receive::receive;

const LIMIT: Duration = Duration::from_millis(400);

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    writeln!(out, "a message of 5 bytes under a limit of 400 ms")?;
    for (peer, piece, pause) in [("all at once", 5, 0), ("a byte every 250 ms", 1, 250)] {
        let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
        let address = listener.local_addr()?;
        let sender = thread::spawn(move || send(&TcpStream::connect(address)?, piece, pause));
        let (stream, _) = listener.accept()?;
        // The peer waits for this byte, so that its pauses fall into our time.
        (&stream).write_all(b"!")?;
        let start = Instant::now();
        let done = receive(&stream, &mut [0; 5], LIMIT);
        let late = start.elapsed() > 2 * LIMIT;
        let answer = done.map_or_else(|error| format!("{:?}", error.kind()), |()| "whole".into());
        writeln!(out, "  {peer:<20} {answer}, more than twice the limit: {late}")?;
        drop(stream);
        // It may have been cut off in the middle: that was the point.
        let _ = sender.join().map_err(|_| "the peer panicked")?;
    }
    Ok(())
}

/// The pause is what this peer is: nobody is waited for.
fn send(mut stream: &TcpStream, piece: usize, pause: u64) -> io::Result<()> {
    stream.read_exact(&mut [0; 1])?;
    for bytes in [b'.'; 5].chunks(piece) {
        stream.write_all(bytes)?;
        thread::sleep(Duration::from_millis(pause));
    }
    Ok(())
}
