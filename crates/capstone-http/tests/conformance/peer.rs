//! A client that says exactly these bytes, and reads answers by the book.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};

pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    /// What was read beyond the last answer.
    rest: Vec<u8>,
    answers: u32,
}

/// An answer that has come whole.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// `length` bytes that repeat nowhere.
pub(crate) fn content(length: usize) -> Vec<u8> {
    let word = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    let mut bytes: Vec<u8> = (1..=length as u64 / 8 + 1).flat_map(word).collect();
    bytes.truncate(length);
    bytes
}

/// A GET for HTTP/1.1.
pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")
}

impl Heard {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn text(&self) -> String {
        self.body.escape_ascii().to_string()
    }
}

impl Peer {
    pub(crate) fn to(at: SocketAddr) -> Self {
        Self::of(testkit::peer::connect(at).unwrap())
    }

    pub(crate) fn says(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// The next answer to a request that was not HEAD.
    #[track_caller]
    pub(crate) fn hears(&mut self) -> Heard {
        self.try_to_hear(false).unwrap()
    }

    #[track_caller]
    pub(crate) fn hears_head(&mut self) -> Heard {
        self.try_to_hear(true).unwrap()
    }

    pub(crate) fn try_to_hear(&mut self, bodiless: bool) -> io::Result<Heard> {
        let end = loop {
            let end = self.rest.windows(4).position(|four| four == b"\r\n\r\n");
            match end {
                Some(end) => break end + 4,
                None => self.more()?,
            }
        };
        let head: Vec<u8> = self.rest.drain(..end).collect();
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 "), "{head}");
        let status = head[9..12].parse().unwrap();
        let mut heard = Heard { status, head, body: Vec::new() };
        let is_empty = bodiless || status < 200 || status == 204 || status == 304;
        assert!(status < 200 || heard.field("Date").is_some(), "{heard:?}");
        let length =
            if is_empty { 0 } else { heard.field("Content-Length").unwrap().parse().unwrap() };
        while self.rest.len() < length {
            self.more()?;
        }
        self.answers += 1;
        heard.body = self.rest.drain(..length).collect();
        Ok(heard)
    }

    /// So many bytes, and not more than that.
    pub(crate) fn take(&mut self, length: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.rest.drain(..length.min(self.rest.len())).collect();
        let start = bytes.len();
        bytes.resize(length, 0);
        self.stream.read_exact(&mut bytes[start..]).unwrap();
        bytes
    }

    fn more(&mut self) -> io::Result<()> {
        let mut bytes = vec![0; 64 << 10];
        match self.stream.read(&mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                self.rest.extend_from_slice(&bytes[..n]);
                Ok(())
            }
        }
    }

    /// The server has ended the connection, and there was nothing more.
    #[track_caller]
    pub(crate) fn ends(mut self) {
        self.stream.read_to_end(&mut self.rest).unwrap();
        assert!(self.rest.is_empty(), "{}", self.rest.escape_ascii());
    }

    /// The same, where the server may not have read all that was said: a reset is an end, too.
    #[track_caller]
    pub(crate) fn ends_somehow(mut self) {
        let _ = self.stream.read_to_end(&mut self.rest);
        assert!(self.rest.is_empty(), "{}", self.rest.escape_ascii());
    }

    /// No more requests will come.
    pub(crate) fn closes(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Asks for a file and gets it.
    #[track_caller]
    pub(crate) fn gets(&mut self, path: &str, content: &[u8]) {
        self.says(get(path));
        let heard = self.hears();
        assert_eq!(heard.status, 200, "{heard:?}");
        assert!(heard.body == content, "{} other bytes", heard.body.len());
    }
}

impl Peer {
    pub(crate) fn of(stream: TcpStream) -> Self {
        Self { stream, rest: Vec::new(), answers: 0 }
    }

    pub(crate) fn try_to_say(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())
    }

    pub(crate) fn has_been_answered(&self) -> bool {
        self.answers > 0
    }
}
