//! Receives a backup: everything that a peer sends until it closes.

use std::io::{self, Read};
use std::net::TcpStream;

/// Hands every piece to `store` as soon as it is there. Gives the number of bytes when the sender
/// has closed, and an error when the connection has broken.
pub fn receive(from: &mut TcpStream, mut store: impl FnMut(&[u8])) -> io::Result<u64> {
    // A buffer of any size would do: it decides how many calls are made, not what comes.
    let mut buffer = [0; 16 * 1024];
    let mut total = 0;
    loop {
        match from.read(&mut buffer) {
            // There was room and nothing came: the sender has closed. The end is a state, not an
            // event: every further read would say the same at once, so the loop ends here.
            Ok(0) => return Ok(total),
            // Less than there was room for is nothing special. A stream has no messages, and
            // read(2) gives what has arrived by now.
            Ok(n) => {
                store(&buffer[..n]);
                total += n as u64;
            }
            // A signal handler ran while the call slept. Nothing was read and nothing is lost.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // ECONNRESET and its like: not the end of the backup, but the end of the connection.
            Err(error) => return Err(error),
        }
    }
}
