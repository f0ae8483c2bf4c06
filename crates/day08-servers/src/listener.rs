//! accept(2), and what to do when it fails.

use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use sockets::tcp;

pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    /// Somebody has been told that the descriptors have run out.
    told: AtomicBool,
    /// The last attempt found none.
    short: AtomicBool,
}

pub(crate) enum Next {
    Client(TcpStream),
    /// The backlog is empty: of a non-blocking listener only.
    Nobody,
    /// There is no descriptor for the next client, which stays in the backlog.
    NoRoom,
}

impl Listener {
    pub(crate) fn new(socket: TcpListener) -> Self {
        Self { socket, told: AtomicBool::new(false), short: AtomicBool::new(false) }
    }

    /// The next client. `None` when nobody is there, of a non-blocking listener only. When there
    /// is no descriptor for it, it stays in the backlog, and we look again a little later.
    pub(crate) fn next(&self) -> io::Result<Option<TcpStream>> {
        loop {
            match self.look()? {
                Next::Nobody => return Ok(None),
                Next::Client(stream) => return Ok(Some(stream)),
                Next::NoRoom => thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// The same without the pause.
    pub(crate) fn look(&self) -> io::Result<Next> {
        loop {
            match self.socket.accept() {
                Ok((stream, _)) => {
                    // One that had to wait for its descriptor is no end of the shortage.
                    if !self.short.swap(false, Ordering::Relaxed) {
                        self.told.store(false, Ordering::Relaxed);
                    }
                    return Ok(Next::Client(stream));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Next::Nobody),
                // It has gone again before it was accepted (and EINTR).
                Err(error) if tcp::concerns_one_connection(&error) => {}
                Err(error) if tcp::is_out_of_resources(&error) => {
                    // Once, not for each new attempt. (It may pass by itself: the C library opens
                    // a file for a moment in the thread that needs the ninth heap.)
                    self.short.store(true, Ordering::Relaxed);
                    if !self.told.swap(true, Ordering::Relaxed) {
                        writeln!(io::stderr(), "new clients have to wait: {error}")?;
                    }
                    return Ok(Next::NoRoom);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
