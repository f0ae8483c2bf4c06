//! An echo server that records what it hears, in one loop around poll(2).

use std::io;
use std::net::TcpListener;

/// Sends back to each client what it says, and gives it to `record`. Serves for ever; an error is
/// one of the listener or of poll(2), never of a client.
pub fn serve(listener: TcpListener, record: impl FnMut(&[u8])) -> io::Result<()> {
    todo!()
}
