//! A whole message, in time.

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Fills `message`, or fails with TimedOut when that takes longer than `limit`. The sender's end
/// in the middle is UnexpectedEof. Leaves the socket's read timeout as it was.
pub fn read_within(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    let before = from.read_timeout()?;
    let filled = fill(from, message, limit);
    // The timeout is the socket's, not ours: it would go on to hold for whoever reads next. So it
    // is put back on every way out, and no `?` stands between the two.
    let restored = from.set_read_timeout(before);
    filled.and(restored)
}

fn fill(from: &mut TcpStream, message: &mut [u8], limit: Duration) -> io::Result<()> {
    // One moment for the whole message. A limit for each read starts anew with every byte.
    let start = Instant::now();
    let mut done = 0;
    while done < message.len() {
        // What is left of it is what the next read gets. A subtraction that saturates: the moment
        // may have passed while this thread was waiting for a processor.
        let left = limit.saturating_sub(start.elapsed());
        // Not handed to the kernel, where zero means "no limit"; std refuses it as InvalidInput.
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        from.set_read_timeout(Some(left))?;
        match from.read(&mut message[done..]) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => done += n,
            // EAGAIN is how the kernel says that SO_RCVTIMEO is over; EINTR, that a signal came.
            // The clock decides what either of them means.
            Err(error) if is_not_yet(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn is_not_yet(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
