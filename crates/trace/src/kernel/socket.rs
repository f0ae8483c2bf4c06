//! A socket: what it is, between whom, in which state, and how full.

use libc::c_int;

use super::address;
use super::descriptors::Look;
use super::duplicate::{Count, Duplicate};
use crate::state::{Backlog, Socket};

/// `inode` is the socket's number in /proc/PID/fd.
pub(super) fn look(look: &mut Look<'_>, fd: i32, inode: u64) -> Socket {
    if let Some(known) = look.sources.sockets.get(&inode) {
        return known.clone();
    }
    let known = look.ask(fd, describe);
    let mut socket = known.flatten().unwrap_or_else(|| look.sources.tables.find(look.pid, inode));
    let unix = socket.kind.starts_with("unix");
    if unix && socket.state.as_deref() == Some("LISTEN") {
        socket.backlog = look.sources.listeners.backlog(inode);
    }
    look.sources.sockets.insert(inode, socket.clone());
    socket
}

fn describe(socket: &Duplicate) -> Option<Socket> {
    let domain = socket.option(libc::SO_DOMAIN)?;
    let kind = socket.option(libc::SO_TYPE)?;
    let protocol = socket.option(libc::SO_PROTOCOL)?;
    let mut known = Socket {
        kind: name(domain, kind, protocol),
        local: socket.local().and_then(address::bound),
        peer: socket.peer(),
        ..Socket::default()
    };
    let listening = socket.option(libc::SO_ACCEPTCONN) == Some(1);
    let state = if protocol == libc::IPPROTO_TCP {
        let (state, waiting, limit) = socket.tcp()?;
        known.backlog = listening.then_some(Backlog { waiting, limit: Some(limit) });
        tcp_state(state)
    } else if listening {
        "LISTEN"
    } else if known.peer.is_some() {
        "ESTAB"
    } else {
        "UNCONN"
    };
    if !listening {
        known.readable = socket.count(Count::Readable);
        if protocol == libc::IPPROTO_TCP {
            known.unsent = socket.count(Count::Unsent);
        }
    }
    known.state = Some(state.into());
    Some(known)
}

/// The kind of socket in words (socket(2)).
fn name(domain: c_int, kind: c_int, protocol: c_int) -> String {
    let kind = match kind {
        libc::SOCK_STREAM => "stream",
        libc::SOCK_DGRAM => "datagram",
        libc::SOCK_SEQPACKET => "seqpacket",
        libc::SOCK_RAW => "raw",
        _ => "other",
    };
    match (domain, protocol) {
        (libc::AF_INET | libc::AF_INET6, libc::IPPROTO_TCP) => "tcp".into(),
        (libc::AF_INET | libc::AF_INET6, libc::IPPROTO_UDP) => "udp".into(),
        (libc::AF_INET | libc::AF_INET6, libc::IPPROTO_MPTCP) => "mptcp".into(),
        (libc::AF_INET, _) => format!("inet {kind}"),
        (libc::AF_INET6, _) => format!("inet6 {kind}"),
        (libc::AF_UNIX, _) => format!("unix {kind}"),
        (libc::AF_NETLINK, _) => "netlink".into(),
        (libc::AF_PACKET, _) => format!("packet {kind}"),
        _ => format!("family {domain} {kind}"),
    }
}

/// include/net/tcp_states.h in the words of ss(8). UDP and /proc/net/tcp use the same numbers.
pub(super) fn tcp_state(number: u8) -> &'static str {
    match number {
        1 => "ESTAB",
        2 => "SYN-SENT",
        3 | 12 => "SYN-RECV",
        4 => "FIN-WAIT-1",
        5 => "FIN-WAIT-2",
        6 => "TIME-WAIT",
        7 => "UNCONN",
        8 => "CLOSE-WAIT",
        9 => "LAST-ACK",
        10 => "LISTEN",
        11 => "CLOSING",
        _ => "UNKNOWN",
    }
}
