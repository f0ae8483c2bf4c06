//! A client that says exactly these bytes.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};

use capstone_tftp::wire::{Answer, Code, NONE, Request, Version};

pub(crate) struct Peer(pub(crate) TcpStream);

/// `length` bytes that repeat nowhere.
pub(crate) fn content(length: usize) -> Vec<u8> {
    let word = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    let mut bytes: Vec<u8> = (1..=length as u64 / 8 + 1).flat_map(word).collect();
    bytes.truncate(length);
    bytes
}

pub(crate) fn get(name: &[u8], checksum: bool) -> Vec<u8> {
    Request::Get { checksum, offset: 0, version: NONE, name }.to_bytes()
}

pub(crate) fn put(name: &[u8], size: usize) -> Vec<u8> {
    Request::Put { checksum: true, size: size as u64, name }.to_bytes()
}

pub(crate) fn done(content: &[u8]) -> Vec<u8> {
    Request::Done { checksum: Some(crc32fast::hash(content)) }.to_bytes()
}

impl Peer {
    pub(crate) fn to(at: SocketAddr) -> Self {
        Self(testkit::peer::connect(at).unwrap())
    }

    pub(crate) fn says(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    pub(crate) fn take(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// The next frame, without its length.
    pub(crate) fn frame(&mut self) -> Vec<u8> {
        let length = self.take(4);
        self.take(u32::from_be_bytes(length.try_into().unwrap()) as usize)
    }

    /// The next frame is this one.
    #[track_caller]
    pub(crate) fn hears(&mut self, answer: &Answer<'_>) {
        let frame = self.frame();
        assert_eq!(Answer::parse(&frame).as_ref(), Ok(answer), "{}", frame.escape_ascii());
    }

    /// The next frame says no, for this reason.
    #[track_caller]
    pub(crate) fn is_refused(&mut self, wanted: Code) {
        let frame = self.frame();
        match Answer::parse(&frame) {
            Ok(Answer::No { code, text }) if code == wanted => assert!(!text.is_empty()),
            other => panic!("{other:?}, not {wanted:?}"),
        }
    }

    /// Size and version are said.
    #[track_caller]
    pub(crate) fn found(&mut self) -> (u64, Version) {
        let frame = self.frame();
        match Answer::parse(&frame) {
            Ok(Answer::Get { size, version }) => (size, version),
            other => panic!("{other:?}"),
        }
    }

    /// A whole file comes.
    #[track_caller]
    pub(crate) fn gets(&mut self, content: &[u8], checksum: bool) {
        let (size, _) = self.found();
        assert_eq!(size, content.len() as u64);
        assert!(self.take(content.len()) == content, "other bytes");
        let checksum = checksum.then(|| crc32fast::hash(content));
        self.hears(&Answer::Done { checksum });
    }

    /// Still an ordinary conversation.
    #[track_caller]
    pub(crate) fn quits(mut self) {
        self.says(&Request::Quit.to_bytes());
        self.hears(&Answer::Bye);
        self.ends();
    }

    /// Nothing comes any more.
    #[track_caller]
    pub(crate) fn ends(mut self) {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"", "{}", rest.escape_ascii());
    }

    pub(crate) fn half_closes(&self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }
}
