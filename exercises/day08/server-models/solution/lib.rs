//! An echo server in four models.

use std::io::{self, Read, Write};
use std::iter::once;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use sockets::tcp::concerns_one_connection;

/// One client after the other.
pub fn iterative(listener: TcpListener) -> io::Result<()> {
    loop {
        // Whoever comes meanwhile has a connection already, made by the kernel, and waits in the
        // backlog without knowing that nobody is here.
        if let Some(client) = next(&listener)? {
            // How it went is this client's affair.
            let _ = echo(&client);
        }
    }
}

/// A process for each client.
pub fn forking(listener: TcpListener) -> io::Result<()> {
    let mut children: Vec<Pid> = Vec::new();
    loop {
        let Some(client) = next(&listener)? else { continue };
        // Everyone is asked, by number and without waiting: those who have ended leave the list.
        children.retain(|&child| {
            let status = waitpid(child, Some(WaitPidFlag::WNOHANG));
            matches!(status, Ok(WaitStatus::StillAlive) | Err(Errno::EINTR))
        });
        // SAFETY: the server has one thread, so the child is a whole process.
        match unsafe { fork() } {
            Ok(ForkResult::Child) => {
                // Its copy of the listener would keep the port taken for as long as this client
                // stays. Moving it out of a loop is allowed, because nothing comes after _exit.
                drop(listener);
                let code = i32::from(echo(&client).is_err());
                // SAFETY: it does not return, least of all into the loop of the parent.
                unsafe { libc::_exit(code) }
            }
            // The parent's copy of the connection is dropped at the end of this turn. A FIN is
            // sent when the last copy is closed.
            Ok(ForkResult::Parent { child }) => children.push(child),
            // No process for this client (EAGAIN): it is turned away, the others are not.
            Err(_) => {}
        }
    }
}

/// A thread for each client, and never more than `at_once` of them.
pub fn threaded(listener: TcpListener, at_once: usize) -> io::Result<()> {
    let places = Arc::new(Places { free: Mutex::new(at_once), freed: Condvar::new() });
    loop {
        // Before accept: whoever there is no place for stays in the backlog, which has a limit of
        // its own and costs this process nothing.
        let place = places.take();
        let Some(client) = next(&listener)? else { continue };
        // All threads have one table of descriptors, so there is nothing to close here: the
        // connection moves into the thread, and so does the place. When no thread can be had, both
        // are dropped at once.
        let _ = thread::Builder::new().spawn(move || {
            let _place = place;
            let _ = echo(&client);
        });
    }
}

struct Places {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Places {
    fn take(self: &Arc<Self>) -> Place {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free =
            self.freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Place(Arc::clone(self))
    }
}

/// A place that was taken, given back however its thread ends.
struct Place(Arc<Places>);

impl Drop for Place {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

/// One loop for all clients.
pub fn polling(listener: TcpListener) -> io::Result<()> {
    // Readiness is no promise: the client that was there may have gone before accept.
    listener.set_nonblocking(true)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let door = PollFd::new(listener.as_fd(), PollFlags::POLLIN);
        let mut fds: Vec<_> = once(door).chain(clients.iter().map(Client::interest)).collect();
        // The one place where this server sleeps.
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        // Errors and hang-ups count: the next call says what they are.
        let ready: Vec<bool> = fds.iter().map(|fd| fd.any().unwrap_or(true)).collect();
        let mut of_clients = ready[1..].iter();
        clients.retain_mut(|client| of_clients.next() != Some(&true) || client.goes_on());
        if ready[0]
            && let Some(stream) = next(&listener)?
            && stream.set_nonblocking(true).is_ok()
        {
            clients.push(Client { stream, owed: Vec::new() });
        }
    }
}

struct Client {
    stream: TcpStream,
    /// What it has sent and not got back yet.
    owed: Vec<u8>,
}

impl Client {
    /// Nothing is read from a client that does not read its answers: what it is owed stays small,
    /// and its own sends will wait.
    fn interest(&self) -> PollFd<'_> {
        let wanted = if self.owed.is_empty() { PollFlags::POLLIN } else { PollFlags::POLLOUT };
        PollFd::new(self.stream.as_fd(), wanted)
    }

    /// Does what can be done without waiting; false when this client is done.
    fn goes_on(&mut self) -> bool {
        let step = if self.owed.is_empty() { self.receive() } else { Ok(true) };
        match step.and_then(|more| self.send().map(|()| more)) {
            Ok(more) => more,
            Err(error) => {
                matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
            }
        }
    }

    fn receive(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 4096];
        let n = self.stream.read(&mut buffer)?;
        self.owed.extend_from_slice(&buffer[..n]);
        Ok(n > 0)
    }

    fn send(&mut self) -> io::Result<()> {
        if !self.owed.is_empty() {
            let n = self.stream.write(&self.owed)?;
            self.owed.drain(..n);
        }
        Ok(())
    }
}

/// The next client, `None` when it has gone before it could be let in.
fn next(listener: &TcpListener) -> io::Result<Option<TcpStream>> {
    match listener.accept() {
        Ok((client, _)) => Ok(Some(client)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) if concerns_one_connection(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One client, from its first byte to its end.
fn echo(mut client: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        match client.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => client.write_all(&buffer[..n])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
