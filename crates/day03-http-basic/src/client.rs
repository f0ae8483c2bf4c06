//! The other side: how a client finds the end of a response.

use std::io::{self, Read as _};
use std::net::TcpStream;

/// What has come, and was not used yet.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    came: Vec<u8>,
}

impl Client {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, came: Vec::new() }
    }

    /// One response, its head and its body. The head ends at the empty line; how long the body is
    /// stands in Content-Length, and only there: the connection stays open behind it. HEAD is
    /// the exception: the length is told and nothing follows.
    pub(crate) fn response(&mut self, to_head: bool) -> io::Result<(String, Vec<u8>)> {
        let end = loop {
            match self.came.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => self.more()?,
            }
        };
        let head = String::from_utf8_lossy(&self.came[..end]).into_owned();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let length = length.and_then(|n| n.parse().ok()).filter(|_| !to_head).unwrap_or(0);
        while self.came.len() < end + length {
            self.more()?;
        }
        let body = self.came[end..end + length].to_vec();
        self.came.drain(..end + length);
        Ok((head, body))
    }

    /// Everything up to the end of the connection.
    pub(crate) fn rest(mut self) -> io::Result<Vec<u8>> {
        self.stream.read_to_end(&mut self.came)?;
        Ok(self.came)
    }

    fn more(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4096];
        match self.stream.read(&mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                self.came.extend_from_slice(&bytes[..n]);
                Ok(())
            }
        }
    }
}

/// Bytes as they travel: each line on a line of its own, with the end that it really has.
pub(crate) fn shown(arrow: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.replace('\r', "\\r").replace('\n', "\\n");
        format!("  {arrow} {line}\n")
    });
    lines.collect()
}
