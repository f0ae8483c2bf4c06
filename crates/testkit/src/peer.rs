//! The peers that servers meet outside.
//!
//! All are blocking and have a time limit of their own, so that a server that forgets one of them
//! makes the test fail instead of hang.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, SocketAddrV4, TcpStream};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;

use crate::until::{LIMIT, until};

/// A well-behaved client.
///
/// # Errors
/// What connect(2) says.
pub fn connect(server: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends a message and reads as many bytes back.
///
/// # Errors
/// UnexpectedEof when the server closes first, WouldBlock when it never answers.
pub fn ask(mut stream: &TcpStream, message: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(message)?;
    let mut answer = vec![0; message.len()];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

/// One byte, a pause, the next byte: the pause is what this peer is.
///
/// # Errors
/// What write(2) says.
pub fn drip(mut stream: &TcpStream, message: &[u8], pause: Duration) -> io::Result<()> {
    for byte in message {
        stream.write_all(&[*byte])?;
        std::thread::sleep(pause);
    }
    Ok(())
}

/// Ends its own direction (a FIN) and reads until the server ends the other one.
///
/// # Errors
/// What read(2) says: ECONNRESET when the server threw the answer away.
pub fn half_close(mut stream: &TcpStream) -> io::Result<Vec<u8>> {
    stream.shutdown(Shutdown::Write)?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest)?;
    Ok(rest)
}

/// Vanishes with a RST, as a crashed machine's connection does.
///
/// # Errors
/// What setsockopt(2) says.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    drop(stream);
    Ok(())
}

/// Writes and never reads, until the server takes no more for `patience`: every buffer on the
/// way is full then. Gives the number of bytes on their way, at most `limit`.
///
/// # Errors
/// What send(2) says.
pub fn stall(stream: &TcpStream, patience: Duration, limit: usize) -> io::Result<usize> {
    stall_until(stream, patience, limit, || false)
}

/// The same, and no patience is needed once the server takes no more and `full` knows that it is
/// not going to.
///
/// # Errors
/// What send(2) says.
pub fn stall_until(
    mut stream: &TcpStream,
    patience: Duration,
    limit: usize,
    full: impl Fn() -> bool,
) -> io::Result<usize> {
    const LOOK: u8 = 5;
    stream.set_nonblocking(true)?;
    let (chunk, mut sent) = ([b'.'; 16 * 1024], 0);
    let mut taken = Instant::now();
    while sent < limit {
        match stream.write(&chunk[..chunk.len().min(limit - sent)]) {
            Ok(n) => (sent, taken) = (sent + n, Instant::now()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut fds = [PollFd::new(stream.as_fd(), PollFlags::POLLOUT)];
                let room = poll(&mut fds, PollTimeout::from(LOOK))? != 0;
                if !room && (full() || taken.elapsed() > patience) {
                    break;
                }
            }
            Err(error) => return Err(error),
        }
    }
    stream.set_nonblocking(false)?;
    Ok(sent)
}

/// Waits until the program at the other end, on this machine, has read all that was sent: what is
/// sent next is another read for it, however fast or slow it is. When it has gone, nobody will
/// read, and there is nothing to wait for.
///
/// # Panics
/// When it never reads, and for anything but IPv4.
#[track_caller]
pub fn until_read(stream: &TcpStream) {
    until("the peer has read all that was sent", || {
        let (Ok(us), Ok(them)) = (stream.local_addr(), stream.peer_addr()) else { return Some(()) };
        let (SocketAddr::V4(us), SocketAddr::V4(them)) = (us, them) else {
            panic!("until_read looks into /proc/net/tcp, which has IPv4 only")
        };
        let Some(ours) = Queues::of(us, them) else { return Some(()) };
        let is_read = match Queues::of(them, us) {
            Some(theirs) => theirs.unread == 0,
            // The list is not made in one moment: one that is open at both ends is only missed.
            None => !ours.established,
        };
        (ours.unsent == 0 && is_read).then_some(())
    });
}

/// What /proc/net/tcp says of one end of a connection (proc_net_tcp in the kernel's
/// documentation).
struct Queues {
    established: bool,
    /// Sent, and not acknowledged by the other kernel.
    unsent: u64,
    /// Arrived, and not read by the program.
    unread: u64,
}

impl Queues {
    fn of(us: SocketAddrV4, them: SocketAddrV4) -> Option<Self> {
        // The four bytes are printed as the number that they are to this machine.
        let shown = |address: SocketAddrV4| {
            let bytes = u32::from_ne_bytes(address.ip().octets());
            format!("{bytes:08X}:{:04X}", address.port())
        };
        let (us, them) = (shown(us), shown(them));
        let list = std::fs::read_to_string("/proc/net/tcp").ok()?;
        list.lines().find_map(|line| {
            let mut fields = line.split_whitespace().skip(1);
            (fields.next() == Some(&us) && fields.next() == Some(&them)).then_some(())?;
            let established = fields.next()? == "01";
            let (unsent, unread) = fields.next()?.split_once(':')?;
            let number = |text| u64::from_str_radix(text, 16).ok();
            Some(Self { established, unsent: number(unsent)?, unread: number(unread)? })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn what_was_read_is_told_from_what_has_arrived() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sender = connect(listener.local_addr().unwrap()).unwrap();
        until_read(&sender);
        let mut receiver = listener.accept().unwrap().0;
        (&sender).write_all(b"abc").unwrap();

        let has_read = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                receiver.read_exact(&mut [0; 2]).unwrap();
                let (us, them) = (receiver.local_addr().unwrap(), receiver.peer_addr().unwrap());
                let (SocketAddr::V4(us), SocketAddr::V4(them)) = (us, them) else { panic!() };
                assert_eq!(Queues::of(us, them).unwrap().unread, 1);
                has_read.store(true, Ordering::SeqCst);
                receiver.read_exact(&mut [0]).unwrap();
                receiver
            });
            until_read(&sender);
            assert!(has_read.load(Ordering::SeqCst), "one byte was still there");
            reset(reader.join().unwrap()).unwrap();
        });
        // Nobody is left who could read.
        let _ = (&sender).write_all(b"d");
        until_read(&sender);
    }
}
