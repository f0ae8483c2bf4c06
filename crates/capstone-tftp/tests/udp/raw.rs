//! A peer that sends whatever it wants.

use std::net::{SocketAddr, UdpSocket};

use testkit::LIMIT;

/// A socket, and the TID that it talks to.
pub(crate) struct Peer {
    pub(crate) socket: UdpSocket,
    pub(crate) server: SocketAddr,
    pub(crate) tid: std::cell::Cell<Option<SocketAddr>>,
}

impl Peer {
    pub(crate) fn of(server: SocketAddr) -> Self {
        let socket = UdpSocket::bind((server.ip(), 0)).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        Self { socket, server, tid: None.into() }
    }

    /// One that has sent this to the server's own port.
    pub(crate) fn ask(server: SocketAddr, request: &[u8]) -> Self {
        let peer = Self::of(server);
        peer.asks(request);
        peer
    }

    pub(crate) fn asks(&self, request: &[u8]) {
        self.socket.send_to(request, self.server).unwrap();
    }

    /// To the TID.
    #[track_caller]
    pub(crate) fn says(&self, packet: &[u8]) {
        self.socket.send_to(packet, self.tid.get().expect("nobody has answered yet")).unwrap();
    }

    pub(crate) fn acks(&self, block: u16) {
        self.says(&numbered(4, block, &[]));
    }

    pub(crate) fn sends(&self, block: u16, bytes: &[u8]) {
        self.says(&numbered(3, block, bytes));
    }

    /// The next packet; the first one decides who the peer is.
    #[track_caller]
    pub(crate) fn hears(&self) -> Vec<u8> {
        let mut bytes = vec![0; 65_536];
        let (length, from) = self.socket.recv_from(&mut bytes).expect("nothing comes");
        let tid = self.tid.get().unwrap_or(from);
        self.tid.set(Some(tid));
        assert_eq!(tid, from, "it comes from another port");
        bytes.truncate(length);
        bytes
    }

    #[track_caller]
    pub(crate) fn hears_data(&self, block: u16) -> Vec<u8> {
        let packet = self.hears();
        assert!(packet.starts_with(&numbered(3, block, &[])), "{}", packet.escape_ascii());
        packet[4..].to_vec()
    }

    #[track_caller]
    pub(crate) fn hears_ack(&self, block: u16) {
        let packet = self.hears();
        assert!(packet == numbered(4, block, &[]), "{}", packet.escape_ascii());
    }

    #[track_caller]
    pub(crate) fn hears_oack(&self, pairs: &str) {
        let packet = self.hears();
        let wanted = [b"\0\x06", pairs.as_bytes()].concat();
        assert!(packet == wanted, "{}", packet.escape_ascii());
    }

    /// Its words end with a NUL, and there is one.
    #[track_caller]
    pub(crate) fn hears_error(&self, code: u16) -> String {
        let packet = self.hears();
        assert!(packet.starts_with(&numbered(5, code, &[])), "{}", packet.escape_ascii());
        let words = packet[4..].strip_suffix(&[0]).expect("words end with a NUL");
        assert!(!words.contains(&0) && !words.is_empty(), "{}", packet.escape_ascii());
        String::from_utf8(words.to_vec()).unwrap()
    }

    /// Nothing has come that was not heard; of what was said before another peer's question was
    /// answered by the same worker, the answer would be here.
    #[track_caller]
    pub(crate) fn has_heard_all(&self) {
        self.socket.set_nonblocking(true).unwrap();
        let mut bytes = [0; 600];
        let more = self.socket.recv(&mut bytes).ok().map(|length| bytes[..length].to_vec());
        self.socket.set_nonblocking(false).unwrap();
        assert!(more.is_none(), "{}", more.unwrap().escape_ascii());
    }
}

/// Opcode, number, the rest.
pub(crate) fn numbered(opcode: u8, number: u16, rest: &[u8]) -> Vec<u8> {
    [&[0, opcode], &number.to_be_bytes()[..], rest].concat()
}

/// RRQ or WRQ with options, `name=value` each.
pub(crate) fn request(opcode: u8, name: &str, mode: &str, options: &[&str]) -> Vec<u8> {
    let mut bytes = vec![0, opcode];
    for word in [name, mode].into_iter().chain(options.iter().flat_map(|one| one.split('='))) {
        bytes.extend_from_slice(word.as_bytes());
        bytes.push(0);
    }
    bytes
}
