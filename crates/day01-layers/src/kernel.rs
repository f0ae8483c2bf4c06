//! What the kernel says about a connection: TCP_INFO for a socket that we hold, /proc/net/tcp for
//! one that belongs to no descriptor any more.

use std::io;
use std::mem::{MaybeUninit, size_of};
use std::net::SocketAddrV4;
use std::os::fd::{AsFd, AsRawFd as _};

use cli::Outcome;
use nix::errno::Errno;

/// The states of RFC 9293 by the numbers of Linux (include/net/tcp_states.h), from 1.
const STATES: [&str; 11] = [
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
];

fn name(state: u8) -> &'static str {
    usize::from(state).checked_sub(1).and_then(|at| STATES.get(at)).unwrap_or(&"?")
}

/// The state of a TCP socket.
pub(crate) fn state(socket: impl AsFd) -> io::Result<&'static str> {
    Ok(name(info(socket)?.tcpi_state))
}

/// getsockopt(TCP_INFO): everything that TCP knows about this end of the connection (tcp(7)).
pub(crate) fn info(socket: impl AsFd) -> io::Result<libc::tcp_info> {
    let mut info = MaybeUninit::<libc::tcp_info>::zeroed();
    let mut length = length_of::<libc::tcp_info>();
    // SAFETY: the descriptor is borrowed, hence open; the kernel writes at most `length` bytes to
    // `info`, which is that large.
    let done = unsafe {
        libc::getsockopt(
            socket.as_fd().as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            info.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    Errno::result(done)?;
    // SAFETY: it was zeroed, which is a value of this struct of numbers; an older kernel that
    // writes less leaves the zeros.
    Ok(unsafe { info.assume_init() })
}

/// TCP_DEFER_ACCEPT: the handshake of a new connection is not finished before data has come, for
/// at most so many seconds.
pub(crate) fn defer_accept(listener: impl AsFd, seconds: libc::c_int) -> io::Result<()> {
    // SAFETY: the descriptor is borrowed, hence open; the kernel reads one c_int from `seconds`,
    // which lives until the call is over.
    let done = unsafe {
        libc::setsockopt(
            listener.as_fd().as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_DEFER_ACCEPT,
            (&raw const seconds).cast(),
            length_of::<libc::c_int>(),
        )
    };
    Errno::result(done)?;
    Ok(())
}

fn length_of<T>() -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or(0)
}

/// The state in the row of /proc/net/tcp or udp for this pair of addresses; "none" without a row.
/// The rows are in hexadecimal: `0100007F:1F90` is 127.0.0.1:8080, the address as this machine
/// reads four bytes in network order.
pub(crate) fn listed(
    table: &str,
    local: SocketAddrV4,
    peer: SocketAddrV4,
) -> Outcome<&'static str> {
    let key =
        |a: SocketAddrV4| format!("{:08X}:{:04X}", u32::from_ne_bytes(a.ip().octets()), a.port());
    let (local, peer) = (key(local), key(peer));
    let rows = std::fs::read_to_string(format!("/proc/net/{table}"))?;
    let row = rows.lines().skip(1).find_map(|row| {
        let mut words = row.split_ascii_whitespace().skip(1);
        (words.next()? == local && words.next()? == peer).then(|| words.next()).flatten()
    });
    Ok(row.map_or(Ok("none"), |state| u8::from_str_radix(state, 16).map(name))?)
}
