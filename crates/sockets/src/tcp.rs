//! TCP: listeners and connections (tcp(7), ip(7), ipv6(7)).
//!
//! std's `TcpListener::bind` decides alone: SO_REUSEADDR on, a backlog of 128. Here both are said.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd as _, FromRawFd as _};

use socket2::{Domain, Protocol, SockAddr, SockAddrStorage, SockRef, Socket, Type, socklen_t};
use syscall::{Context as _, Deadline, Errno, Error, IntoErrno as _, Result};

use crate::message::wait_until_writable;

/// How to listen. The defaults are what a server on the internet wants.
#[derive(Clone, Debug)]
#[must_use]
pub struct Listen {
    backlog: i32,
    reuse_address: bool,
    reuse_port: bool,
    only_v6: Option<bool>,
    nonblocking: bool,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            backlog: 128,
            reuse_address: true,
            reuse_port: false,
            only_v6: None,
            nonblocking: false,
        }
    }
}

impl Listen {
    /// Backlog 128, SO_REUSEADDR, blocking.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many finished connections may wait for accept(2). Linux keeps one more than this and
    /// never more than `net.core.somaxconn`; further handshakes are left unanswered (listen(2)).
    pub fn backlog(mut self, length: u16) -> Self {
        self.backlog = length.into();
        self
    }

    /// SO_REUSEADDR: bind although old connections of this port are in TIME_WAIT (default: yes).
    /// It does not let two listeners share a port.
    pub fn reuse_address(mut self, on: bool) -> Self {
        self.reuse_address = on;
        self
    }

    /// SO_REUSEPORT: many listeners of one user share the port, the kernel deals connections out.
    pub fn reuse_port(mut self, on: bool) -> Self {
        self.reuse_port = on;
        self
    }

    /// IPV6_V6ONLY: whether `[::]` leaves IPv4 alone. Unset, the system decides
    /// (`net.ipv6.bindv6only`).
    pub fn only_v6(mut self, on: bool) -> Self {
        self.only_v6 = Some(on);
        self
    }

    /// O_NONBLOCK on the listener. Sockets that it accepts do not inherit it.
    pub fn nonblocking(mut self, on: bool) -> Self {
        self.nonblocking = on;
        self
    }

    /// socket, setsockopt, bind, listen. Port 0 lets the kernel choose: ask `local_addr()`.
    ///
    /// # Errors
    /// EADDRINUSE (somebody listens there), EACCES (a port below 1024), EADDRNOTAVAIL (not an
    /// address of this machine), EMFILE, ENFILE, EAFNOSUPPORT (no IPv6).
    pub fn on(&self, address: SocketAddr) -> Result<TcpListener> {
        let socket = stream_socket(address)?;
        socket.set_reuse_address(self.reuse_address).call("setsockopt")?;
        if self.reuse_port {
            socket.set_reuse_port(true).call("setsockopt")?;
        }
        if let (Some(only), SocketAddr::V6(_)) = (self.only_v6, address) {
            socket.set_only_v6(only).call("setsockopt")?;
        }
        socket.set_nonblocking(self.nonblocking).call("fcntl")?;
        socket.bind(&address.into()).call_on("bind", address)?;
        socket.listen(self.backlog).call_on("listen", address)?;
        Ok(socket.into())
    }
}

/// How to connect.
#[derive(Clone, Debug)]
#[must_use]
pub struct Connect {
    deadline: Deadline,
    nodelay: bool,
    from: Option<SocketAddr>,
}

impl Default for Connect {
    fn default() -> Self {
        Self { deadline: Deadline::Never, nodelay: true, from: None }
    }
}

impl Connect {
    /// No time limit of our own (the kernel gives up after about two minutes), TCP_NODELAY.
    pub fn new() -> Self {
        Self::default()
    }

    /// When to give up, over all addresses together.
    pub fn deadline(mut self, deadline: Deadline) -> Self {
        self.deadline = deadline;
        self
    }

    /// TCP_NODELAY: send small messages at once instead of waiting for an acknowledgement
    /// (Nagle's algorithm, RFC 896). Default: yes.
    pub fn nodelay(mut self, on: bool) -> Self {
        self.nodelay = on;
        self
    }

    /// Bind to this address first: a source address, or a fixed port.
    pub fn from(mut self, address: SocketAddr) -> Self {
        self.from = Some(address);
        self
    }

    /// Connects and gives a blocking stream.
    ///
    /// # Errors
    /// ECONNREFUSED (nobody listens), ETIMEDOUT (nobody answers, or the deadline has passed),
    /// ENETUNREACH, EHOSTUNREACH, EMFILE.
    pub fn to(&self, address: SocketAddr) -> Result<TcpStream> {
        let socket = stream_socket(address)?;
        if let Some(from) = self.from {
            socket.bind(&from.into()).call_on("bind", from)?;
        }
        socket.set_tcp_nodelay(self.nodelay).call("setsockopt")?;
        connect(&socket, &address.into(), self.deadline)
            .map_err(|errno| Error::new("connect", errno).on(address))?;
        Ok(socket.into())
    }

    /// Tries one address after the other (the list of [`crate::addr::resolve`]).
    ///
    /// # Errors
    /// That of the last address; EINVAL for an empty list.
    pub fn to_any(&self, addresses: &[SocketAddr]) -> Result<TcpStream> {
        let mut outcome = Err(Error::new("connect", Errno::EINVAL).on("no address"));
        for address in addresses {
            outcome = self.to(*address);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }
}

/// Makes close(2) send a RST instead of a FIN and throw away what was not sent yet: the peer's
/// next read fails with ECONNRESET (SO_LINGER with a time of zero, socket(7)).
///
/// # Errors
/// ENOTSOCK.
pub fn reset_on_close(stream: &TcpStream) -> Result<()> {
    SockRef::from(stream).set_linger(Some(std::time::Duration::ZERO)).call("setsockopt")
}

/// accept4(2): a connection that is born non-blocking and close-on-exec. std's `accept` cannot say so,
/// and costs a second call for each connection.
///
/// # Errors
/// EAGAIN: nobody waits. Ask [`concerns_one_connection`] and [`is_out_of_resources`] about others.
pub fn accept_nonblocking(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let accept = |address: *mut SockAddrStorage, length: *mut socklen_t| {
        let flags = nix::libc::SOCK_NONBLOCK | nix::libc::SOCK_CLOEXEC;
        // SAFETY: both pointers are try_init's own, and it has set the length to the room that there is.
        let fd = unsafe { nix::libc::accept4(listener.as_raw_fd(), address.cast(), length, flags) };
        Ok(Errno::result(fd)?)
    };
    // SAFETY: when accept4 succeeds it has written an address and its length.
    let (fd, address) = unsafe { SockAddr::try_init(accept) }?;
    // SAFETY: the kernel has just made this descriptor for us, and nobody else knows of it.
    let stream = unsafe { TcpStream::from_raw_fd(fd) };
    Ok((stream, address.as_socket().ok_or(io::ErrorKind::InvalidData)?))
}

/// Everybody who waits in the queue of a non-blocking listener: accept(2) until EAGAIN.
///
/// A connection that has gone again before it was accepted is passed over, and so is an error of
/// the network that was waiting on it, which Linux reports here (accept(2), "Error handling").
/// Any other error is given and ends the iteration; ask [`is_out_of_resources`] about it. The new
/// streams are blocking: O_NONBLOCK is not inherited.
pub fn waiting(listener: &TcpListener) -> Waiting<'_> {
    Waiting { listener, done: false }
}

/// The iterator of [`waiting`].
#[derive(Debug)]
pub struct Waiting<'a> {
    listener: &'a TcpListener,
    done: bool,
}

impl Iterator for Waiting<'_> {
    type Item = io::Result<TcpStream>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.listener.accept() {
                Ok((stream, _)) => return Some(Ok(stream)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.done = true,
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Whether accept(2) failed for the sake of this one connection, so that the next call may succeed
/// at once: the peer has gone again, or an error of the network was waiting on it.
pub fn concerns_one_connection(error: &io::Error) -> bool {
    let Some(number) = error.raw_os_error() else { return false };
    matches!(
        Errno::from_raw(number),
        Errno::ECONNABORTED
            | Errno::EINTR
            | Errno::EPROTO
            | Errno::ENETDOWN
            | Errno::ENOPROTOOPT
            | Errno::EHOSTDOWN
            | Errno::ENONET
            | Errno::EHOSTUNREACH
            | Errno::EOPNOTSUPP
            | Errno::ENETUNREACH
    )
}

/// Whether accept(2) failed because we or the machine have run out of something: EMFILE, ENFILE,
/// ENOBUFS, ENOMEM. The connection stays in the queue and the listener stays readable, so a loop
/// that just tries again spins: leave the listener alone for a while.
pub fn is_out_of_resources(error: &io::Error) -> bool {
    let Some(number) = error.raw_os_error() else { return false };
    matches!(
        Errno::from_raw(number),
        Errno::EMFILE | Errno::ENFILE | Errno::ENOBUFS | Errno::ENOMEM
    )
}

fn stream_socket(address: SocketAddr) -> Result<Socket> {
    Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP)).call("socket")
}

/// connect(2) under a deadline. The call is made without blocking and waited for, which also
/// makes EINTR harmless: an interrupted connect goes on in the background and must not be
/// repeated (it would fail with EALREADY).
pub(crate) fn connect(
    socket: &Socket,
    address: &SockAddr,
    deadline: Deadline,
) -> std::result::Result<(), Errno> {
    let errno = io::Error::into_errno;
    socket.set_nonblocking(true).map_err(errno)?;
    match socket.connect(address).map_err(errno) {
        Err(Errno::EINPROGRESS | Errno::EINTR) => {
            wait_until_writable(socket, deadline)?;
            // Writable may mean refused: the result of the attempt lies in SO_ERROR.
            if let Some(error) = socket.take_error().map_err(errno)? {
                return Err(error.into_errno());
            }
        }
        done => done?,
    }
    socket.set_nonblocking(false).map_err(errno)
}
