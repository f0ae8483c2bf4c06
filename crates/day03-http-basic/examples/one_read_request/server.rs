//! A web server for one client after the other. It moves bytes; `site.rs` says which.

use std::io::{self, Read as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use cli::Outcome;
use sockets::{Deadline, message, tcp};

use crate::response::Status;
use crate::site;

/// How long a client may take for a whole request, and for taking an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the server says what it sees: on a terminal, or to the lesson.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(&str) -> io::Result<()>;

/// Serves until `visitors` clients have come and gone; without a number, for ever.
pub(crate) fn serve(listener: &TcpListener, visitors: Option<usize>, tell: Tell<'_>) -> Outcome {
    let mut gone = 0;
    while visitors != Some(gone) {
        match listener.accept() {
            Ok((stream, _)) => {
                converse(&stream, tell)?;
                end(&stream);
                gone += 1;
            }
            Err(error) if tcp::concerns_one_connection(&error) => {}
            // The connection stays in the queue, so that the next accept would fail at once.
            Err(error) if tcp::is_out_of_resources(&error) => {
                thread::sleep(Duration::from_millis(100));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// One request after the other, until one of the two sides wants no more.
fn converse(stream: &TcpStream, tell: Tell<'_>) -> io::Result<()> {
    let mut came = Vec::new();
    loop {
        let deadline = Deadline::after(PATIENCE);
        // WRONG: whatever one read brings is taken for the whole request.
        let answer = match read(stream, deadline, &mut came) {
            Ok(1..) => {
                site::answer(&came).unwrap_or_else(|| site::refuse(&came, Status::BadRequest))
            }
            _ => return Ok(()),
        };
        tell(&format!("{} {}", answer.status as u16, answer.status.text()))?;
        let sent = message::send_all(&stream, &answer.bytes, Deadline::after(PATIENCE));
        if sent.is_err() || answer.close {
            return Ok(());
        }
        // What lies behind this request is the beginning of the next one.
        came.drain(..answer.used);
    }
}

/// One read, which waits no longer than the deadline allows.
fn read(mut stream: &TcpStream, deadline: Deadline, came: &mut Vec<u8>) -> io::Result<usize> {
    let left = deadline.remaining();
    if left.is_some_and(|left| left.is_zero()) {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    stream.set_read_timeout(left)?;
    let mut bytes = [0; 4096];
    let n = syscall::retry(|| stream.read(&mut bytes))?;
    came.extend_from_slice(&bytes[..n]);
    Ok(n)
}

/// Ends our side and reads what the client is still sending. A close(2) with unread bytes sends a
/// RST, and that would destroy the answer before the client has read it.
fn end(stream: &TcpStream) {
    let deadline = Deadline::after(Duration::from_secs(2));
    let mut rest = Vec::new();
    // A client that has gone, or sends and sends, gets its RST.
    if stream.shutdown(Shutdown::Write).is_ok() {
        while rest.len() < 1 << 20 && matches!(read(stream, deadline, &mut rest), Ok(1..)) {}
    }
}
