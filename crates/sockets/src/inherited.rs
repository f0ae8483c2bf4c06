//! Sockets that were open when the program was started, handed over by whoever has started it
//! (sd_listen_fds(3), systemd.socket(5)): it can be restarted without missing a datagram or a
//! connection, and a port below 1024 needs no privileges of its own.
//!
//! `LISTEN_FDS` says how many descriptors there are, from number 3 on; `LISTEN_PID` says for whom,
//! because children inherit the environment as well.

use std::net::{TcpListener, UdpSocket};
use std::os::fd::{FromRawFd as _, OwnedFd, RawFd};
use std::sync::atomic::{AtomicBool, Ordering};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use socket2::{Domain, SockRef, Socket, Type};
use syscall::{Context as _, Errno, Result};

/// The first of them (SD_LISTEN_FDS_START).
const FIRST: RawFd = 3;

/// What was handed over to this process, close-on-exec from now on: nothing, usually, and nothing
/// at a second call.
///
/// # Errors
/// EBADF: the environment promises a descriptor that is not there. EINVAL: a promise without sense.
pub fn take() -> Result<Vec<OwnedFd>> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    let number = |name| std::env::var(name).ok();
    let for_us = number("LISTEN_PID") == Some(std::process::id().to_string());
    let Some(count) = number("LISTEN_FDS").filter(|_| for_us) else { return Ok(Vec::new()) };
    if TAKEN.swap(true, Ordering::SeqCst) {
        return Ok(Vec::new());
    }
    let count: u8 = count.parse().map_err(|_| Errno::EINVAL).call_on("LISTEN_FDS", &count)?;
    (FIRST..FIRST + RawFd::from(count)).map(own).collect()
}

fn own(number: RawFd) -> Result<OwnedFd> {
    // SAFETY: if nothing is open there, the next call says so, and the number is given up.
    let borrowed = unsafe { std::os::fd::BorrowedFd::borrow_raw(number) };
    fcntl(borrowed, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).call_on("fcntl", number)?;
    // SAFETY: it is open, it was so before this program began, whose environment says that it is
    // ours; and it is taken once.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// As a UDP socket, if it is one.
///
/// # Errors
/// ENOTSOCK; EPROTOTYPE when it is a socket of another kind.
pub fn udp(fd: OwnedFd) -> Result<UdpSocket> {
    let socket = Socket::from(fd);
    let is_udp = is_inet(&socket, Type::DGRAM)?;
    if is_udp { Ok(socket.into()) } else { Err(Errno::EPROTOTYPE).call_on("LISTEN_FDS", "udp") }
}

/// As a TCP listener, if it is one: `Accept=no` in a systemd.socket(5).
///
/// # Errors
/// ENOTSOCK; EPROTOTYPE when it is a socket of another kind, or a connection.
pub fn tcp(fd: OwnedFd) -> Result<TcpListener> {
    let socket = Socket::from(fd);
    let is_tcp = is_inet(&socket, Type::STREAM)? && socket.is_listener().call("getsockopt")?;
    if is_tcp { Ok(socket.into()) } else { Err(Errno::EPROTOTYPE).call_on("LISTEN_FDS", "tcp") }
}

/// Whether it is of the kind whose ends are streams: [`tcp`] takes those, [`udp`] the others.
///
/// # Errors
/// ENOTSOCK.
pub fn is_stream(fd: &OwnedFd) -> Result<bool> {
    Ok(SockRef::from(fd).r#type().call("getsockopt")? == Type::STREAM)
}

fn is_inet(socket: &Socket, r#type: Type) -> Result<bool> {
    let domain = socket.domain().call("getsockopt")?;
    let is_inet = domain == Domain::IPV4 || domain == Domain::IPV6;
    Ok(is_inet && socket.r#type().call("getsockopt")? == r#type)
}
