//! Which errno a call can have (the ERRORS of its manual), and on which descriptors.

use libc::{
    EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, ECONNABORTED, ECONNREFUSED,
    ECONNRESET, EDQUOT, EFBIG, EHOSTDOWN, EHOSTUNREACH, EINPROGRESS, EINTR, EINVAL, EIO, EMFILE,
    EMSGSIZE, ENETDOWN, ENETUNREACH, ENFILE, ENOBUFS, ENOENT, ENOMEM, ENOSPC, ENOTCONN, EPERM,
    EPIPE, EPROTO, ETIMEDOUT,
};

use super::Act;
use super::operation::Kind;
use crate::decode;

/// What a descriptor is, as far as faults differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// A socket that carries a stream of bytes.
    Stream,
    /// A socket that carries messages: datagrams, or packets in order.
    Messages,
    Pipe,
    /// A file in a file system, or a terminal.
    File,
    /// An eventfd and its like: whole values, nothing else.
    Values,
}

/// Why an act cannot happen to a call, wherever it is made.
pub(super) fn refusal(kind: Kind, number: u64, act: Act) -> Option<String> {
    let name = decode::name(number);
    match act {
        Act::Short(0) => Some("a transfer cannot be cut to 0 bytes: that is an end".into()),
        Act::Short(_) if !matches!(kind, Kind::Read(_) | Kind::Write(_)) => {
            Some(format!("{name} transfers no bytes that could be fewer"))
        }
        Act::Error(errno) if !knows(kind, number, errno) => {
            Some(format!("{name} cannot fail with {}", decode::errno_name(errno)))
        }
        _ => None,
    }
}

/// Whether the manual knows this errno. What is not in the table is believed.
fn knows(kind: Kind, number: u64, errno: i32) -> bool {
    match kind {
        Kind::Read(_) => matches!(
            errno,
            EAGAIN
                | EINTR
                | EIO
                | ECONNRESET
                | ECONNREFUSED
                | ETIMEDOUT
                | ENOTCONN
                | ENOMEM
                | ENOBUFS
                | EHOSTUNREACH
                | ENETUNREACH
                | ENETDOWN
        ),
        // udp(7): a segment that is longer than a network on the way takes.
        Kind::Write(_)
            if libc::c_long::try_from(number) == Ok(libc::SYS_sendmsg) && errno == EINVAL =>
        {
            true
        }
        Kind::Write(_) => matches!(
            errno,
            EAGAIN
                | EINTR
                | EIO
                | EPIPE
                | ECONNRESET
                | ECONNREFUSED
                | ETIMEDOUT
                | ENOTCONN
                | ENOMEM
                | ENOBUFS
                | ENOSPC
                | EDQUOT
                | EFBIG
                | EMSGSIZE
                | EHOSTUNREACH
                | ENETUNREACH
                | ENETDOWN
                | EPERM
                | EACCES
        ),
        Kind::Accept => matches!(
            errno,
            EAGAIN
                | EINTR
                | ECONNABORTED
                | EMFILE
                | ENFILE
                | ENOBUFS
                | ENOMEM
                | EPERM
                | EPROTO
                | ENETDOWN
                | EHOSTDOWN
                | EHOSTUNREACH
                | ENETUNREACH
                | ETIMEDOUT
        ),
        // After EINTR and EINPROGRESS the kernel goes on connecting; after a call that was never
        // made it does not.
        Kind::Connect => matches!(
            errno,
            ECONNREFUSED
                | ETIMEDOUT
                | EAGAIN
                | EACCES
                | EPERM
                | EADDRINUSE
                | EADDRNOTAVAIL
                | EAFNOSUPPORT
                | EHOSTUNREACH
                | ENETUNREACH
                | ENOENT
                | ENOMEM
                | ENOBUFS
                | ECONNRESET
        ),
        Kind::Wait => errno == EINTR || errno == ENOMEM && !is_epoll_wait(number),
        Kind::Descriptor | Kind::Other => match libc::c_long::try_from(number) {
            // The descriptor is closed whatever close says, so that a call that was not made
            // would leave it open.
            Ok(libc::SYS_close) => false,
            Ok(libc::SYS_epoll_ctl) => matches!(errno, ENOMEM | ENOSPC | EPERM | ENOENT),
            Ok(libc::SYS_wait4 | libc::SYS_waitid) => matches!(errno, EINTR | libc::ECHILD),
            Ok(libc::SYS_socket) => {
                matches!(errno, EMFILE | ENFILE | ENOBUFS | ENOMEM | EACCES | EAFNOSUPPORT)
            }
            _ => errno != EINPROGRESS,
        },
    }
}

fn is_epoll_wait(number: u64) -> bool {
    decode::name(number).starts_with("epoll")
}

/// Whether an act can happen on this descriptor: `waits` when a call on it may sleep.
pub(super) fn fits(kind: Kind, act: Act, behind: Behind, waits: bool) -> bool {
    let moves = matches!(kind, Kind::Read(_) | Kind::Write(_));
    match act {
        Act::Short(_) => !matches!(behind, Behind::Messages | Behind::Values),
        Act::Error(EAGAIN) if kind == Kind::Connect => !waits,
        Act::Error(EAGAIN) if moves || kind == Kind::Accept => !waits && behind != Behind::File,
        Act::Error(EINTR) if moves || kind == Kind::Accept => waits && behind != Behind::File,
        Act::Error(EPIPE) => matches!(behind, Behind::Stream | Behind::Messages | Behind::Pipe),
        Act::Error(ENOSPC | EDQUOT | EFBIG) if moves => behind == Behind::File,
        Act::Error(EMSGSIZE) => behind == Behind::Messages,
        Act::Error(
            ECONNRESET | ECONNREFUSED | ETIMEDOUT | ENOTCONN | EHOSTUNREACH | ENETUNREACH
            | ENETDOWN | ENOBUFS,
        ) if moves => matches!(behind, Behind::Stream | Behind::Messages),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::operation::{Length, kind};
    use super::*;

    const READ: Kind = Kind::Read(Length::Bytes);

    #[test]
    fn only_what_the_manual_knows() {
        for (call, act, possible) in [
            (libc::SYS_read, Act::Error(EINTR), true),
            (libc::SYS_read, Act::Error(EMFILE), false),
            (libc::SYS_accept4, Act::Error(EMFILE), true),
            (libc::SYS_connect, Act::Error(EINTR), false),
            (libc::SYS_epoll_pwait, Act::Error(ENOMEM), false),
            (libc::SYS_ppoll, Act::Error(ENOMEM), true),
            (libc::SYS_close, Act::Error(EIO), false),
            (libc::SYS_getpid, Act::Short(1), false),
            (libc::SYS_read, Act::Short(0), false),
            (libc::SYS_writev, Act::Short(1), true),
        ] {
            let number = call.cast_unsigned();
            let refusal = refusal(kind(number), number, act);
            assert_eq!(refusal.is_none(), possible, "{call} {act:?}: {refusal:?}");
        }
    }

    #[test]
    fn only_where_it_occurs() {
        for (act, behind, waits, fits_there) in [
            (Act::Error(EAGAIN), Behind::Stream, false, true),
            (Act::Error(EAGAIN), Behind::Stream, true, false),
            (Act::Error(EINTR), Behind::Pipe, true, true),
            (Act::Error(EINTR), Behind::Pipe, false, false),
            (Act::Error(EINTR), Behind::File, true, false),
            (Act::Error(ECONNRESET), Behind::Pipe, true, false),
            (Act::Short(1), Behind::Messages, true, false),
            (Act::Short(1), Behind::Values, true, false),
            (Act::Short(1), Behind::File, true, true),
        ] {
            assert_eq!(fits(READ, act, behind, waits), fits_there, "{act:?} {behind:?} {waits}");
        }
    }
}
