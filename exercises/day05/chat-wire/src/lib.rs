//! The server of the chat: requests come in by one socket, the administrator's lines by a terminal.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;

// Yours of chat-parse and chat-room, as src/parse.rs and src/room.rs:
// mod parse;
// mod room;

/// The server's socket at this address.
///
/// # Errors
/// AddrInUse when another server has it.
pub fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    todo!()
}

/// Serves the members, and the administrator at the terminal. What makes no sense, or is not its
/// sender's to say, is given to `dropped`. Serves for ever; an error is one of poll(2) or of the
/// socket itself, never of a member or of the terminal.
pub fn serve(
    socket: UdpSocket,
    terminal: OwnedFd,
    dropped: impl FnMut(SocketAddr, &[u8]),
) -> io::Result<()> {
    todo!()
}
