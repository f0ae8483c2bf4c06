//! The protocol, and one whole conversation: for all models in which somebody has the time to wait
//! for a single client.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

use crate::report::{Report, Word};

/// Until the client ends its side. An error is the end of this client, and of nobody else.
pub(crate) fn talk(mut stream: &TcpStream, report: &Report) -> io::Result<()> {
    let peer = stream.peer_addr()?;
    report.say(Word::Stays, Some(peer))?;
    let mut bytes = [0; 4096];
    loop {
        // Here it sleeps as long as the client likes, and so does whoever has called it.
        match stream.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                report.work(peer, &bytes[..n])?;
                stream.write_all(&bytes[..n])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
