//! The sockets of a network namespace as /proc/net shows them (proc_pid_net(5), unix(7)): all of
//! them at once, which takes milliseconds, and so only when nothing better is allowed.

use std::collections::HashMap;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use super::{address, socket};
use crate::call::Address;
use crate::state::{Backlog, Socket};
use crate::sys::Tid;

/// Inode → socket, read at the first question. The processes of a demo share a namespace: that of
/// the first one that is asked about.
#[derive(Debug, Default)]
pub(super) struct Tables(Option<HashMap<u64, Socket>>);

impl Tables {
    /// A socket that is neither bound nor connected stands in no table: it is a `socket`.
    pub(super) fn find(&mut self, pid: Tid, inode: u64) -> Socket {
        let all = self.0.get_or_insert_with(|| read(pid));
        let nothing = || Socket { kind: "socket".into(), ..Socket::default() };
        all.get(&inode).cloned().unwrap_or_else(nothing)
    }
}

fn read(pid: Tid) -> HashMap<u64, Socket> {
    let mut all = HashMap::new();
    for kind in ["tcp", "tcp6", "udp", "udp6", "unix"] {
        // A table that is not there (no IPv6) has no sockets.
        let table = fs::read(format!("/proc/{pid}/net/{kind}")).unwrap_or_default();
        let table = String::from_utf8_lossy(&table);
        let line = if kind == "unix" { unix } else { inet };
        all.extend(table.lines().skip(1).filter_map(|text| line(kind, text)));
    }
    all
}

/// `0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1234 …`
fn inet(kind: &str, line: &str) -> Option<(u64, Socket)> {
    let mut words = line.split_whitespace().skip(1);
    let local = inet_address(words.next()?)?;
    let peer = inet_address(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let (sends, receives) = words.next()?.split_once(':')?;
    let [sends, receives] = [sends, receives].map(|queue| u32::from_str_radix(queue, 16));
    let (sends, receives) = (sends.ok()?, receives.ok()?);
    let inode = words.nth(4)?.parse().ok()?;
    let kind = kind.trim_end_matches('6');
    let mut socket = Socket {
        kind: kind.into(),
        local: address::bound(local),
        peer: address::bound(peer),
        state: Some(socket::tcp_state(state).into()),
        ..Socket::default()
    };
    if socket.state.as_deref() == Some("LISTEN") {
        socket.backlog = Some(Backlog { waiting: receives, limit: None });
    } else {
        // Of UDP the table shows memory, of TCP also what only waits for its acknowledgement: then
        // nothing but zero has a meaning.
        let tcp = kind == "tcp";
        socket.readable = (tcp || receives == 0).then_some(receives.into());
        socket.unsent = (tcp && sends == 0).then_some(0);
    }
    Some((inode, socket))
}

/// Words of the machine's order in hexadecimal, and the port.
fn inet_address(text: &str) -> Option<Address> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |text: &str| Some(u32::from_str_radix(text, 16).ok()?.to_ne_bytes());
    if ip.len() == 8 {
        return Some(Address::V4(SocketAddrV4::new(Ipv4Addr::from(word(ip)?), port)));
    }
    let mut bytes = [0; 16];
    for (index, part) in bytes.chunks_exact_mut(4).enumerate() {
        part.copy_from_slice(&word(ip.get(index * 8..index * 8 + 8)?)?);
    }
    Some(Address::V6(SocketAddrV6::new(Ipv6Addr::from(bytes), port, 0, 0)))
}

/// `00000000741a0e3e: 00000003 00000000 00010000 0001 01 7795892 /tmp/socket`
fn unix(_kind: &str, line: &str) -> Option<(u64, Socket)> {
    // The name comes last and may contain blanks.
    let mut words = line.splitn(8, ' ').skip(3);
    let listens = words.next()? == "00010000";
    let kind = match words.next()? {
        "0001" => "unix stream",
        "0002" => "unix datagram",
        "0005" => "unix seqpacket",
        _ => "unix other",
    };
    let connected = words.next()? == "03";
    // Inodes are padded to five characters.
    let rest = words.next()?;
    let (inode, name) = match (rest, words.next()) {
        ("", Some(rest)) => rest.trim_start().split_once(' ').unwrap_or((rest.trim_start(), "")),
        (inode, name) => (inode, name.unwrap_or_default()),
    };
    let local = match name.strip_prefix('@') {
        // An `@` stands for each NUL.
        Some(name) => Some(Address::Abstract(name.into())),
        None => (!name.is_empty()).then(|| Address::Path(name.into())),
    };
    let state = match (listens, connected) {
        (true, _) => "LISTEN",
        (_, true) => "ESTAB",
        _ => "UNCONN",
    };
    let socket =
        Socket { kind: kind.into(), local, state: Some(state.into()), ..Socket::default() };
    Some((inode.parse().ok()?, socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_form() {
        let listener = "0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000 \
                        0 0 1234 1 00000000d75ae229 100 0 0 10 0";
        let (inode, socket) = inet("tcp", listener).unwrap();
        assert_eq!(inode, 1234);
        assert_eq!(socket.kind, "tcp");
        assert_eq!(socket.state.as_deref(), Some("LISTEN"));
        assert_eq!(socket.backlog, Some(Backlog { waiting: 2, limit: None }));
        #[cfg(target_endian = "little")]
        assert_eq!(socket.local, Some(Address::V4("127.0.0.1:8080".parse().unwrap())));
        assert_eq!(socket.peer, None);

        for (line, inode, local) in [
            ("0: 3 0 00010000 0001 01 77 /tmp/a b", 77, Some(Address::Path("/tmp/a b".into()))),
            ("0: 3 0 00010000 0001 01    77 @name", 77, Some(Address::Abstract("name".into()))),
            ("0: 3 0 00010000 0001 01    77", 77, None),
            ("0: 3 0 00010000 0001 01 7795892", 7_795_892, None),
        ] {
            let (found, socket) = unix("unix", line).unwrap();
            assert_eq!((found, socket.local), (inode, local), "{line}");
            assert_eq!(socket.state.as_deref(), Some("LISTEN"));
        }
        assert_eq!(inet("tcp", "sl local_address"), None);
        assert_eq!(unix("unix", ""), None);
    }
}
